// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values as RFC 4180 writes them.
#pragma once

#include "data/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradus::data {

/// The first record names the columns. Quoted fields may hold commas, line ends and doubled quotes; LF and CRLF end a
/// record; a byte order mark, a missing last line end and blank lines are accepted. Bad input: a quote that is not
/// closed, or stands inside a bare field, or is followed by text; a record of another length; a repeated column.
/// Messages name line and column (both 1-based, in bytes). file is only used in messages.
Result<Table> parseCsv(std::string_view text, const std::string& file);
/// Some records of such a file after its first, which named the columns; the text begins at its line `firstLine`.
Result<Table> parseCsvRows(std::string_view text, const std::string& file, std::vector<std::string> columns,
                           int firstLine);

} // namespace gradus::data
