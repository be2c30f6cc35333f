// SPDX-License-Identifier: GPL-3.0-or-later
// One figure over the capacities of a ladder's rungs: what forecasts are fitted to. Plain data.
#pragma once

#include <string>
#include <vector>

namespace gradus::forecast {

/// A rung that was measured.
struct CapacityPoint
{
    double capacity = 0; ///< log10 of parameters
    double value = 0;    ///< in [0, 1], mean over seeds
    double error = 0;    ///< standard error of that mean: over seeds, or over items where there is one seed
    int seeds = 1;
};

enum class Figure
{
    Ceiling,   ///< held-out accuracy of a rung trained on truth
    Utility,   ///< held-out accuracy of a generation in its chain
    Imitation, ///< share of its supervisor's held-out errors that a generation repeats
};
const char* nameOf(Figure figure); ///< "ceiling", "utility", "imitation"

struct CapacityCurve
{
    std::string name; ///< of the group of runs
    std::string task = {};
    Figure figure = Figure::Utility;
    double floor = 0; ///< what is reached without skill: accuracy of the commonest class; 0 of imitation
    std::vector<CapacityPoint> points; ///< increasing capacity
};

} // namespace gradus::forecast
