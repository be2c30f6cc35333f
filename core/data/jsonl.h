// SPDX-License-Identifier: GPL-3.0-or-later
// JSON Lines: one object a line.
#pragma once

#include "data/table.h"

#include <string>
#include <string_view>

namespace gradus::data {

/// Columns are the keys of all rows, in the order of first appearance. A string is taken as it is; numbers, truth
/// values, lists and objects as their JSON text; null as an absent cell. Blank lines and a byte order mark are
/// accepted. Bad input names the line: not JSON, not an object, invalid UTF-8, nested deeper than 64, longer than
/// 16 MiB, or a column count over 1,000. file is only used in messages.
Result<Table> parseJsonl(std::string_view text, const std::string& file);
/// Some lines of such a file, of which the first is its line `firstLine`; there may be no row among them.
Result<Table> parseJsonlRows(std::string_view text, const std::string& file, int firstLine);

} // namespace gradus::data
