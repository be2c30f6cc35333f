// SPDX-License-Identifier: GPL-3.0-or-later
// How long tuning will take, by trying a few of its steps: said before it begins.
#pragma once

#include "engine/folder_tuning.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::engine {

/// Seconds. Patience may end a job sooner; what is written to disk comes beside it.
struct TuningTime
{
    double loading = 0;
    double preparing = 0;  ///< Preference: the reference's answers to all rows
    double step = 0;       ///< a mean one
    double evaluation = 0; ///< of all held-out rows
    std::int64_t steps = 0;
    std::int64_t evaluations = 0;
    int tried = 0; ///< steps

    double sum() const
    {
        return loading + preparing + static_cast<double>(steps) * step + static_cast<double>(evaluations) * evaluation;
    }
};

/// Opens the model, takes one step that is not counted and then steps of short, middling and long rows, and one pass
/// that only reads; by their padded tokens it reckons all of the job's. Nothing is written, and the model is dropped.
/// Bad input: as tuneFolder says. Stopped: between two steps.
Result<TuningTime> tryTuning(const FolderTuning& job, const Examples& taught, const std::vector<TaughtExample>& held,
                             const StopFlag& stop);

/// "about 2 min 05 s (125.3 s): 60 steps of 1.98 s, 2 evaluations of 2.9 s, loading 0.7 s; 3 steps were tried".
std::string timeText(const TuningTime& time);

} // namespace gradus::engine
