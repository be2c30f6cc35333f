// SPDX-License-Identifier: GPL-3.0-or-later
// Snorkel's label model (Ratner et al., AAAI 2019): accuracies from the moments of agreement by matrix completion.
// Assumes that sources err independently given the truth.
#pragma once

#include "signals/votes.h"

#include <vector>

namespace gradus::signals {

struct LabelModelFit
{
    std::vector<double> conditional; ///< m x K x K: P(label_j = l | truth = k) at (j K + l) K + k; rest is abstention
    std::vector<double> prior;       ///< K
    double loss = 0;                 ///< of the moments at the end
};

/// Minimises |(O - mu P mu') off the sources' own blocks|^2 + |mu P 1 - diag O|^2 over mu, O = L'L / N the moments of
/// the one-hot votes, P = diag(prior). Adam from a diagonal start of 0.7; deterministic. At least three sources; the
/// table must have passed checkVotes.
LabelModelFit fitLabelModel(const VoteTable& table, const std::vector<double>& prior);

/// Posterior ~ prior_k prod_j mu_j[l_ij, k]^gamma_j. The prior comes from anchors shrunk to uniform, or is uniform.
/// With fewer than three sources: majority, as a named degraded mode.
Pooled poolByLabelModel(const VoteTable& table, const Anchors& anchors);

} // namespace gradus::signals
