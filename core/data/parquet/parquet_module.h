// SPDX-License-Identifier: GPL-3.0-or-later
// What passes between core/data and the optional module that reads Parquet with Arrow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

/// Above these a file is refused. What a file says of its own sizes is checked first and not believed afterwards.
struct ParquetLimits
{
    std::int64_t bytes = 0;     ///< of all cells together, unpacked
    std::int64_t cellBytes = 0; ///< of one cell
    std::int64_t columns = 0;
    int depth = 0; ///< of lists and groups inside a column
};

/// Filled by the module. Text is taken as it is; numbers and truth values as JSON writes them; lists and groups as JSON
/// text; times as Arrow prints them; null as no cell.
struct ParquetRows
{
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows; ///< each as long as columns
    std::string failure = {};                                  ///< what is wrong and the cure, without the file's name
};

/// The module's only symbol. It throws nothing. A failure leaves rows in an unspecified state.
inline constexpr const char* kParquetEntry = "gradus_read_parquet";
using ReadParquet = void (*)(const char* path, const ParquetLimits* limits, ParquetRows* out);

} // namespace gradus::data
