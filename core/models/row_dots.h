// SPDX-License-Identifier: GPL-3.0-or-later
// Inner products of a few float rows with all rows of a weight, float or bfloat16, and sums of rows by shares; plain
// numbers, no tensor library.
#pragma once

#include <cstdint>

namespace gradus::models {

/// Most rows of x in one call.
inline constexpr std::int64_t kDotRows = 4;

/// y[m * stride + r] = sum over k of x[m * inputs + k] * weight[r * inputs + k], for m < count (1 to kDotRows) and
/// first <= r < last. Uses the widest vectors of the processor at hand; a sum is the same whatever count is; any
/// thread.
void rowDots(const float* x, std::int64_t count, const float* weight, std::int64_t inputs, std::int64_t first,
             std::int64_t last, float* y, std::int64_t stride);
/// The same of bfloat16, the upper halves of floats, with the rows of x before spread().
void rowDots(const float* x, std::int64_t count, const std::uint16_t* weight, std::int64_t inputs, std::int64_t first,
             std::int64_t last, float* y, std::int64_t stride);

/// x [inputs] in the order in which bfloat16 is read: even places before odd ones, block by block, so that both weights
/// of a word are widened by one instruction each.
void spread(const float* x, std::int64_t inputs, float* out);

/// y[m * size + k] = sum over r < rows of shares[m * rows + r] * of[r * size + k], for m < count (1 to kDotRows) and
/// k < size. As rowDots otherwise.
void rowSums(const float* shares, std::int64_t count, const float* of, std::int64_t rows, std::int64_t size, float* y);

} // namespace gradus::models
