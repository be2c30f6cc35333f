// SPDX-License-Identifier: GPL-3.0-or-later
// Dawid and Skene (Applied Statistics 28, 1979): confusions of every source and the truth together, by EM, from
// agreement alone. Assumes that sources err independently given the truth; a clique that errs together is believed.
#pragma once

#include "signals/votes.h"

#include <cstddef>
#include <vector>

namespace gradus::signals {

struct DawidSkeneOptions
{
    double smoothing = 0.1; ///< symmetric Dirichlet pseudo-count on rows of confusions and on the prior; 0: none
    int maxIterations = 500;
    double tolerance = 1e-7;         ///< stop when no posterior moves by more
    std::vector<std::size_t> groups; ///< per source, 0-based: sources of one group share a confusion, e.g. one person
                                     ///< asked three times; empty: every source is its own group
};

struct DawidSkeneFit
{
    std::vector<double> prior;                  ///< K
    std::vector<std::vector<double>> confusion; ///< per group, K x K row-major: P(label = column | truth = row)
    std::vector<double> posterior;              ///< N x K row-major
    int iterations = 0;
    bool converged = false;
};

/// E: T_ik ~ pi_k prod_j Theta_j[k, l_ij] (eq. 2.5); M: pi = mean T, Theta_j[k, l] ~ sum_i T_ik 1[l_ij = l] (2.3, 2.4).
/// Starts from the shares of votes (3.1), skips abstentions, counts a vote by its source's weight. Deterministic. The
/// table must have passed checkVotes.
DawidSkeneFit fitDawidSkene(const VoteTable& table, const DawidSkeneOptions& options = {});

/// The fit's posterior. With fewer than three sources the model is not identified: a named degraded mode.
Pooled poolByDawidSkene(const VoteTable& table);

} // namespace gradus::signals
