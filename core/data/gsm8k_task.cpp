// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/gsm8k_task.h"

#include "base/text.h"
#include "data/answers.h"

namespace gradus::data {

namespace {

Result<RawItems> itemsOf(const Table& table, const RoleCells& cells)
{
    RawItems read;
    for (const Row& row : table.rows) {
        const auto question = cellText(table, row, cells[0].front());
        if (!question) return question.error();
        const auto reference = cellText(table, row, cells[1].front());
        if (!reference) return reference.error();
        const auto right = lastNumber(*reference);
        if (!right) {
            Error error = badInput(placeOf(table, row) + ": \"" + visible(cells[1].front().name, 60) +
                                   "\" holds no number: a reference ends in the result.");
            error.line = row.line;
            return error;
        }
        for (const CellPath& place : cells[2]) {
            const auto solution = cellAt(row, place);
            if (!solution || solution->empty()) {
                ++read.leftOut;
                continue;
            }
            RawItem item;
            item.texts = {"Question: " + *question + "\nSolution: " + *solution};
            item.truth = lastNumber(*solution) == right ? 1 : 0;
            item.line = row.line;
            item.group = *question;
            read.items.push_back(std::move(item));
        }
    }
    return read;
}

} // namespace

Template gsm8kSolutionsTemplate()
{
    return {.name = "gsm8k-solutions",
            .about = "a problem with its reference and a worked solution: is the solution right",
            .roles = {{"question"}, {"answer"}, {"solution", Role::Need::Many}},
            .read = Read::Classify,
            .classes = 2,
            .leftOutBecause = "they have no solution",
            .items = &itemsOf};
}

} // namespace gradus::data
