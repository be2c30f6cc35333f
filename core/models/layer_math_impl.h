// SPDX-License-Identifier: GPL-3.0-or-later
// The few formulas of a decoder layer that are not one library call. Differentiable; no state.
#pragma once

#include "models/model_shape.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace gradus::models {

/// Cosine and sine of every position and pair, [positions, rotary size / 2] each.
struct RotaryTable
{
    at::Tensor cosine;
    at::Tensor sine;
};
/// Frequencies as the shape's rotary base and scaling give them, in single precision like the models trained with it.
RotaryTable rotaryTable(const ModelShape& shape);
/// The same of the layers that see a window of positions: a base of their own, and no scaling.
RotaryTable localRotaryTable(const ModelShape& shape);

/// The rows of a table that one call needs, shaped to broadcast over heads: [T, 1, P] or [B, T, 1, P].
RotaryTable rotaryRows(const RotaryTable& table, std::int64_t first, std::int64_t count);
RotaryTable rotaryRows(const RotaryTable& table, const at::Tensor& positions_BT);

/// x / sqrt(mean(x^2) + epsilon) * weight over the last dimension.
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon);

/// A layer's normalisation: RMSNorm, or LayerNorm where it has a bias. Gemma's RMSNorm keeps its weight less 1.
struct Norm
{
    at::Tensor weight; ///< [D], ones at first; zeros where it is kept less 1
    at::Tensor bias;   ///< [D], undefined for RMSNorm
    double epsilon = 1e-6;
    bool lessOne = false;

    static Norm make(std::int64_t width, bool withBias, double epsilon);
    static Norm makeLessOne(std::int64_t width, double epsilon);
    at::Tensor operator()(const at::Tensor& x) const;
};

/// Turns the pairs (i, i + P) of the first 2 P dimensions of every head by its position; the others stay.
at::Tensor rotate(const at::Tensor& x_BTHd, const RotaryTable& rows);

/// silu(gate) * up, where the last dimension of gateUp holds gate and then up.
at::Tensor swiGlu(const at::Tensor& gateUp);
/// The same with GELU by its tanh approximation.
at::Tensor geGlu(const at::Tensor& gateUp);

} // namespace gradus::models
