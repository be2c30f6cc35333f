// SPDX-License-Identifier: GPL-3.0-or-later
// Curves of runs in the store, for a lane to show behind a draft's: what was drawn, and what was really taken.
#pragma once

#include "base/result.h"
#include "schedule/curve.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

struct RunCurve
{
    std::int64_t run = 0;
    std::string name;                     ///< experiment, condition, seed; comes from outside
    std::optional<schedule::Curve> drawn; ///< of a run that followed a schedule
    std::optional<schedule::Curve> taken; ///< a hold from each step's gap to the next; none before a step was taken
};

/// The newest runs of ladders that have such a curve, at most so many. Opens a reader of its own and reads the whole
/// detail of each: for a thread that may wait.
/// @param series  as CurveTrack::storedAs() says it: empty for the gap, "setting/KEY", "signal/weight/NAME"
Result<std::vector<RunCurve>> recentRunCurves(const std::filesystem::path& store, std::size_t most,
                                              const std::string& series = {});

/// A curve of monotone segments within tolerance of samples (x increasing, in 0..1, at least two), with few keys: the
/// ends, then ever the sample that is farthest off.
schedule::Curve fittedCurve(const std::vector<schedule::Key>& samples, double tolerance);

} // namespace gradus::viewmodels
