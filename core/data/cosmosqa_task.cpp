// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/cosmosqa_task.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace gradus::data {

namespace {

constexpr std::uint64_t kCoinSeed = 3;
constexpr std::uint64_t kDistractorSeed = 4;
constexpr std::size_t kAnswers = 4;
constexpr const char* kNone = "None of the above choices";

Error rowError(const Table& table, const Row& row, const std::string& what)
{
    Error error = badInput(placeOf(table, row) + ": " + what + ".");
    error.line = row.line;
    return error;
}

Result<RawItem> binaryItem(const Table& table, const Row& row, const RoleCells& cells)
{
    const auto question = cosmosQuestion(table, row, cells);
    if (!question) return question.error();
    std::string whole = question->context + '\x1F' + question->text + '\x1F';
    for (const std::string& answer : question->answers)
        whole += answer + '\x1F';
    const std::string& right = question->answers[question->label];
    std::vector<std::string> wrong;
    for (const std::string& answer : question->answers)
        if (answer != right) wrong.push_back(answer);
    if (wrong.empty()) return rowError(table, row, "its four answers are equal: take the row out");
    const bool none = right.find(kNone) != std::string::npos;
    RawItem item;
    item.truth = !none && (splitHash(whole, kCoinSeed) & 1U) == 1 ? 1 : 0;
    const std::string& answer = item.truth == 1 ? right : wrong[splitHash(whole, kDistractorSeed) % wrong.size()];
    item.texts = {question->withAnswer(answer)};
    item.group = question->context;
    return item;
}

Result<RawItem> choiceItem(const Table& table, const Row& row, const RoleCells& cells)
{
    const auto question = cosmosQuestion(table, row, cells);
    if (!question) return question.error();
    RawItem item;
    for (const std::string& answer : question->answers)
        item.texts.push_back(question->withAnswer(answer));
    item.truth = static_cast<int>(question->label);
    item.group = question->context;
    return item;
}

template <Result<RawItem> (*itemOf)(const Table&, const Row&, const RoleCells&)>
Result<RawItems> itemsOf(const Table& table, const RoleCells& cells)
{
    RawItems read;
    for (const Row& row : table.rows) {
        auto item = itemOf(table, row, cells);
        if (!item) return item.error();
        item->line = row.line;
        read.items.push_back(std::move(*item));
    }
    return read;
}

} // namespace

std::string CosmosQuestion::prompt() const
{
    return "Context: " + context + "\nQuestion: " + text + "\nAnswer:";
}

const std::vector<Role>& cosmosRoles()
{
    static const std::vector<Role> all{{"context"}, {"question"}, {"answer0"}, {"answer1"},
                                       {"answer2"}, {"answer3"},  {"label"}};
    return all;
}

Result<CosmosQuestion> cosmosQuestion(const Table& table, const Row& row, const RoleCells& cells)
{
    std::array<std::string, 3 + kAnswers> texts; // context, question, answers, label
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto text = cellText(table, row, cells[i].front());
        if (!text) return text.error();
        texts[i] = std::move(*text);
    }
    const std::string& label = texts.back();
    if (label.size() != 1 || label[0] < '0' || label[0] >= '0' + static_cast<int>(kAnswers))
        return rowError(table, row,
                        "column \"" + visible(cells.back().front().name, 60) + "\" holds \"" + visible(label, 40) +
                            "\": it should be 0, 1, 2 or 3, the number of the right answer");
    CosmosQuestion question{std::move(texts[0]), std::move(texts[1]), {}, static_cast<std::size_t>(label[0] - '0')};
    std::move(texts.begin() + 2, texts.begin() + 2 + kAnswers, question.answers.begin());
    return question;
}

Template cosmosqaTemplate()
{
    return {.name = "cosmosqa",
            .about = "a context, a question and one answer: is the answer right",
            .roles = cosmosRoles(),
            .read = Read::Classify,
            .classes = 2,
            .leftOutBecause = {},
            .items = &itemsOf<binaryItem>};
}

Template cosmosqaChoicesTemplate()
{
    return {.name = "cosmosqa-choices",
            .about = "a context, a question and four answers: which one is right",
            .roles = cosmosRoles(),
            .read = Read::Compare,
            .classes = static_cast<int>(kAnswers),
            .leftOutBecause = {},
            .items = &itemsOf<choiceItem>};
}

} // namespace gradus::data
