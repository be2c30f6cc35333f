// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/choices.h"

#include "base/text.h"
#include "data/cell_path.h"
#include "data/picks.h"
#include "data/table.h"

namespace gradus::data {

namespace {

constexpr int kAnswers = 4;

Result<ChoiceItem> itemOf(const Table& table, const Row& row, const std::vector<CellPath>& columns)
{
    std::vector<std::string> cells;
    for (const CellPath& column : columns) {
        auto cell = cellText(table, row, column);
        if (!cell) return cell.error();
        cells.push_back(std::move(*cell));
    }
    const std::string& label = cells.back();
    if (label.size() != 1 || label[0] < '0' || label[0] >= '0' + kAnswers)
        return badInput(placeOf(table, row) + ": the label is \"" + visible(label, 40) +
                        "\"; it should be 0, 1, 2 or 3, the number of the right answer.");
    ChoiceItem item;
    item.prompt = "Context: " + cells[0] + "\nQuestion: " + cells[1] + "\nAnswer:";
    for (int i = 0; i < kAnswers; ++i)
        item.answers.push_back(" " + cells[static_cast<std::size_t>(2 + i)]);
    item.truth = label[0] - '0';
    return item;
}

} // namespace

Result<std::vector<ChoiceItem>> readCosmosqaChoices(const std::filesystem::path& file, int limit)
{
    const auto table = readTable(file);
    if (!table) return table.error();
    std::vector<CellPath> columns;
    for (const char* name : {"context", "question", "answer0", "answer1", "answer2", "answer3", "label"}) {
        const auto column = cellPath(*table, name, name);
        if (!column) return column.error();
        columns.push_back(*column);
    }
    std::vector<ChoiceItem> items;
    for (const std::size_t pick : testPicks(table->rows.size(), limit)) {
        auto item = itemOf(*table, table->rows[pick], columns);
        if (!item) return item.error();
        items.push_back(std::move(*item));
    }
    if (items.empty()) return badInput(visible(file.string()) + " has no rows; give a file with at least one.");
    return items;
}

} // namespace gradus::data
