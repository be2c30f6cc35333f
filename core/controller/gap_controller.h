// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses the gap to the next generation and says why. Pure: no clock, no store, no tensors.
#pragma once

#include "spec/experiment.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradus::controller {

/// What is known when generation i is done and i+1 is to be placed.
struct GapState
{
    int generation = 1;  ///< i, 1-based
    int generations = 1; ///< K
    int rung = 0;        ///< index of A_i's rung
    std::vector<std::string> rungNames; ///< for the sentence; may be empty
    std::vector<double> capacities;     ///< of every rung, increasing, in log10 parameters
};

struct Decision
{
    double wanted = 0;       ///< delta that the controller asked for, in log10 parameters
    double taken = 0;        ///< capacity of the chosen rung minus that of A_i's
    std::optional<int> rung; ///< none: the ladder ends here
    std::string sentence;    ///< one English sentence
    std::string detailsJson; ///< every term as a JSON object
};

/// Immutable; any thread may ask.
class GapController
{
public:
    virtual ~GapController() = default;
    virtual Decision nextGap(const GapState& state) const = 0;
};

/// "fixed": the same delta every time. "schedule": the drawn curve over the fraction of gaps taken, (i-1)/(K-2); the
/// only gap of K = 2 is read at 0. gap.controller must be one of the two (spec checks it).
std::unique_ptr<GapController> makeController(const spec::Gap& gap);

/// The rung above `rung` whose capacity is nearest to capacities[rung] + wanted, ties to the smaller; none if rung is
/// the last.
std::optional<int> snapToLadder(const std::vector<double>& capacities, int rung, double wanted);

/// Fraction of the schedule at which the gap from generation i to i+1 of K is read.
double scheduleFraction(int generation, int generations);

} // namespace gradus::controller
