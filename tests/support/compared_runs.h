// SPDX-License-Identifier: GPL-3.0-or-later
// Runs as a comparison gets them, made by hand.
#pragma once

#include "compare/run_groups.h"

#include <functional>

namespace gradus::tests {

/// A finished run of a schedule with this gap controller whose second generation ended with these figures.
inline compare::ComparedRun comparedRun(const std::string& controller, std::int64_t seed, double utility,
                                        double imitation, const std::function<void(spec::Experiment&)>& change = {})
{
    spec::Experiment experiment;
    experiment.experiment.name = "gap-annealing";
    experiment.experiment.seeds = {seed};
    experiment.gap.controller = controller;
    if (change) change(experiment);
    store::RunDetail detail;
    detail.run.id = seed;
    detail.run.uuid = controller + "-" + std::to_string(seed);
    detail.run.experimentName = experiment.experiment.name;
    detail.run.taskName = experiment.task.name; // as the store reads it: the run's own, whatever a sweep sets
    detail.run.condition = "gap.controller = " + controller;
    detail.run.seed = seed;
    detail.run.state = store::RunState::Finished;
    detail.run.progress = 1;
    detail.specToml = spec::canonicalToml(experiment);
    for (int generation = 1; generation <= 2; ++generation) {
        events::GenerationRecord record;
        record.generation = generation;
        record.lastStep = generation * 100;
        const double value = generation == 1 ? 0.5 : utility;
        record.utility = Estimate{value, value - 0.02, value + 0.02, 2000};
        if (generation == 2) record.imitation = Estimate{imitation, imitation - 0.03, imitation + 0.03, 400};
        record.flops = 1e12 * generation;
        detail.generations.push_back(record);
    }
    return compare::comparedRun(std::move(detail), {});
}

} // namespace gradus::tests
