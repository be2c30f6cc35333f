// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/table.h"

#include "base/files.h"
#include "base/text.h"
#include "data/csv.h"
#include "data/jsonl.h"

#include <algorithm>

namespace gradus::data {

Result<Table> readTable(const std::filesystem::path& path)
{
    const std::string extension = path.extension().string();
    const bool lines = extension == ".jsonl" || extension == ".ndjson";
    if (!lines && extension != ".csv")
        return badInput("Cannot tell the format of " + visible(path.string()) +
                        " by its name: it should end in .csv, .jsonl or .ndjson.");
    const Result<std::string> text = readFile(path);
    if (!text) return text.error();
    Result<Table> table = lines ? parseJsonl(*text, path.string()) : parseCsv(*text, path.string());
    if (table && table->rows.empty())
        return badInput(visible(path.string()) + " holds no rows: put at least one example into it.");
    return table;
}

std::optional<std::size_t> findColumn(const Table& table, const std::string& column)
{
    const auto found = std::find(table.columns.begin(), table.columns.end(), column);
    if (found == table.columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - table.columns.begin());
}

Result<std::size_t> columnIndex(const Table& table, const std::string& column, const std::string& role)
{
    if (const auto found = findColumn(table, column)) return *found;
    std::string present;
    for (const std::string& name : table.columns)
        present += (present.empty() ? "" : ", ") + visible(name, 60);
    Error error =
        badInput(visible(table.file) + " has no column \"" + visible(column, 60) + "\", only " + visible(present, 400) +
                 ": name the right one with task.columns = { " + role + " = \"...\" }.");
    error.key = "task.columns";
    return error;
}

Result<std::string> cellText(const Table& table, const Row& row, std::size_t column)
{
    if (column < row.cells.size() && row.cells[column]) return *row.cells[column];
    return badInput(visible(table.file) + " line " + std::to_string(row.line) + " has no \"" +
                    visible(table.columns[column], 60) + "\": fill it in or take the row out.");
}

} // namespace gradus::data
