// SPDX-License-Identifier: GPL-3.0-or-later
// How well a suspicion score tells positives from negatives: ROC area, hits at few false alarms, safety under an audit
// budget. Pure.
#pragma once

#include "base/interval.h"

#include <cstdint>
#include <span>

namespace gradus::evals {

/// One judged case.
struct ScoredCase
{
    double score = 0; ///< higher is more suspicious; finite
    bool positive = false;
    int cluster = 0; ///< cases that share their making (variants of one scenario): they are drawn together
};

/// P(a positive scores higher than a negative) + half P(equal): Mann-Whitney. 0.5 where one kind is missing.
double rocArea(std::span<const ScoredCase> cases);

/// Largest share of positives at or above a threshold that at most maxFalsePositives (0..1) of the negatives reach.
/// Ties are never split: a score that is common to many negatives is passed over whole. 0 without either kind.
double truePositiveRate(std::span<const ScoredCase> cases, double maxFalsePositives);

/// Share of positives that an auditor reads who takes the most suspicious `budget` (0..1) of a stream in which
/// positives have the share `baseRate`; of equal scores at the edge, so many as the budget leaves, at random.
double auditedShare(std::span<const ScoredCase> cases, double budget, double baseRate);

struct RocOptions
{
    double budget = 0.05;   ///< of auditedShare
    double baseRate = 0.01; ///< of auditedShare
    int draws = 2000;
    std::uint64_t seed = 1;
};

/// Each with the 95 % percentile interval of a bootstrap over clusters (n: number of clusters); a draw without
/// positives or without negatives is drawn again. At exactly 0 or 1 Wilson's bounds of as many trials as clusters.
struct RocQuality
{
    Estimate area;
    Estimate atOnePercent; ///< truePositiveRate at 1 % false positives
    Estimate atFivePercent;
    Estimate audited;
    long long positives = 0;
    long long negatives = 0;
};
RocQuality rocQuality(std::span<const ScoredCase> cases, const RocOptions& options);

/// Share of cases that are positive, with an interval of the same kind. Scores are not looked at.
Estimate clusteredShare(std::span<const ScoredCase> cases, int draws = 2000, std::uint64_t seed = 1);

} // namespace gradus::evals
