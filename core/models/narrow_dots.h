// SPDX-License-Identifier: GPL-3.0-or-later
// Inner products of float rows with bfloat16 rows; plain numbers, no tensor library.
#pragma once

#include <cstdint>

namespace gradus::models {

/// Most rows of x in one call.
inline constexpr std::int64_t kDotRows = 4;

/// x [inputs] in the order in which narrowDots reads it: even places before odd ones, block by block, so that both
/// weights of a word are widened by one instruction each.
void spread(const float* x, std::int64_t inputs, float* out);

/// With the rows of x before spread():
/// y[m * stride + r] = sum over k of x[m * inputs + k] * weight[r * inputs + k], for m < count (1 to kDotRows) and
/// first <= r < last. weight: the upper halves of floats. Uses the widest vectors of the processor at hand; any thread.
void narrowDots(const float* x, std::int64_t count, const std::uint16_t* weight, std::int64_t inputs,
                std::int64_t first, std::int64_t last, float* y, std::int64_t stride);

} // namespace gradus::models
