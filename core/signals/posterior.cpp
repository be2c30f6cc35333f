// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/posterior.h"

#include <algorithm>
#include <cmath>

namespace gradus::signals {

void normaliseLogs(std::span<double> scores)
{
    const double highest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) {
        score = std::exp(score - highest);
        sum += score;
    }
    for (double& score : scores)
        score /= sum;
}

void labelByPosterior(Pooled& pooled, int classes)
{
    const auto width = static_cast<std::size_t>(classes);
    const std::size_t items = pooled.posterior.size() / width;
    pooled.labels.resize(items);
    for (std::size_t i = 0; i < items; ++i) {
        const auto row = pooled.posterior.begin() + static_cast<std::ptrdiff_t>(i * width);
        pooled.labels[i] = static_cast<int>(std::max_element(row, row + classes) - row);
    }
}

std::vector<double> anchoredPrior(const Anchors& anchors, int classes, double strength)
{
    std::vector<double> prior(static_cast<std::size_t>(classes), strength / classes);
    for (const int truth : anchors.truth)
        prior[static_cast<std::size_t>(truth)] += 1;
    for (double& p : prior)
        p /= static_cast<double>(anchors.truth.size()) + strength;
    return prior;
}

AnchorCount countOnAnchors(const SourceVotes& source, const Anchors& anchors)
{
    AnchorCount count;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        const int label = source.labels[anchors.items[a]];
        if (label == kAbstain) continue;
        ++count.labelled;
        count.right += label == anchors.truth[a] ? 1 : 0;
    }
    return count;
}

} // namespace gradus::signals
