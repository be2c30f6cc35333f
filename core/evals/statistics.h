// SPDX-License-Identifier: GPL-3.0-or-later
// The few statistics that the metrics and result tables share. Quantiles come from Boost.Math.
#pragma once

#include "base/interval.h"
#include "base/rng.h"

#include <span>

namespace gradus::evals {

double normalQuantile(double probability);                  ///< of the standard normal; probability in (0, 1)
double studentQuantile(double probability, double degrees); ///< of Student's t; degrees > 0

/// One-sided Clopper-Pearson upper bound of a proportion: with probability confidence it is below. n = 0 gives 1.
double proportionUpper(long long successes, long long n, double confidence = 0.95);

/// Mean with a 95 % t interval; one value gives itself with an infinite interval's place taken by [value, value] and
/// n = 1, so that a table can tell it from a real interval by n. values must not be empty.
Estimate meanWithInterval(std::span<const double> values);

/// Mean of a[i] - b[i] with a 95 % t interval: paired by index, e.g. by seed. Equal lengths, at least one.
Estimate pairedDifference(std::span<const double> a, std::span<const double> b);

/// One draw from Binomial(n, p) by inversion of a uniform; exact up to double rounding.
long long binomialDraw(long long n, double p, Rng& rng);

} // namespace gradus::evals
