// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/source_worth.h"

#include "signals/anchored_pool.h"
#include "signals/binomial_bounds.h"
#include "signals/redundancy.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace gradus::signals {

namespace {

constexpr std::size_t kFolds = 5;
constexpr std::size_t kLeastAnchors = 10;

using Chosen = std::vector<std::size_t>;

/// The anchors as a table of their own: a pool with anchors looks at nothing else, and copies stay small.
struct AnchorTable
{
    VoteTable table;
    Anchors all; ///< item a is anchor a
};

AnchorTable onlyAnchors(const VoteTable& table, const Anchors& anchors)
{
    const auto width = static_cast<std::size_t>(table.classes);
    AnchorTable small{{table.classes, anchors.items.size(), {}}, {{}, anchors.truth}};
    small.all.items.resize(anchors.items.size());
    std::iota(small.all.items.begin(), small.all.items.end(), 0);
    for (const SourceVotes& source : table.sources) {
        SourceVotes part{source.name, {}, {}, source.weight, source.family};
        for (const std::size_t item : anchors.items) {
            part.labels.push_back(source.labels[item]);
            if (source.probabilities.empty()) continue;
            const auto row = source.probabilities.begin() + static_cast<std::ptrdiff_t>(item * width);
            part.probabilities.insert(part.probabilities.end(), row, row + table.classes);
        }
        small.table.sources.push_back(std::move(part));
    }
    return small;
}

/// -log q(truth) of every anchor under a pool of the chosen sources that was fitted on the other folds.
std::vector<double> lossesOf(const AnchorTable& small, const Chosen& chosen)
{
    const std::size_t n = small.all.items.size();
    std::vector<double> losses(n);
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
        Anchors seen;
        for (std::size_t a = 0; a < n; ++a)
            if (a % kFolds != fold) {
                seen.items.push_back(a);
                seen.truth.push_back(small.all.truth[a]);
            }
        const AnchoredPoolFit fit = fitAnchoredPool(small.table, seen, chosen);
        for (std::size_t a = fold; a < n; a += kFolds) {
            const double q = pooledPosterior(fit, small.table, a)[static_cast<std::size_t>(small.all.truth[a])];
            losses[a] = -std::log(std::max(q, 1e-300));
        }
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

double effectiveAmong(const SourceMatrix& redundancy, const Chosen& chosen)
{
    SourceMatrix part(chosen.size());
    for (std::size_t a = 0; a < chosen.size(); ++a)
        for (std::size_t b = a + 1; b < chosen.size(); ++b)
            part.set(a, b, redundancy.at(chosen[a], chosen[b]));
    return effectiveSources(part);
}

Chosen activeSources(const VoteTable& table)
{
    Chosen active;
    for (std::size_t j = 0; j < table.sources.size(); ++j)
        if (table.sources[j].weight > 0) active.push_back(j);
    return active;
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
    const std::vector<double> all = lossesOf(small, active);
    std::vector<SourceWorth> worths;
    for (std::size_t j = 0; j < table.sources.size(); ++j) {
        SourceWorth worth{table.sources[j].name, {0, 0, 0, static_cast<long long>(all.size())}, 0};
        if (table.sources[j].weight > 0) {
            const Chosen others = without(active, j);
            worth.lossSaved = pairedSaving(lossesOf(small, others), all);
            worth.effectiveSources = effectiveAmong(shared, active) - effectiveAmong(shared, others);
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
                         effectiveAmong(shared, taken)});
        before = std::move(bestLosses);
    }
    return steps;
}

} // namespace gradus::signals
