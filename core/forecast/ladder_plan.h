// SPDX-License-Identifier: GPL-3.0-or-later
// What a ladder to a given size would take: rungs, parameters, compute and money. Arithmetic, no fit.
#pragma once

#include "base/result.h"

#include <optional>
#include <vector>

namespace gradus::forecast {

struct LadderWish
{
    double start = 5; ///< capacity of the first rung, log10 parameters
    double target = 13;
    double gap = 0.5;                ///< largest step, log10 parameters; above 0
    double tokensPerParameter = 20;  ///< D = that many times N, unless tokens is given
    std::optional<double> tokens;    ///< D of every rung
    std::optional<double> hourPrice; ///< of one device hour, in any currency
    double hourFlop = 1.4e18;        ///< floating-point operations of one device hour: 4e14 a second, rounded down
};

struct PlannedRung
{
    double capacity = 0;
    double parameters = 0;
    double flop = 0; ///< 6 N D
};

struct LadderPlan
{
    std::vector<PlannedRung> rungs; ///< the first one is the start; equal steps, none above the gap
    double step = 0;                ///< between rungs, log10 parameters
    double flop = 0;                ///< of all
    double hours = 0;
    std::optional<double> cost;
};

inline constexpr int kMostPlannedRungs = 1000;

/// Bad input for a target that is not above the start or beyond 10^15 parameters, a gap that is not above 0 or asks for
/// more than kMostPlannedRungs rungs, and figures that are not above 0.
Result<LadderPlan> planLadder(const LadderWish& wish);

} // namespace gradus::forecast
