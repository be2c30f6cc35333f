// SPDX-License-Identifier: GPL-3.0-or-later
// The step of tuning a folder, shared with the bench that measures it: passes, then one gradient and its norm.
#pragma once

#include "engine/tuning_objective_impl.h"
#include "engine/weight_update_impl.h"

#include <cstddef>
#include <cstdint>

namespace gradus::engine {

/// What a step found before it changes anything.
struct StepGradient
{
    double loss = 0; ///< mean over the step's examples, by their weights
    double norm = 0; ///< of the gradient over everything that is tuned
    std::int64_t realTokens = 0;
};

/// Gathers the gradient of the mean loss over `whole` in `update`, `pass` examples at a time. May throw what libtorch
/// throws.
StepGradient gradientOf(const Objective& objective, const Batch& whole, std::size_t pass, WeightUpdate& update);

} // namespace gradus::engine
