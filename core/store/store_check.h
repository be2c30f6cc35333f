// SPDX-License-Identifier: GPL-3.0-or-later
// Is a store sound, and can a copy of it be put aside: behind `gradus store check` and `gradus store backup`.
#pragma once

#include "base/result.h"
#include "base/stop.h"

#include <cstdint>
#include <filesystem>
#include <functional>
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

/// Who follows a check. Called in the checking thread.
struct CheckWatch
{
    /// Before each step: "pages and indices", how many are done, of how many.
    std::function<void(const char* step, int done, int of)> begun = {};
    const StopFlag* stop = nullptr; ///< asked within steps too
};

/// Reads the whole store: pages, indices, references, pyramid. Writes nothing. Bad input when it cannot be opened;
/// Stopped when it was asked to stop.
Result<CheckReport> checkStore(const std::filesystem::path& path, const CheckWatch& watch = {});

/// Recomputes the pyramid from the points. Safe while others read and write.
Result<void> repairPyramid(const std::filesystem::path& path);

/// A complete copy of a store that may be in use, complete or absent. Bad input when `to` exists.
Result<void> backupStore(const std::filesystem::path& path, const std::filesystem::path& to);

} // namespace gradus::store
