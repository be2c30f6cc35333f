// SPDX-License-Identifier: GPL-3.0-or-later
// How long the runs of an experiment will take, and how that is known.
#pragma once

#include "base/result.h"
#include "run/run_history.h"
#include "run/workbench.h"
#include "spec/experiment.h"

#include <vector>

namespace gradus::run {

/// Where an estimate comes from, from the surest to the least sure.
enum class TimeOrigin
{
    SameRuns, ///< finished runs of the same settings, whatever their seed
    SameTask, ///< finished runs of the same task and ladder, scaled by planned work
    Measured, ///< a few real steps of each rung, made now
    Rough,    ///< a few real steps, and a share of the procedure's time that they are known to make up
    Unknown,  ///< nothing was measured
};

struct RunTime
{
    double seconds = 0; ///< of one run, while as many work as will
    TimeOrigin origin = TimeOrigin::Unknown;
    int basis = 0; ///< finished runs that were looked at
};

struct TimeRequest
{
    int atOnce = 1; ///< runs at a time
    /// Rungs are tried where the work of all runs that the history does not know is as much as this; else Unknown.
    /// Planned work (pipeline/plan.h) for every 16 tokens that an item may have; 10^7 of it are about a second.
    double leastWork = 0;
};

/// One a run, in their order. May tune for a second or two; writes nothing.
Result<std::vector<RunTime>> estimateTimes(const std::vector<spec::RunSpec>& runs, const Workbench& bench,
                                           const RunHistory& history, const TimeRequest& request);

/// Wall seconds when runs of these lengths are begun in order, `atOnce` at a time.
double wallTime(const std::vector<RunTime>& times, int atOnce);

/// Highest resident memory of this process so far, bytes; 0 where the system does not tell.
double peakMemory();

} // namespace gradus::run
