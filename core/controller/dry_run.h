// SPDX-License-Identifier: GPL-3.0-or-later
// A dry run of a gap controller on a simulated ladder: what it would do if training went by a few simple formulas. A
// picture of the controller, not a forecast of the experiment.
#pragma once

#include "controller/gap_controller.h"
#include "spec/experiment.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::controller {

/// The formulas; capacities c and gaps delta in log10 parameters, u: accuracy, K: classes.
///   ceiling(c)   = 1/K + (top - 1/K) (1 - 2^(-(c - c_0 + 1) / halving)), c_0: the weakest rung's capacity
///   recovered(d) = best 2^(-(d / reach)^2): share of ceiling minus supervisor that a student wins
///   student      = supervisor + recovered(delta) (ceiling - supervisor) + spread N(0, 1)
///   imitation(d) = 1 - (1 - least) 2^(-d / reach): share of the supervisor's mistakes that the student repeats
/// and every value is seen through a sample of the anchors (without anchors through kUsualAnchors of them). All
/// numbers are this project's own, of the size that the built-in ladder shows; none is fitted.
struct DryModel
{
    double top = 0.95;
    double halving = 0.8;
    double best = 0.8;
    double reach = 0.8;
    double least = 0.3;
    double spread = 0.01;
};

struct DryGeneration
{
    int generation = 1;
    int rung = 0;
    double wanted = 0; ///< by the controller; 0 for A_1
    double taken = 0;
    double utility = 0;
    double ceiling = 0;
    double imitation = 0; ///< 0 for A_1
    bool accepted = true; ///< false: rolled back, and tried again on another rung if there is one
};

struct DryRun
{
    std::vector<DryGeneration> generations; ///< in the order in which they were made
    std::string ending;                     ///< one sentence: why it ended before its last generation; may be empty
};

/// Deterministic in (experiment, capacities, seed, model). Microseconds a generation.
/// @param capacities  of every rung, increasing, in log10 parameters; not empty
DryRun dryRun(const spec::Experiment& experiment, const std::vector<double>& capacities, std::uint64_t seed,
              const DryModel& model = {});

/// Several of them, and what a picture shows of them.
struct DrySummary
{
    struct Step
    {
        int generation = 1;
        int runs = 0;       ///< that got this far
        double utility = 0; ///< median of kept generations
        double low = 0;     ///< tenth and ninetieth percentile
        double high = 0;
        double ceiling = 0;  ///< median
        double capacity = 0; ///< median of the rungs
    };
    std::vector<Step> steps;
    double rolledBack = 0; ///< mean number a run
    std::string ending;    ///< of most runs that ended early; empty where most did not
};
DrySummary dryRuns(const spec::Experiment& experiment, const std::vector<double>& capacities, int runs,
                   const DryModel& model = {});

} // namespace gradus::controller
