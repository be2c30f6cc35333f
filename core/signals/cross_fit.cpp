// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/cross_fit.h"

#include "signals/anchored_pool.h"

#include <algorithm>
#include <numeric>

namespace gradus::signals {

namespace {

constexpr std::size_t kFolds = 5;

/// Those of the other folds.
Anchors seenWithout(const Anchors& anchors, std::size_t fold)
{
    Anchors seen;
    for (std::size_t a = 0; a < anchors.items.size(); ++a)
        if (a % kFolds != fold) {
            seen.items.push_back(anchors.items[a]);
            seen.truth.push_back(anchors.truth[a]);
        }
    return seen;
}

/// The rows of every step-th anchor from the first on, of a pool of the whole table.
void copyRows(const Pooled& pooled, const Anchors& anchors, std::size_t first, std::size_t step, std::size_t width,
              std::vector<double>& rows)
{
    for (std::size_t a = first; a < anchors.items.size(); a += step)
        std::copy_n(pooled.posterior.begin() + static_cast<std::ptrdiff_t>(anchors.items[a] * width), width,
                    rows.begin() + static_cast<std::ptrdiff_t>(a * width));
}

} // namespace

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

std::vector<double> heldOutPosteriors(const AnchorTable& small, std::span<const std::size_t> chosen)
{
    const std::size_t n = small.all.items.size();
    const auto width = static_cast<std::size_t>(small.table.classes);
    std::vector<double> posteriors(n * width);
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
        const AnchoredPoolFit fit = fitAnchoredPool(small.table, seenWithout(small.all, fold), chosen);
        for (std::size_t a = fold; a < n; a += kFolds) {
            const std::vector<double> posterior = pooledPosterior(fit, small.table, a);
            std::copy(posterior.begin(), posterior.end(), posteriors.begin() + static_cast<std::ptrdiff_t>(a * width));
        }
    }
    return posteriors;
}

std::vector<double> posteriorsOnAnchors(Aggregate method, const VoteTable& table, const Pooled& pooled,
                                        const Anchors& anchors)
{
    const auto width = static_cast<std::size_t>(table.classes);
    std::vector<double> rows(anchors.items.size() * width);
    if (rows.empty()) return rows;
    switch (method) {
    case Aggregate::AnchoredPool:
        return heldOutPosteriors(onlyAnchors(table, anchors), activeSources(table));
    case Aggregate::Weighted:
    case Aggregate::Snorkel:
        for (std::size_t fold = 0; fold < std::min(kFolds, anchors.items.size()); ++fold)
            copyRows(aggregate(method, table, seenWithout(anchors, fold)).value(), anchors, fold, kFolds, width, rows);
        break;
    case Aggregate::Majority:
    case Aggregate::DawidSkene:
    case Aggregate::Glad:
        copyRows(pooled, anchors, 0, 1, width, rows);
        break;
    }
    return rows;
}

std::vector<std::size_t> activeSources(const VoteTable& table)
{
    std::vector<std::size_t> active;
    for (std::size_t j = 0; j < table.sources.size(); ++j)
        if (table.sources[j].weight > 0) active.push_back(j);
    return active;
}

} // namespace gradus::signals
