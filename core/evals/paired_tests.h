// SPDX-License-Identifier: GPL-3.0-or-later
// Tests and intervals for two measurements of the same items, and for scores against a yes/no truth. 95 % throughout.
#pragma once

#include "base/interval.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gradus::evals {

/// P(first) - P(second) for n items of which onlyFirst and onlySecond are discordant, with Bonett and Price's adjusted
/// Wald interval (2012: one is added to each discordant count), widened where needed to hold the estimate. n = 0 gives
/// 0 with [-1, 1].
Estimate pairedProportions(long long onlyFirst, long long onlySecond, long long n);

/// McNemar's test of P(first) = P(second) on n paired yes/no answers.
struct Mcnemar
{
    long long onlyFirst = 0;  ///< items with first yes, second no
    long long onlySecond = 0; ///< and the reverse; only these two carry information
    double exact = 1;         ///< two-sided exact binomial p: min(1, 2 P(X <= min)), X ~ Bin(discordant, 1/2)
    double midP = 1;          ///< twice the mid-p tail P(X < min) + P(X = min)/2: less conservative (Fagerland 2013)
    Estimate difference;      ///< pairedProportions
};
Mcnemar mcnemar(long long onlyFirst, long long onlySecond, long long n);

/// The same of two lists in which anything but 0 is a yes. None when they are empty or of different lengths.
std::optional<Mcnemar> mcnemar(std::span<const int> first, std::span<const int> second);

/// statistic(mean of before, mean of now) with a percentile interval from a bootstrap that draws units (prompts, items)
/// in pairs. statistic may return NaN for a draw that has no value: such draws are left out. None when the lists are
/// empty, of different lengths or not finite, when the statistic has no value, or when over half of the draws have
/// none.
std::optional<Estimate> pairedBootstrap(std::span<const double> before, std::span<const double> now,
                                        const std::function<double(double, double)>& statistic, std::uint64_t seed,
                                        int draws = 2000);

/// mean(now) / mean(before) - 1 by pairedBootstrap; none also when mean(before) <= 0. -0.2 is a fall by 20 %.
std::optional<Estimate> relativeChange(std::span<const double> before, std::span<const double> now, std::uint64_t seed,
                                       int draws = 2000);

/// One corner of a ROC curve: items with score >= threshold are called positive.
struct RocPoint
{
    double threshold = 0;
    double falsePositives = 0; ///< share of negatives called positive
    double truePositives = 0;  ///< share of positives called positive
};

/// From (0, 0) at threshold +inf to (1, 1), one point for each different score, highest first. positive: anything but
/// 0. Empty when the lengths differ, a score is NaN or one of the classes is missing.
std::vector<RocPoint> rocPoints(std::span<const double> scores, std::span<const int> positive);

/// P(score of a positive > score of a negative) with ties counting half; n = positives + negatives. The interval is
/// Newcombe's method 5 (Stat. Med. 2006): Hanley and McNeil's variance at the bound itself, so that it stays within
/// [0, 1] and has a width at 0 and 1, where DeLong's has none. None as rocPoints.
std::optional<Estimate> auroc(std::span<const double> scores, std::span<const int> positive);

/// Rank correlation with midranks for ties; Fisher z interval with Bonett and Wright's variance (1 + r^2/2)/(n - 3)
/// (2000). n <= 3 gives [-1, 1]; |r| = 1 gives the interval of no width at r. None when the lengths differ, n < 2, a
/// value is NaN or one list is constant.
std::optional<Estimate> spearman(std::span<const double> a, std::span<const double> b);

} // namespace gradus::evals
