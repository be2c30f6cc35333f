// SPDX-License-Identifier: GPL-3.0-or-later
// A file of rows read a part at a time, so that files larger than memory can be.
#pragma once

#include "data/table.h"

#include <cstddef>
#include <filesystem>
#include <functional>

namespace gradus::data {

/// Calls take with the rows of a file in their order, about partBytes of text at a time: what stands in memory is a few
/// times that, whatever the file's size (of Parquet, a packed group of rows beside it). Every part has the columns of
/// the whole file (JSON Lines are read twice for that) and lines of the whole file. A file of at most partBytes (of
/// Parquet, unpacked) is one part. Bad input as readTable, but without its bound on the file; what take returns ends
/// it.
Result<void> eachPart(const std::filesystem::path& path, std::size_t partBytes,
                      const std::function<Result<void>(const Table& part)>& take);

} // namespace gradus::data
