// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will do, and what that costs, as far as it is known before it begins.
#pragma once

#include "data/task.h"
#include "pipeline/ladder.h"
#include "spec/experiment.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// Why the experiment does not run stages 2 and 3, in one phrase; empty where it does.
std::string conformityAbsence(const spec::Experiment& experiment, const data::Task& task);
/// One round of either stage, in ProgressMeter's units: what their progress adds up to.
double discoveryWork(const spec::Experiment& experiment);
double alignmentWork(const spec::Experiment& experiment, const LadderRung& rung);

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

} // namespace gradus::pipeline
