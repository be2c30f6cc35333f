// SPDX-License-Identifier: GPL-3.0-or-later
// GLAD (Whitehill et al., NeurIPS 2009): ability of every source and difficulty of every item, by EM. Assumes that
// sources err independently given truth and difficulty.
#pragma once

#include "signals/votes.h"

#include <vector>

namespace gradus::signals {

struct GladFit
{
    std::vector<double> ability;   ///< m: alpha_j; 0 is chance between right and wrong, below 0 adversarial
    std::vector<double> ease;      ///< N: beta_i > 0; large is easy
    std::vector<double> posterior; ///< N x K row-major
    int iterations = 0;
};

/// P(l_ij = z_i) = s(alpha_j beta_i), s the logistic function; every wrong class alike, (1 - s) / (K - 1). Priors:
/// alpha ~ N(1, 1), log beta ~ N(0, 1), truth uniform. Starts from the priors' means. Deterministic. The table must
/// have passed checkVotes.
GladFit fitGlad(const VoteTable& table, int maxIterations = 60);

/// The fit's posterior; effective weights are abilities relative to the ablest, not below 0.
Pooled poolByGlad(const VoteTable& table);

} // namespace gradus::signals
