// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/source_worth.h"

#include "signals/binomial_bounds.h"
#include "signals/cross_fit.h"
#include "signals/redundancy.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::signals {

namespace {

constexpr std::size_t kLeastAnchors = 10;

using Chosen = std::vector<std::size_t>;

/// -log q(truth) of every anchor under a pool of the chosen sources that has not seen it.
std::vector<double> lossesOf(const AnchorTable& small, const Chosen& chosen)
{
    const auto width = static_cast<std::size_t>(small.table.classes);
    const std::vector<double> posteriors = heldOutPosteriors(small, chosen);
    std::vector<double> losses;
    for (std::size_t a = 0; a < small.all.truth.size(); ++a) {
        const double q = posteriors[a * width + static_cast<std::size_t>(small.all.truth[a])];
        losses.push_back(-std::log(std::max(q, 1e-300)));
    }
    return losses;
}

Estimate pairedSaving(const std::vector<double>& before, const std::vector<double>& after)
{
    MeanOf mean;
    for (std::size_t a = 0; a < before.size(); ++a)
        mean.add(before[a] - after[a]);
    return mean.estimate();
}

double mean(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// N_eff of the chosen ones of which it is known.
double effectiveAmong(const SourceMatrix& redundancy, const Chosen& judged, Chosen chosen)
{
    std::erase_if(chosen, [&](std::size_t j) { return std::ranges::find(judged, j) == judged.end(); });
    return effectiveSources(among(redundancy, chosen));
}

Chosen without(Chosen chosen, std::size_t source)
{
    std::erase(chosen, source);
    return chosen;
}

Result<void> checkForWorth(const VoteTable& table, const Anchors& anchors)
{
    if (auto sound = checkVotes(table, anchors); !sound) return sound;
    if (anchors.items.size() >= kLeastAnchors) return {};
    return badInput("The worth of sources needs at least " + std::to_string(kLeastAnchors) + " anchors, there are " +
                    std::to_string(anchors.items.size()) + ": label more items by hand.");
}

} // namespace

Result<std::vector<SourceWorth>> sourceWorth(const VoteTable& table, const Anchors& anchors)
{
    if (auto sound = checkForWorth(table, anchors); !sound) return sound.error();
    const AnchorTable small = onlyAnchors(table, anchors);
    const Chosen active = activeSources(table);
    const SourceMatrix shared = redundancy(table, anchors);
    const Chosen judged = judgedSources(table, anchors);
    const std::vector<double> all = lossesOf(small, active);
    std::vector<SourceWorth> worths;
    for (std::size_t j = 0; j < table.sources.size(); ++j) {
        SourceWorth worth{table.sources[j].name, {0, 0, 0, static_cast<long long>(all.size())}, 0};
        if (table.sources[j].weight > 0) {
            const Chosen others = without(active, j);
            worth.lossSaved = pairedSaving(lossesOf(small, others), all);
            worth.effectiveSources = effectiveAmong(shared, judged, active) - effectiveAmong(shared, judged, others);
        }
        worths.push_back(std::move(worth));
    }
    return worths;
}

Result<std::vector<MarginalBenefit>> marginalBenefit(const VoteTable& table, const Anchors& anchors)
{
    if (auto sound = checkForWorth(table, anchors); !sound) return sound.error();
    const AnchorTable small = onlyAnchors(table, anchors);
    const SourceMatrix shared = redundancy(table, anchors);
    const Chosen judged = judgedSources(table, anchors);
    Chosen left = activeSources(table);
    Chosen taken;
    std::vector<double> before = lossesOf(small, taken);
    std::vector<MarginalBenefit> steps;
    while (!left.empty()) {
        std::size_t best = left.front();
        std::vector<double> bestLosses;
        for (const std::size_t candidate : left) {
            Chosen trial = taken;
            trial.push_back(candidate);
            std::vector<double> losses = lossesOf(small, trial);
            if (bestLosses.empty() || mean(losses) < mean(bestLosses)) {
                best = candidate;
                bestLosses = std::move(losses);
            }
        }
        taken.push_back(best);
        left = without(std::move(left), best);
        steps.push_back({table.sources[best].name, pairedSaving(before, bestLosses), mean(bestLosses),
                         effectiveAmong(shared, judged, taken)});
        before = std::move(bestLosses);
    }
    return steps;
}

} // namespace gradus::signals
