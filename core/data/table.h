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
    int line = 0; ///< 1-based, where the row begins, in Table::unit
};

struct Table
{
    std::string file; ///< as given by the user; only used in messages
    std::vector<std::string> columns;
    std::vector<Row> rows;
    std::string unit = "line"; ///< what rows are counted in: lines of text, or "row"
};

/// Reads a CSV (.csv), JSON Lines (.jsonl, .ndjson) or Parquet (.parquet) file of at most 1 GiB. Bad input names file,
/// row and cure.
Result<Table> readTable(const std::filesystem::path& path);

/// Where a column stands; none if the table lacks it.
std::optional<std::size_t> findColumn(const Table& table, const std::string& column);
/// "chosen, rejected", as the file spells them: untrusted text.
std::string columnNames(const Table& table);

/// "train.csv line 3", for messages.
std::string placeOf(const Table& table, const Row& row);

} // namespace gradus::data
