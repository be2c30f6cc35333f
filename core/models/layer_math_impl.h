// SPDX-License-Identifier: GPL-3.0-or-later
// The few formulas of a decoder layer that are not one library call. Differentiable; no state.
#pragma once

#include <ATen/core/Tensor.h>

namespace gradus::models {

/// Cosine and sine of every position and pair, [maxPositions, headSize / 2] each.
struct RotaryTable
{
    at::Tensor cosine_TP;
    at::Tensor sine_TP;
};
RotaryTable rotaryTable(int maxPositions, int headSize, double theta);

/// x / sqrt(mean(x^2) + epsilon) * weight over the last dimension.
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon);

/// Turns the pairs (i, i + headSize / 2) of every head by its position: x_BTHD, positions 0..T-1.
at::Tensor rotate(const at::Tensor& x_BTHD, const RotaryTable& table);

/// silu(gate) * up, where the last dimension of gateUp holds gate and then up.
at::Tensor swiGlu(const at::Tensor& gateUp);

} // namespace gradus::models
