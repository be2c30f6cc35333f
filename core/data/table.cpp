// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/table.h"

#include "base/files.h"
#include "base/text.h"
#include "data/csv.h"
#include "data/jsonl.h"
#include "data/parquet_table.h"

#include <algorithm>

namespace gradus::data {

namespace {

Result<Table> readText(const std::filesystem::path& path, bool lines)
{
    const Result<std::string> text = readFile(path);
    if (!text) return text.error();
    return lines ? parseJsonl(*text, path.string()) : parseCsv(*text, path.string());
}

} // namespace

Result<Table> readTable(const std::filesystem::path& path)
{
    const std::string extension = path.extension().string();
    const bool lines = extension == ".jsonl" || extension == ".ndjson";
    const bool parquet = extension == ".parquet";
    if (!lines && !parquet && extension != ".csv")
        return badInput("Cannot tell the format of " + visible(path.string()) +
                        " by its name: it should end in .csv, .jsonl, .ndjson or .parquet.");
    Result<Table> table = parquet ? readParquet(path) : readText(path, lines);
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

std::string columnNames(const Table& table)
{
    std::string names;
    for (const std::string& name : table.columns)
        names += (names.empty() ? "" : ", ") + visible(name, 60);
    return names;
}

std::string placeOf(const Table& table, const Row& row)
{
    return visible(table.file) + " " + table.unit + " " + std::to_string(row.line);
}

} // namespace gradus::data
