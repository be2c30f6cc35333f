// SPDX-License-Identifier: GPL-3.0-or-later
// What utility and imitation go with, all at once: capacity, the gap taken, the noise of the labels and their number.
// Pure.
#pragma once

#include "base/interval.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gradus::forecast {

/// One taught generation.
struct TaughtGeneration
{
    double capacity = 0; ///< log10 parameters
    double gap = 0;      ///< log10 parameters
    double noise = 0;    ///< share of the supervisor's labels that are wrong, held out
    double value = 0;    ///< in [0, 1]: utility or imitation
    double floor = 0;    ///< value without skill
    int run = 0;
    int task = 0;      ///< tasks differ in how easy they are: each has a level of its own
    double labels = 0; ///< log10 of the labels that it was taught
};

/// log odds of (value - floor) / (1 - floor) on a level a task, capacity, gap, noise and labels, least squares. Slopes
/// a decade of capacity, a decade of gap, ten points of noise, a decade of labels; 90 % bootstrap intervals over runs.
struct Drivers
{
    Estimate capacity, gap, noise;
    std::optional<Estimate> labels; ///< none where their number does not vary, or goes with the other three
    std::size_t tasks = 1;
    double explained = 0; ///< R squared, on the log odds
    std::size_t generations = 0;
    std::size_t runs = 0;
};

/// Refused in one sentence where the three cannot be told apart (one goes with another in all generations) and with
/// fewer than eight generations of three runs.
Result<Drivers> driversOf(std::span<const TaughtGeneration> generations, std::uint64_t seed = 1, int draws = 1000);

} // namespace gradus::forecast
