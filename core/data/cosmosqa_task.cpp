// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/cosmosqa_task.h"

#include "base/hash.h"
#include "base/text.h"

#include <array>

namespace gradus::data {

namespace {

constexpr std::uint64_t kCoinSeed = 3;
constexpr std::uint64_t kDistractorSeed = 4;
constexpr std::size_t kAnswers = 4;
constexpr const char* kNone = "None of the above choices";

Error rowError(const Table& table, const Row& row, const std::string& what)
{
    Error error = badInput(visible(table.file) + " line " + std::to_string(row.line) + ": " + what + ".");
    error.line = row.line;
    return error;
}

Result<std::size_t> labelOf(const Table& table, const Row& row, std::size_t column)
{
    const auto text = cellText(table, row, column);
    if (!text) return text.error();
    if (text->size() == 1 && (*text)[0] >= '0' && (*text)[0] < '0' + static_cast<int>(kAnswers))
        return static_cast<std::size_t>((*text)[0] - '0');
    return rowError(table, row,
                    "column \"" + visible(table.columns[column], 60) + "\" holds \"" + visible(*text, 40) +
                        "\": it should be 0, 1, 2 or 3, the number of the right answer");
}

Result<RawItem> itemOf(const Table& table, const Row& row, const std::vector<std::size_t>& columns)
{
    std::array<std::string, 2 + kAnswers> texts; // context, question, answers
    std::string whole;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto text = cellText(table, row, columns[i]);
        if (!text) return text.error();
        texts[i] = std::move(*text);
        whole += texts[i] + '\x1F';
    }
    const auto label = labelOf(table, row, columns.back());
    if (!label) return label.error();
    const std::string& right = texts[2 + *label];
    std::vector<std::string> wrong;
    for (std::size_t i = 0; i < kAnswers; ++i)
        if (texts[2 + i] != right) wrong.push_back(texts[2 + i]);
    if (wrong.empty()) return rowError(table, row, "its four answers are equal: take the row out");
    const bool none = right.find(kNone) != std::string::npos;
    RawItem item;
    item.truth = !none && (splitHash(whole, kCoinSeed) & 1U) == 1 ? 1 : 0;
    const std::string& answer = item.truth == 1 ? right : wrong[splitHash(whole, kDistractorSeed) % wrong.size()];
    item.texts = {"Context: " + texts[0] + "\nQuestion: " + texts[1] + "\nAnswer: " + answer};
    item.group = texts[0];
    return item;
}

Result<RawItems> itemsOf(const Table& table, const std::vector<std::size_t>& columns)
{
    RawItems read;
    for (const Row& row : table.rows) {
        auto item = itemOf(table, row, columns);
        if (!item) return item.error();
        read.items.push_back(std::move(*item));
    }
    return read;
}

} // namespace

Template cosmosqaTemplate()
{
    return {.name = "cosmosqa",
            .roles = {"context", "question", "answer0", "answer1", "answer2", "answer3", "label"},
            .read = Read::Classify,
            .classes = 2,
            .leftOutBecause = {},
            .items = &itemsOf};
}

} // namespace gradus::data
