// SPDX-License-Identifier: GPL-3.0-or-later
// Where loops of our own stand in for the library's operators.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/InferenceMode.h>

#include <cstdint>

namespace gradus::models {

/// So few floats on the CPU, where texts are written and scored, that calling an operator takes longer than what it
/// does. Not under a NoGradGuard alone: layers are recomputed and judged there, and must say to the bit what training
/// says.
inline bool isFew(const at::Tensor& x)
{
    constexpr std::int64_t kFew = std::int64_t{1} << 15;
    return x.numel() <= kFew && c10::InferenceMode::is_enabled() && x.is_cpu() && x.scalar_type() == at::kFloat;
}

} // namespace gradus::models
