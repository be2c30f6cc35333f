// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/dialogue_task.h"

#include "base/hash.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace gradus::data {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kOrderSeed = 2;

/// Turns of a dialogue as text, and how many there are.
struct Speech
{
    std::string text;
    std::size_t turns = 0;
};

std::string turn(bool human, const std::string& text)
{
    return (human ? "\n\nHuman: " : "\n\nAssistant: ") + text;
}

/// The string under the first of two names; nullptr where neither holds one.
const std::string* textUnder(const Json& message, const char* name, const char* otherName)
{
    for (const char* key : {name, otherName}) {
        const auto found = message.find(key);
        if (found != message.end() && found->is_string()) return found->get_ptr<const std::string*>();
    }
    return nullptr;
}

/// Whether the cell is one message or a list of them; then speech is what they say.
bool readMessages(const std::string& cell, Speech& speech)
{
    if (!cell.starts_with('{') && !cell.starts_with('[')) return false;
    const Json parsed = Json::parse(cell, nullptr, false);
    const Json messages = parsed.is_object() ? Json::array({parsed}) : parsed;
    if (!messages.is_array() || messages.empty()) return false;
    Speech said;
    for (const Json& message : messages) {
        if (!message.is_object()) return false;
        const std::string* content = textUnder(message, "content", "value");
        const std::string* role = textUnder(message, "role", "from");
        if (content == nullptr || role == nullptr) return false;
        said.text += turn(*role == "user" || *role == "human" || *role == "system", *content);
        ++said.turns;
    }
    speech = std::move(said);
    return true;
}

/// A cell as turns; plain text is one turn of that speaker.
Speech speechOf(const std::string& cell, bool human, bool messages)
{
    Speech speech;
    if (messages && readMessages(cell, speech)) return speech;
    return {turn(human, cell), 1};
}

Result<RawItems> pairsOf(const Table& table, const std::vector<std::size_t>& columns, bool messages)
{
    RawItems read;
    for (const Row& row : table.rows) {
        std::vector<std::string> cells;
        for (const std::size_t column : columns) {
            auto cell = cellText(table, row, column);
            if (!cell) return cell.error();
            cells.push_back(std::move(*cell));
        }
        const Speech prompt = speechOf(cells[0], true, messages);
        const auto whole = [&](const std::string& cell) {
            Speech answer = speechOf(cell, false, messages);
            return answer.turns > 1 ? answer.text : prompt.text + answer.text;
        };
        std::string chosen = whole(cells[1]);
        std::string rejected = whole(cells[2]);
        if (chosen == rejected) {
            ++read.leftOut;
            continue;
        }
        RawItem item;
        item.group = prompt.text;
        item.truth = static_cast<int>(splitHash(chosen + '\x1F' + rejected, kOrderSeed) & 1U);
        item.texts = {std::move(chosen), std::move(rejected)};
        if (item.truth == 1) std::swap(item.texts[0], item.texts[1]);
        read.items.push_back(std::move(item));
    }
    return read;
}

Result<RawItems> messagePairs(const Table& table, const std::vector<std::size_t>& columns)
{
    return pairsOf(table, columns, true);
}

Result<RawItems> textPairs(const Table& table, const std::vector<std::size_t>& columns)
{
    return pairsOf(table, columns, false);
}

Result<RawItems> labelledPairs(const Table& table, const std::vector<std::size_t>& columns)
{
    RawItems read;
    for (const Row& row : table.rows) {
        std::vector<std::string> cells;
        for (const std::size_t column : columns) {
            auto cell = cellText(table, row, column);
            if (!cell) return cell.error();
            cells.push_back(std::move(*cell));
        }
        if (cells[3] != "1" && cells[3] != "2") {
            Error error = badInput(visible(table.file) + " line " + std::to_string(row.line) + ": column \"" +
                                   visible(table.columns[columns[3]], 60) + "\" holds \"" + visible(cells[3], 40) +
                                   "\": it should be 1 or 2, the better output's number.");
            error.line = row.line;
            return error;
        }
        if (cells[1] == cells[2]) {
            ++read.leftOut;
            continue;
        }
        RawItem item;
        item.group = cells[0];
        item.truth = cells[3] == "1" ? 0 : 1;
        item.texts = {turn(true, cells[0]) + turn(false, cells[1]), turn(true, cells[0]) + turn(false, cells[2])};
        read.items.push_back(std::move(item));
    }
    return read;
}

Template pairTemplate(const char* name, Result<RawItems> (*items)(const Table&, const std::vector<std::size_t>&))
{
    return {.name = name,
            .roles = {"prompt", "chosen", "rejected"},
            .read = Read::Compare,
            .classes = 2,
            .leftOutBecause = "their two answers are equal",
            .items = items};
}

} // namespace

Template ultrafeedbackTemplate()
{
    return pairTemplate("ultrafeedback", &messagePairs);
}

Template rewardBenchTemplate()
{
    return pairTemplate("rewardbench", &textPairs);
}

Template llmbarTemplate()
{
    return {.name = "llmbar",
            .roles = {"input", "output_1", "output_2", "label"},
            .read = Read::Compare,
            .classes = 2,
            .leftOutBecause = "their two outputs are equal",
            .items = &labelledPairs};
}

} // namespace gradus::data
