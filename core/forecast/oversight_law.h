// SPDX-License-Identifier: GPL-3.0-or-later
// The scaling law of oversight (Engels et al., arXiv 2504.18530): a weaker guard against a stronger model, step by
// step. Each side's playing strength is a line in general ability with a plateau at either end. Pure; any thread.
#pragma once

#include "base/interval.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gradus::forecast {

/// Elo of one side: 0 up to low, then slope a unit of ability, level again from high on (the "double ReLU").
struct Strength
{
    double slope = 1;
    double low = -1e300;
    double high = 1e300;
    double elo(double ability) const; ///< slope (clamp(ability, low, high) - low), with low = 0 where it is not bounded
};

struct OversightLaw
{
    Strength guard, overseen;
    double offset = 0; ///< beta: Elo that overseen starts with; below 0 the guard has the easier side

    /// 1 / (1 + 10^((overseen(to) + beta - guard(from)) / 400)).
    double step(double from, double to) const;
    /// Oversight of n equal steps from `from` on, `distance` of ability in all: the product of its steps.
    double chain(double from, double distance, int steps) const;
};

struct BestChain
{
    int steps = 1;
    double success = 0;
};
/// The number of steps (1 to most) with the highest success, the lowest of equal ones.
BestChain bestChain(const OversightLaw& law, double from, double distance, int most);

/// One step of a ladder as it went: of the supervisor's held-out errors, the share that the student did not repeat.
struct ObservedStep
{
    double from = 0; ///< capacity of the supervisor, log10 parameters
    double to = 0;
    double success = 0;
    double errors = 0; ///< of the supervisor, held out: what success is a share of
    int run = 0;       ///< steps of one run are not independent
};

struct FittedLaw
{
    OversightLaw law;
    Estimate guardSlope, overseenSlope, offset; ///< 90 % bootstrap intervals over runs; Elo a decade, Elo
    double residual = 0;                        ///< root mean square of success
    std::size_t steps = 0;
    /// Both sides gain with capacity, as the law supposes. Where they do not, what it says of steps is no advice.
    bool premiseHolds() const { return guardSlope.value > 0 && overseenSlope.value > 0; }
    std::vector<OversightLaw> draws; ///< of the bootstrap, for intervals of what follows from the law
};

/// Weighted least squares on log odds over every pair of plateaus at observed capacities with three or more between
/// them, the plateaus paid for by AIC. Slopes have a weak prior of 2,000 Elo a decade. Refused in one sentence where
/// the steps cannot tell guard from overseen: fewer than six, or fewer than two supervisors with students of different
/// sizes.
Result<FittedLaw> fitOversightLaw(std::span<const ObservedStep> steps, std::uint64_t seed = 1, int draws = 200);

} // namespace gradus::forecast
