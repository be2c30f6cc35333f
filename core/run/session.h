// SPDX-License-Identifier: GPL-3.0-or-later
// The composition root of core: spec + task + ladder + store + pipeline = runs that survive kill -9.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "run/console.h"
#include "spec/experiment.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::run {

/// A run's last event where it failed; its sentence is the error's, as a list of runs has it.
inline constexpr const char* kFailureEvent = "run.failed";

/// A run that is continued although its file could not be begun today: what is left aside of it.
inline constexpr const char* kOldFileEvent = "run.old_file";

struct SessionOptions
{
    std::filesystem::path store; ///< gradus.db; its folder is the workspace (checkpoints/, models/ beside it)
    int jobs = 0;                ///< runs at a time; 0: cores / compute.threads
};

struct SessionOutcome
{
    std::vector<std::int64_t> runs; ///< ids, in the order of conditions and seeds
    int finished = 0;
    int failed = 0;
    int stopped = 0;
    std::string firstFailure;
};

/// Everything that can be wrong is found before anything is written: spec, task files, ladder, store, free disk.
/// Then all runs are recorded at once and worked through, several at a time. Blocks until all have ended or stop is
/// requested (each running one then checkpoints and can be resumed). Commands left in the store stop single runs.
Result<SessionOutcome> runExperiment(const spec::Experiment& experiment, const std::string& sourceToml,
                                     const SessionOptions& options, const StopFlag& stop, Console& console);

/// Continues runs that were stopped, crashed, failed or never began. Names as StoreReader::findRun takes them.
Result<SessionOutcome> resumeRuns(const std::vector<std::string>& names, const SessionOptions& options,
                                  const StopFlag& stop, Console& console);

} // namespace gradus::run
