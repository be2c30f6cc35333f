// SPDX-License-Identifier: GPL-3.0-or-later
// How fast this machine stores points while somebody reads them: behind `gradus bench store`.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>

namespace gradus::store {

struct StoreBench
{
    std::int64_t points = 0;
    double rowsPerSecond = 0;          ///< first point logged until everything is committed with synchronous=FULL
    double callerMicroseconds = 0;     ///< mean time of sink.point() as the run sees it
    double readerPollMilliseconds = 0; ///< mean time of a poll for new points beside the writer
    double worstPollMilliseconds = 0;
    std::int64_t pointsRead = 0; ///< by the live reader; must equal points
    double listMilliseconds = 0; ///< reading the list of runs afterwards
    double bytesPerPoint = 0;
};

/// Writes that many points (10 series) into a new store at path, which must not exist, with a reader polling every
/// 16 ms. The store stays.
Result<StoreBench> benchStore(const std::filesystem::path& path, std::int64_t points);

} // namespace gradus::store
