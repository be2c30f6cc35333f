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
    std::int64_t bytes = 0;     ///< of the cells of one part, unpacked, and of what the file says of a group of rows
    std::int64_t partBytes = 0; ///< a part is given away once it holds so much; from `bytes` on the file is one part
    std::int64_t cellBytes = 0; ///< of one cell
    std::int64_t columns = 0;
    int depth = 0; ///< of lists and groups inside a column
};

/// A part of a file, in its order. Text is taken as it is; numbers and truth values as JSON writes them; lists and
/// groups as JSON text; times as Arrow prints them; null as no cell.
struct ParquetRows
{
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows; ///< each as long as columns; none in a file without rows
};

/// What the parts go to. `take` throws nothing, may keep the rows, and ends the reading by false.
struct ParquetReceiver
{
    void* state = nullptr;
    bool (*take)(void* state, ParquetRows* part) = nullptr;
};

/// The module's only symbol. It throws nothing. `failure` stays empty, or says what is wrong and the cure, without the
/// file's name; parts may have been given before.
inline constexpr const char* kParquetEntry = "gradus_read_parquet";
using ReadParquet = void (*)(const char* path, const ParquetLimits* limits, const ParquetReceiver* receiver,
                             std::string* failure);

} // namespace gradus::data
