// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/preferences_task.h"

#include "data/dialogue.h"

#include <algorithm>

namespace gradus::data {

namespace {

enum RoleNumber : std::size_t
{
    Chosen,
    Rejected,
    Prompt,
    ScoreChosen,
    ScoreRejected,
};

std::string promptOf(const std::string& chosen, const std::string& rejected)
{
    const std::size_t turn = chosen.rfind("\n\nAssistant:");
    if (turn != std::string::npos) return chosen.substr(0, turn);
    const auto shorter = static_cast<std::ptrdiff_t>(std::min(chosen.size(), rejected.size()));
    const auto differ = std::mismatch(chosen.begin(), chosen.begin() + shorter, rejected.begin()).first;
    return {chosen.begin(), differ};
}

std::optional<std::string> optionalCell(const Row& row, const std::vector<CellPath>& places)
{
    return places.empty() ? std::nullopt : cellAt(row, places.front());
}

std::string plain(const std::optional<std::string>& prompt, const std::string& answer)
{
    return plainlyAnswered(prompt.value_or(""), answer);
}

/// read: an answer after its prompt.
template <std::string (*read)(const std::optional<std::string>&, const std::string&)>
Result<RawItems> itemsOf(const Table& table, const RoleCells& cells)
{
    const bool prompts = !cells[Prompt].empty();
    RawItems items;
    for (const Row& row : table.rows) {
        std::optional<std::string> prompt;
        if (prompts) {
            auto text = cellText(table, row, cells[Prompt].front());
            if (!text) return text.error();
            prompt = std::move(*text);
        }
        const auto better = cellText(table, row, cells[Chosen].front());
        if (!better) return better.error();
        const auto worse = cellText(table, row, cells[Rejected].front());
        if (!worse) return worse.error();
        std::string chosen = read(prompt, *better);
        std::string rejected = read(prompt, *worse);
        const auto score = optionalCell(row, cells[ScoreChosen]);
        if (chosen == rejected || (score && score == optionalCell(row, cells[ScoreRejected]))) {
            ++items.leftOut;
            continue;
        }
        std::string group = prompt ? std::move(*prompt) : promptOf(chosen, rejected);
        items.items.push_back(pairItem(std::move(chosen), std::move(rejected), std::move(group)));
        items.items.back().line = row.line;
    }
    return items;
}

Template pairs(std::string name, std::string about, Role::Need prompt, decltype(Template::items) items)
{
    return {.name = std::move(name),
            .about = std::move(about),
            .roles = {{"chosen"},
                      {"rejected"},
                      {"prompt", prompt},
                      {"score_chosen", Role::Need::Optional},
                      {"score_rejected", Role::Need::Optional}},
            .read = Read::Compare,
            .classes = 2,
            .leftOutBecause = "their two texts or scores are equal",
            .items = items};
}

} // namespace

Template preferencesTemplate()
{
    return pairs("preferences", "two answers, of which one was chosen", Role::Need::Optional, &itemsOf<answered>);
}

Template rewardBenchTemplate()
{
    return pairs("rewardbench", "a prompt and two answers, of which one was chosen", Role::Need::One, &itemsOf<plain>);
}

} // namespace gradus::data
