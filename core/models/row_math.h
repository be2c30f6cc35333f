// SPDX-License-Identifier: GPL-3.0-or-later
// A layer's formulas for one row of floats, each in one pass; plain numbers, no tensor library. For the few rows of a
// step of a text, which single operators of a library take longer to call than to compute.
#pragma once

#include <cstdint>

namespace gradus::models {

/// y = x / sqrt(mean(x^2) + epsilon) * weight, or * (weight + 1).
void normRow(const float* x, std::int64_t width, const float* weight, bool lessOne, double epsilon, float* y);

/// One head [size]: turns the pairs (i, i + pairs) by cosine and sine [pairs]; dimensions from 2 pairs on stay.
void turnRow(const float* x, std::int64_t size, const float* cosine, const float* sine, std::int64_t pairs, float* y);

/// What a gate becomes before it is multiplied.
enum class Gate
{
    Silu,
    GeluTanh, ///< GELU by its tanh approximation
};
/// y [width] = gate(x[0, width)) * x[width, 2 width).
void gateRow(const float* x, std::int64_t width, Gate gate, float* y);

/// x [count] becomes the shares exp(scale x) / sum of them, 0 where seen is false; null: all are seen.
void softmaxRow(float* x, std::int64_t count, float scale, const bool* seen);

} // namespace gradus::models
