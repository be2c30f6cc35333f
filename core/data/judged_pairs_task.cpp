// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/judged_pairs_task.h"

#include "base/text.h"
#include "data/dialogue.h"

#include <algorithm>
#include <array>

namespace gradus::data {

namespace {

constexpr std::array<std::string_view, 5> kFirst{"1", "a", "A", "left", "model_a"};
constexpr std::array<std::string_view, 5> kSecond{"2", "b", "B", "right", "model_b"};
constexpr std::array<std::string_view, 4> kTie{"0", "tie", "both", ""};

bool among(const auto& words, const std::string& word)
{
    return std::ranges::find(words, word) != words.end();
}

Result<RawItems> itemsOf(const Table& table, const RoleCells& cells)
{
    RawItems read;
    for (const Row& row : table.rows) {
        const auto prompt = cellText(table, row, cells[0].front());
        if (!prompt) return prompt.error();
        std::array<std::string, 2> answers;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto answer = cellText(table, row, cells[1 + i].front());
            if (!answer) return answer.error();
            answers[i] = plainlyAnswered(*prompt, *answer);
        }
        const std::string label = cellAt(row, cells[3].front()).value_or("");
        if (!among(kFirst, label) && !among(kSecond, label) && !among(kTie, label)) {
            Error error = badInput(placeOf(table, row) + ": \"" + visible(cells[3].front().name, 60) + "\" is \"" +
                                   visible(label, 40) + "\": write 1 or 2 for the better answer, 0 for a tie.");
            error.line = row.line;
            return error;
        }
        if (among(kTie, label) || answers[0] == answers[1]) {
            ++read.leftOut;
            continue;
        }
        if (among(kSecond, label)) std::swap(answers[0], answers[1]);
        read.items.push_back(pairItem(std::move(answers[0]), std::move(answers[1]), *prompt));
        read.items.back().line = row.line;
    }
    return read;
}

} // namespace

Template judgedPairsTemplate()
{
    return {.name = "judged-pairs",
            .about = "a prompt, two answers side by side and a judge's label",
            .roles = {{"input"}, {"output_1"}, {"output_2"}, {"label"}},
            .read = Read::Compare,
            .classes = 2,
            .leftOutBecause = "they are ties or their two answers are equal",
            .items = &itemsOf};
}

} // namespace gradus::data
