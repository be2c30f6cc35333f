// SPDX-License-Identifier: GPL-3.0-or-later
// Parquet, through an optional module that is loaded when the first such file is read.
#pragma once

#include "data/table.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace gradus::data {

/// Empty where Parquet files can be read here, else why not and the cure, as a clause.
std::string parquetAbsence();

/// Columns and cells as parseJsonl gives them: lists and groups are JSON text, null is an absent cell, and so are bytes
/// that are no text. Row::line counts rows. Bad input, with the cure: no module was built, or the file is no whole
/// Parquet file, unpacks to over 2 GiB, has over 1,000 columns, a cell over 16 MiB, or nests deeper than 64.
Result<Table> readParquet(const std::filesystem::path& path);

/// The same in parts of about partBytes of cells, in the file's order, so that files larger than memory can be read:
/// the bound of 2 GiB is then one on each group of rows. take has each part, with rows counted through the whole file;
/// what it returns ends the reading. A file without rows gives one part without any.
Result<void> eachParquetPart(const std::filesystem::path& path, std::size_t partBytes,
                             const std::function<Result<void>(Table& part)>& take);

} // namespace gradus::data
