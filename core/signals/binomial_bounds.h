// SPDX-License-Identifier: GPL-3.0-or-later
// Bounds of a proportion, exact (Clopper and Pearson, 1934) or after Wilson for rates that are not counts; a mean.
#pragma once

#include "base/interval.h"

namespace gradus::signals {

/// Largest rate at which `successes` or fewer of n still have probability 1 - confidence: one-sided. n = 0 gives 1.
double clopperPearsonUpper(long long successes, long long n, double confidence = 0.95);

/// Smallest rate at which `successes` or more of n still have probability 1 - confidence: one-sided. n = 0 gives 0.
double clopperPearsonLower(long long successes, long long n, double confidence = 0.95);

/// A rate over n observations with Wilson's bounds, each one-sided at 95 %. n = 0 gives [0, 1].
Estimate wilsonOneSided(double rate, long long n);

/// Mean of values with a 95 % t interval; a single value has itself as interval. Not empty.
struct MeanOf
{
    double sum = 0;
    double squares = 0;
    long long n = 0;
    void add(double value);
    Estimate estimate() const;
};

} // namespace gradus::signals
