// SPDX-License-Identifier: GPL-3.0-or-later
// Works through the queue of a store: one process a run, as many as there are cores, until nothing is left to do.
#pragma once

#include "base/result.h"
#include "base/stop.h"

#include <filesystem>
#include <functional>
#include <string>

namespace gradus::run {

struct QueueWorkerOptions
{
    std::filesystem::path store;   ///< its folder is the workspace; what the runs say goes to logs/ there
    std::filesystem::path program; ///< `gradus` itself: started as `gradus resume RUN`
    int cores = 0;                 ///< that runs may fill; 0: those of the machine
};

struct QueueOutcome
{
    int finished = 0; ///< of the processes that this worker started
    int failed = 0;
    bool elsewhere = false; ///< another worker is at this queue; nothing was done
};

/// Returns when nothing is under way and nothing may begin, or after a stop request, when its processes have made their
/// checkpoints and their runs wait again. Killed without a word it leaves its processes at work; the next worker counts
/// their cores. A process that is killed is started again (store::kMostAttempts times) and goes on from the run's last
/// checkpoint. Which run is whose is decided by StoreWriter::claim alone: no run is ever worked on twice at once.
/// @param say  one sentence when something begins or ends
Result<QueueOutcome> workQueue(const QueueWorkerOptions& options, const StopFlag& stop,
                               const std::function<void(const std::string&)>& say);

/// Starts `gradus queue work` that outlives this process and its terminal. One that finds another worker ends at once.
Result<void> startQueueWorker(const QueueWorkerOptions& options);

/// The running program's own file.
std::filesystem::path thisProgram();

} // namespace gradus::run
