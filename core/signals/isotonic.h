// SPDX-License-Identifier: GPL-3.0-or-later
// Isotonic regression by pooling adjacent violators: the best non-decreasing fit, used to calibrate scores on anchors.
#pragma once

#include <span>
#include <vector>

namespace gradus::signals {

/// A non-decreasing step function. Plain data: value[s] holds from start[s] up to the next start.
struct IsotonicFit
{
    std::vector<double> start; ///< increasing; the first value also holds below start[0]
    std::vector<double> value; ///< non-decreasing
    double at(double x) const; ///< 0 for a fit of nothing
};

/// Least squares over non-decreasing functions of x; equal x get one value. Spans of equal length. O(n log n).
IsotonicFit fitIsotonic(std::span<const double> x, std::span<const double> y);

} // namespace gradus::signals
