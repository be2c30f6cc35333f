// SPDX-License-Identifier: GPL-3.0-or-later
// The recommended pool: confusions from anchors, sources that err together share one voice, evidence adds up in logs.
//   log q_i(k) = log pi_k + sum_j w_j gamma_j log Theta_j[k, l_ij] - log Z
// Exact copies of a source are pooled as that one source, so copying it any number of times moves nothing, bit for bit.
#pragma once

#include "signals/votes.h"

#include <cstddef>
#include <span>
#include <vector>

namespace gradus::signals {

struct PoolOptions
{
    double shrinkage = 6;      ///< a: anchors' worth of trust in the family's confusion and in temperature 1
    double priorStrength = 10; ///< anchors' worth of trust in the uniform class prior
    bool discount = true;      ///< divide the voice of sources whose errors correlate; off only to compare
};

/// One distinct source of a fitted pool: a source, or a clique of exact copies.
struct PoolMember
{
    std::vector<std::size_t> copies; ///< indices into the table; the first one speaks
    double weight = 1;               ///< w_j gamma_j; gamma is the largest of the copies'
    std::vector<double> confusion;   ///< K x K row-major: P(label = column | truth = row); empty if it gives
                                     ///< probabilities
    double temperature = 1;          ///< its probabilities are raised to 1 / temperature
};

struct AnchoredPoolFit
{
    std::vector<double> prior; ///< K
    std::vector<PoolMember> members;
    std::string degraded;
};

/// Fits the sources named by chosen (indices into the table; those of weight 0 are skipped).
/// With anchors: Theta_j[k, l] = (n_jkl + a Theta_f[k, l]) / (n_jk + a), Theta_f the symmetric confusion of j's family;
/// a temperature for sources that give probabilities; w_j = 1 / sum_k R_jk, R the shrunk positive error phi.
/// Without anchors, a named degraded mode: every source has the accuracy that the typical pair's agreement implies, R
/// is agreement beyond that. The table must have passed checkVotes.
AnchoredPoolFit fitAnchoredPool(const VoteTable& table, const Anchors& anchors, std::span<const std::size_t> chosen,
                                const PoolOptions& options = {});

/// K probabilities of one item of the table that was fitted. A source's probabilities already hold the class prior, so
/// log p - log pi is its evidence.
std::vector<double> pooledPosterior(const AnchoredPoolFit& fit, const VoteTable& table, std::size_t item);

/// All sources, all items.
Pooled poolAnchored(const VoteTable& table, const Anchors& anchors, const PoolOptions& options = {});

} // namespace gradus::signals
