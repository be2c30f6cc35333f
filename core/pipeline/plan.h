// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will do, and what that costs, as far as it is known before it begins.
#pragma once

#include "data/task.h"
#include "pipeline/ladder.h"
#include "spec/experiment.h"

#include <cstdint>
#include <map>
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

/// Sources that bring a supervisor of their own, taught by truth on the rung they name, and that some generation asks.
std::vector<const spec::SignalSource*> ownSupervisors(const spec::Experiment& experiment);
/// Teaching one of them, in ProgressMeter's units.
double ownSupervisorWork(const spec::Experiment& experiment, const data::Task& task, const LadderRung& rung);

/// Sources that are a model folder outside the ladder, and that some generation asks.
std::vector<const spec::SignalSource*> folderSources(const spec::Experiment& experiment);
/// Items that each of them reads, once: at most so many, because generations may share some.
double itemsRead(const spec::Experiment& experiment, const data::Task& task, std::size_t heldOut);

/// What a run does on one rung, as far as it costs time.
struct RungParts
{
    double steps = 0; ///< of tuning, of every model; sandbox episodes as the steps that they take as long as
    double asked = 0; ///< items that some model is asked about
    int bases = 0;    ///< models that are made
};
/// By rung, for the procedures that teach a task (not self-enhancement, not debate).
/// @param heldOut  items of the task's test set
std::map<int, RungParts> plannedParts(const spec::Experiment& experiment, const data::Task& task, const Ladder& ladder,
                                      std::size_t heldOut);

/// Work of a whole run in ProgressMeter's units.
double plannedWork(const spec::Experiment& experiment, const data::Task& task, const Ladder& ladder);

} // namespace gradus::pipeline
