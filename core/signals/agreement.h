// SPDX-License-Identifier: GPL-3.0-or-later
// How alike two sources are, and how much many raters agree: pure functions of labels. Items on which either side
// abstains (kAbstain) are left out. None where the quantity is not defined, e.g. without a single shared item.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace gradus::signals {

/// Correlation of two sources' errors: phi = (n11 n00 - n10 n01) / sqrt(n1. n0. n.1 n.0), Pearson's r of {0, 1}.
struct ErrorPhi
{
    double phi = 0;
    double largest = 1; ///< phi_max: what two sources of these error rates can reach at most; 1 only for equal rates
    double ratio = 0;   ///< phi / phi_max
    long long n = 0;    ///< items with both labels
};

/// None if either source is always right or always wrong on the shared items. Spans of equal length.
std::optional<ErrorPhi> errorPhi(std::span<const int> a, std::span<const int> b, std::span<const int> truth);

/// Observed agreement, what chance alone would give, and (observed - expected) / (1 - expected).
struct Agreement
{
    double observed = 0;
    double expected = 0;
    double kappa = 0;
    long long n = 0;
};

/// Cohen's kappa on labels.
std::optional<Agreement> cohenKappa(std::span<const int> a, std::span<const int> b, int classes);

/// Error consistency (Geirhos et al., NeurIPS 2020): both right or both wrong, beyond what the two accuracies imply.
std::optional<Agreement> errorConsistency(std::span<const int> a, std::span<const int> b, std::span<const int> truth);

/// CAPA kappa_p (Goel et al., arXiv 2502.04313) of two N x K tables of probabilities, K the same on every item:
/// observed = mean of sum_k p1 p2; expected = a1 a2 + (1 - a1)(1 - a2) / (K - 1), a = mean probability of the truth.
/// Unlike error consistency it counts which wrong answer is given.
std::optional<Agreement> capa(std::span<const float> a, std::span<const float> b, std::span<const int> truth,
                              int classes);

/// CAPA of one-hot answers.
std::optional<Agreement> capaOfLabels(std::span<const int> a, std::span<const int> b, std::span<const int> truth,
                                      int classes);

/// Fleiss' kappa (1971) of an N x K table of counts; every row sums to the same number of raters, at least two.
std::optional<Agreement> fleissKappa(std::span<const int> counts, int classes);

/// Krippendorff's alpha for nominal labels, raters x N, with kAbstain for a missing value: 1 - D_o / D_e. Units with
/// fewer than two labels are left out. None when all pairable labels are one class.
std::optional<double> krippendorffAlpha(const std::vector<std::vector<int>>& raters, int classes);

} // namespace gradus::signals
