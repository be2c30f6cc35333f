// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's loop over generations: competence, risk discovery, value alignment, next gap. Readable top to bottom.
#pragma once

#include "events/events.h"
#include "pipeline/attempt_journal.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// One generation as the controller will place it, as far as that is known before the run.
struct PlannedGeneration
{
    int generation = 1;
    int rung = 0;
    std::optional<double> gap; ///< taken to reach it; none for A_1
    std::string sentence;      ///< the decision in words; empty for A_1
};

/// The generations that a controller which needs no measurement will run. Exact for those (not spec::measures);
/// the others' plan repeats their first gap. Stops early at the end of the ladder.
std::vector<PlannedGeneration> planGenerations(const spec::Experiment& experiment,
                                               const std::vector<double>& capacities);

/// Work of a whole run in ProgressMeter's units.
double plannedWork(const spec::Experiment& experiment, const data::Task& task, const Ladder& ladder);

/// What earlier processes of this run reported.
struct Past
{
    std::vector<events::GenerationRecord> finished; ///< their weights are read back and checked against their hash
    std::vector<JournalEntry> attempts;             ///< in order
    std::map<std::int64_t, double> utility;         ///< held-out, by step
};

/// Runs all generations; rolled back ones are tried again through another rung while the controller finds one.
/// ErrorKind::Stopped when the stop flag ended it.
Result<void> runProgressive(const StageContext& context, const Past& past);

} // namespace gradus::pipeline
