// SPDX-License-Identifier: GPL-3.0-or-later
// Small steps that every aggregator takes: log scores to a posterior, a posterior to labels, anchors to a class prior.
#pragma once

#include "signals/votes.h"

#include <span>
#include <vector>

namespace gradus::signals {

/// Turns K log scores into probabilities in place (log-sum-exp; equal scores stay equal).
void normaliseLogs(std::span<double> scores);

/// Fills labels from posterior (N x K): the most probable class, the lowest of tied ones.
void labelByPosterior(Pooled& pooled, int classes);

/// Class prior from anchors shrunk to uniform: (n_k + strength / K) / (n + strength). No anchors: uniform.
std::vector<double> anchoredPrior(const Anchors& anchors, int classes, double strength);

/// What anchors say of one source's accuracy.
struct AnchorCount
{
    long long right = 0;
    long long labelled = 0; ///< anchors on which it does not abstain
};
AnchorCount countOnAnchors(const SourceVotes& source, const Anchors& anchors);

} // namespace gradus::signals
