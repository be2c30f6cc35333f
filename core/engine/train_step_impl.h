// SPDX-License-Identifier: GPL-3.0-or-later
// One optimisation step, and the speed at which steps go by.
#pragma once

#include "engine/adamw_impl.h"
#include "engine/tuning.h"

#include <deque>

namespace gradus::engine {

/// Gradients of the loss, then one update. Returns the loss; bad numbers in it are left to the caller.
double optimise(const at::Tensor& loss, AdamW& optimizer, double rate);

/// The error for a loss that is no longer a number.
Error divergence(std::int64_t step);

/// Real tokens a second over the last few steps.
class Throughput final
{
public:
    Throughput();
    double add(std::int64_t tokens); ///< after a step; returns the current speed

private:
    struct Mark
    {
        double seconds;
        std::int64_t tokens;
    };
    std::deque<Mark> m_marks;
};

} // namespace gradus::engine
