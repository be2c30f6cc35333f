// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of text cells read from a file, whatever the format, with the line each row began on.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

/// A row's cells in the order of Table::columns; nothing where the row does not have that column.
struct Row
{
    std::vector<std::optional<std::string>> cells;
    int line = 0; ///< 1-based line of the file on which the row begins
};

struct Table
{
    std::string file; ///< as given by the user; only used in messages
    std::vector<std::string> columns;
    std::vector<Row> rows;
};

/// Reads a CSV (.csv) or JSON Lines (.jsonl, .ndjson) file of at most 1 GiB. Bad input names file, row and cure.
Result<Table> readTable(const std::filesystem::path& path);

/// Where a column stands; none if the table lacks it.
std::optional<std::size_t> findColumn(const Table& table, const std::string& column);
/// Where a column stands that must be there. role is what the task needs it for: the error names the columns that are
/// there and the key that renames them.
Result<std::size_t> columnIndex(const Table& table, const std::string& column, const std::string& role);

/// The cell's text. The error names file and line.
Result<std::string> cellText(const Table& table, const Row& row, std::size_t column);

} // namespace gradus::data
