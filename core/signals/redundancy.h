// SPDX-License-Identifier: GPL-3.0-or-later
// How many independent sources a set of sources is worth: correlation of their errors, the discount that follows from
// it, and effective numbers of sources.
#pragma once

#include "signals/votes.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace gradus::signals {

/// Symmetric m x m table over sources, row-major, 1 on the diagonal.
struct SourceMatrix
{
    std::size_t size = 0;
    std::vector<double> values;

    explicit SourceMatrix(std::size_t sources = 0);
    double at(std::size_t a, std::size_t b) const { return values[a * size + b]; }
    void set(std::size_t a, std::size_t b, double value) { values[a * size + b] = values[b * size + a] = value; }
};

/// Error phi of every pair on the anchors that both label (see errorPhi), as measured; 0 where it is not defined.
/// Exact copies have 1.
SourceMatrix errorCorrelation(const VoteTable& table, const Anchors& anchors);

/// The median over pairs of the share of jointly labelled items on which the pair agrees. None without such a pair.
std::optional<double> typicalAgreement(const VoteTable& table);

/// Share of items on which a pair agrees beyond what equally accurate independent sources would, (c - c_0) / (1 - c_0)
/// with c_0 = typicalAgreement. The reading of redundancy that needs no anchors. Copies have 1.
SourceMatrix excessAgreement(const VoteTable& table);

/// Shrinks the positive part of what n shared items said: (1 - lambda) max(0, r), lambda = min(1, 10 / n + 0.02).
/// A correlation that few items support discounts little.
double shrunkRedundancy(double correlation, long long n);

/// The matrix R of the pool: shrunkRedundancy of error phi on anchors, or of excess agreement when there are none.
SourceMatrix redundancy(const VoteTable& table, const Anchors& anchors);

/// w_j = 1 / sum_k R_jk min(1, gamma_k / gamma_j): g copies get 1 / g each, a source fades out as its weight does.
std::vector<double> redundancyDiscount(const SourceMatrix& redundancy, const std::vector<double>& gammas);

/// Places of the sources of whose errors something is known: those that label an anchor or, without anchors, all. Of
/// another nothing tells with whom it errs, so that counting it as independent would be a guess in its favour.
std::vector<std::size_t> judgedSources(const VoteTable& table, const Anchors& anchors);

/// The table over the chosen sources alone, in their order.
SourceMatrix among(const SourceMatrix& matrix, const std::vector<std::size_t>& chosen);

/// m / (1 + (m - 1) rho), rho the mean off the diagonal, negative means taken as 0.
double effectiveSources(const SourceMatrix& correlation);

/// (sum of eigenvalues)^2 / sum of their squares, which for a symmetric matrix is trace^2 / sum of squared entries.
double effectiveSourcesSpectral(const SourceMatrix& correlation);

/// True if two sources say the same everywhere: labels and probabilities equal, item by item.
bool exactCopies(const SourceVotes& a, const SourceVotes& b);

} // namespace gradus::signals
