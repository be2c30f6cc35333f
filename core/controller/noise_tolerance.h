// SPDX-License-Identifier: GPL-3.0-or-later
// How much label noise a model bears: estimated from a noise sweep, and read between the sizes that were measured.
// Pure; any thread. The definition is this project's own: the paper (arXiv 2503.07660) shows curves and no number.
#pragma once

#include "base/interval.h"
#include "base/result.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace gradus::controller {

/// What a student reached on held-out items when a share of its labels was redrawn.
struct NoisyResult
{
    std::int64_t seed = 1;
    double rate = 0;     ///< share redrawn, in [0, 1]
    double accuracy = 0; ///< in [0, 1]
};

/// Accuracy at rate 0 minus accuracy at this rate, paired by seed; 95 % t interval, n: seeds.
struct NoiseLoss
{
    double rate = 0;
    Estimate loss;
};

/// Where the accuracy has fallen by a stated amount.
struct NoiseTolerance
{
    std::vector<NoiseLoss> losses; ///< by rate, rate 0 left out
    double rate = 0;               ///< where the mean loss, made monotone, reaches the amount; linear between rates
    double low = 0;                ///< below it the interval of the loss lies under the amount
    double high = 0;               ///< above it the interval of the loss lies over the amount
    bool reached = false;          ///< false: not lost by the highest rate, which then is `rate` and `high`
    bool bounded = false;          ///< false: `high` is the highest rate because nothing was shown to lie above
    std::size_t seeds = 0;         ///< one seed has no interval: low = rate = high
};

/// A loss never falls with the rate: the mean is fitted so (isotonic), and what an interval says of one rate holds for
/// all below (upper ends) or above (lower ends). The intervals are pointwise; nothing is corrected for their number.
/// Bad input: amount not above 0, or no seed with rate 0 and a rate above it.
Result<NoiseTolerance> noiseTolerance(std::span<const NoisyResult> results, double amount);

/// Tolerance of a model of that capacity: measured are (log10 parameters, tolerance), at least one, capacities
/// increasing. Made to never rise with capacity (isotonic), linear between, constant beyond.
double toleranceAt(const std::vector<std::pair<double, double>>& measured, double capacity);

} // namespace gradus::controller
