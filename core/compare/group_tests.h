// SPDX-License-Identifier: GPL-3.0-or-later
// Is one group of runs different from the baseline: difference, interval and a test that says its name. Pure.
#pragma once

#include "base/interval.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradus::compare {

/// One run's figure. Runs of two groups with the same seed got the same items and the same initial weights.
struct SeedValue
{
    std::int64_t seed = 1;
    double value = 0;
};

/// Mean of a minus mean of b with Welch's 95 % interval (unequal variances, Satterthwaite's degrees of freedom); n is
/// the number of both. At least two values in each.
Estimate welchDifference(std::span<const double> a, std::span<const double> b);

enum class TestKind
{
    Student,     ///< paired t test, or Welch's where runs do not pair: agrees with the interval shown
    Permutation, ///< signs flipped (paired) or labels exchanged; every way where there are at most 200,000
};

/// A p value. Two-sided always.
struct TestResult
{
    double p = 1;
    double leastPossible = 0; ///< the smallest p that so few runs can give at all; 0 for Student
    bool exact = false;       ///< every arrangement was counted, none was drawn
};

struct GroupDifference
{
    Estimate estimate;    ///< group minus baseline, 95 % t interval (Welch's when unpaired)
    bool paired = false;  ///< by seed
    double deviation = 0; ///< standard deviation of the paired differences; 0 where runs do not pair
    int groupRuns = 0;    ///< that were used
    int baselineRuns = 0;
    std::optional<TestResult> student; ///< none when nothing varies
    TestResult permutation;

    const TestResult* test(TestKind kind) const;
};

/// Paired by seed when each seed of the smaller group has its like in the other (then over those seeds alone), else
/// unpaired. None with fewer than two runs on either side. A seed that stands twice in a group is an error of the
/// caller; values must be finite.
std::optional<GroupDifference> differenceOf(std::span<const SeedValue> group, std::span<const SeedValue> baseline);

/// "paired t test, 5 seeds", "Welch t test, 5 against 4 runs", "exact paired permutation test, 5 seeds", ...
std::string nameOf(const GroupDifference& difference, TestKind kind);

/// Holm's step-down adjustment of p values that are looked at together; same order as given.
std::vector<double> holm(std::span<const double> p);

} // namespace gradus::compare
