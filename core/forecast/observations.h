// SPDX-License-Identifier: GPL-3.0-or-later
// What runs of the store measured, in the form in which forecasts are fitted. Pure over store records; any thread.
#pragma once

#include "compare/run_groups.h"
#include "forecast/capacity_curve.h"
#include "forecast/drivers.h"
#include "forecast/oversight_law.h"

#include <string>
#include <vector>

namespace gradus::forecast {

struct Observations
{
    std::vector<CapacityCurve> curves;                ///< a group of runs and figure each; only those with a rung
    std::vector<TaughtGeneration> utility, imitation; ///< every taught generation that was kept
    std::vector<ObservedStep> steps;                  ///< of generations that have an imitation rate
    double lowest = 0;                                ///< capacity of the smallest rung; 0 without runs
    double typicalGap = 0;                            ///< median of the gaps that were taken; 0: none was
    std::size_t runs = 0;
    std::vector<std::string> notes; ///< what is missing, and what would add it
};

/// Kept generations of the groups' runs (repeats left out). A ceiling is that of a generation on its rung; an A1 that
/// learnt from as many true labels as later ones from theirs is its own. Runs of different tasks are never one curve.
Observations observationsOf(const std::vector<compare::ComparedRun>& runs, const compare::Grouping& grouping);

} // namespace gradus::forecast
