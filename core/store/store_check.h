// SPDX-License-Identifier: GPL-3.0-or-later
// Is a store sound, and can a copy of it be put aside: behind `gradus store check` and `gradus store backup`.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::store {

struct CheckReport
{
    std::vector<std::string> damage; ///< one sentence each; empty: all rows are sound
    bool pyramidIsRight = true;      ///< derived data; `store check` can rebuild it
    std::int64_t formatVersion = 0;
    std::int64_t runs = 0;
    std::int64_t points = 0;
    std::int64_t bytes = 0;

    bool sound() const { return damage.empty() && pyramidIsRight; }
};

/// Reads the whole store: pages, indices, references, pyramid. Writes nothing. Bad input when it cannot be opened.
Result<CheckReport> checkStore(const std::filesystem::path& path);

/// Recomputes the pyramid from the points. Safe while others read and write.
Result<void> repairPyramid(const std::filesystem::path& path);

/// A complete copy of a store that may be in use, complete or absent. Bad input when `to` exists.
Result<void> backupStore(const std::filesystem::path& path, const std::filesystem::path& to);

} // namespace gradus::store
