// SPDX-License-Identifier: GPL-3.0-or-later
// Where a value stands in a row: a column, or a key inside a column of JSON objects.
#pragma once

#include "data/table.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

struct CellPath
{
    std::size_t column = 0;
    std::vector<std::string> keys = {}; ///< empty: the whole cell
    std::string name = {};              ///< as it was asked for: "gpt.solution"
};

/// The longest beginning of the path that is a column's name; what follows the next points are keys.
std::optional<CellPath> findCell(const Table& table, const std::string& path);
/// The same for what must be there. role is what the task needs it for: the error names the columns that are there and
/// the key that renames them.
Result<CellPath> cellPath(const Table& table, const std::string& path, const std::string& role);

/// The value: text as it is, anything else as JSON text; none where the row has none or null, or where a key is asked of
/// JSON that nests deeper than kDeepestRecord.
std::optional<std::string> cellAt(const Row& row, const CellPath& path);
/// The same for what must be there. The error names file and line.
Result<std::string> cellText(const Table& table, const Row& row, const CellPath& path);

} // namespace gradus::data
