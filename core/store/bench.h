// SPDX-License-Identifier: GPL-3.0-or-later
// How fast this machine stores points while somebody reads them, and reads them back: behind `gradus bench store`.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace gradus::store {

struct StoreBenchShape
{
    std::int64_t points = 1'000'000; ///< over all runs and series
    int runs = 1;
    int series = 10;           ///< of each run; a step logs one point of each
    double stepsPerSecond = 0; ///< 0: as fast as it goes
};

struct StoreBench
{
    std::int64_t points = 0;
    double rowsPerSecond = 0;          ///< first point logged until everything is committed with synchronous=FULL
    double callerMicroseconds = 0;     ///< mean time of sink.point() as the run sees it
    double readerPollMilliseconds = 0; ///< mean time of a poll for new points beside the writer
    double worstPollMilliseconds = 0;
    std::int64_t pointsRead = 0;   ///< by the live reader of the first run
    double listMilliseconds = 0;   ///< reading the list of runs afterwards
    double readMilliseconds = 0;   ///< one series of the first run, whole, by a new reader
    std::int64_t readPoints = 0;   ///< in it
    double chartsMilliseconds = 0; ///< every series of every run as buckets for 2,000 pixels, by a new reader
    double bytesPerPoint = 0;
};

/// Writes that many points into a new store at path, which must not exist, with a reader polling every 16 ms. The store
/// stays. onStep is told of each step (over all runs, 1-based) once every point of it has been accepted; may be empty.
Result<StoreBench> benchStore(const std::filesystem::path& path, const StoreBenchShape& shape,
                              const std::function<void(std::int64_t)>& onStep = {});

} // namespace gradus::store
