// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/majority.h"

#include "signals/posterior.h"

#include <algorithm>
#include <cmath>

namespace gradus::signals {

namespace {

constexpr double kShrinkage = 6; ///< anchors' worth of trust in the mean of all sources
constexpr double kTie = 1e-9;    ///< weights are sums of doubles: closer than this is a tie

/// Sum of weights behind every class of one item.
std::vector<double> tally(const VoteTable& table, const std::vector<double>& weights, std::size_t item)
{
    std::vector<double> sums(static_cast<std::size_t>(table.classes), 0.0);
    for (std::size_t j = 0; j < table.sources.size(); ++j) {
        const int label = table.sources[j].labels[item];
        if (label != kAbstain) sums[static_cast<std::size_t>(label)] += weights[j];
    }
    return sums;
}

} // namespace

Pooled poolByMajority(const VoteTable& table)
{
    Pooled pooled;
    for (const SourceVotes& source : table.sources)
        pooled.weights.push_back(source.weight);
    pooled.posterior.reserve(table.items * static_cast<std::size_t>(table.classes));
    for (std::size_t i = 0; i < table.items; ++i) {
        const std::vector<double> sums = tally(table, pooled.weights, i);
        const double highest = *std::max_element(sums.begin(), sums.end());
        const auto wins = [&](double sum) { return sum >= highest - kTie; };
        const auto winners = static_cast<float>(std::count_if(sums.begin(), sums.end(), wins));
        for (const double sum : sums)
            pooled.posterior.push_back(wins(sum) ? 1.0F / winners : 0.0F);
    }
    labelByPosterior(pooled, table.classes);
    return pooled;
}

Pooled poolByAccuracy(const VoteTable& table, const Anchors& anchors)
{
    if (anchors.items.empty()) {
        Pooled pooled = poolByMajority(table);
        pooled.degraded = "Weighted by accuracy without anchors: every source counts the same, which is majority vote.";
        return pooled;
    }
    const double others = table.classes - 1;
    std::vector<AnchorCount> counts;
    AnchorCount all;
    for (const SourceVotes& source : table.sources) {
        counts.push_back(countOnAnchors(source, anchors));
        all.right += counts.back().right;
        all.labelled += counts.back().labelled;
    }
    const double mean =
        (static_cast<double>(all.right) + 1) / (static_cast<double>(all.labelled) + static_cast<double>(table.classes));
    Pooled pooled;
    for (std::size_t j = 0; j < table.sources.size(); ++j) {
        const double a = (static_cast<double>(counts[j].right) + kShrinkage * mean) /
                         (static_cast<double>(counts[j].labelled) + kShrinkage);
        pooled.weights.push_back(table.sources[j].weight * std::max(0.0, std::log(others * a / (1 - a))));
    }
    pooled.posterior.reserve(table.items * static_cast<std::size_t>(table.classes));
    for (std::size_t i = 0; i < table.items; ++i) {
        std::vector<double> scores = tally(table, pooled.weights, i);
        normaliseLogs(scores);
        for (const double p : scores)
            pooled.posterior.push_back(static_cast<float>(p));
    }
    labelByPosterior(pooled, table.classes);
    return pooled;
}

} // namespace gradus::signals
