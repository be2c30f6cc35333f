// SPDX-License-Identifier: GPL-3.0-or-later
// The learning rate of each step: linear warm-up, then a decay.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>

namespace gradus::engine {

enum class Decay
{
    Cosine, ///< half a cosine down to 0
    Linear, ///< straight down to 0
    Constant,
    WarmupStableDecay, ///< constant, then straight down to 0 over the last fifth of all steps
};
/// "cosine" | "linear" | "constant" | "wsd"; anything else is bad input.
Result<Decay> decayOf(const std::string& name);

/// Factor in (0, 1] on the peak rate for a 1-based step of totalSteps; warmup is the fraction of steps that rise. Pure.
double rateFactor(std::int64_t step, std::int64_t totalSteps, double warmup, Decay decay);

} // namespace gradus::engine
