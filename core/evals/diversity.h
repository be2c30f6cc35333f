// SPDX-License-Identifier: GPL-3.0-or-later
// How varied generated samples are: pure functions of token sequences. Compare them only at the same prompts, the same
// number of samples and the same length cap: each is biased by one of these, and each function says by which.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gradus::evals {

using Tokens = std::vector<std::int32_t>; ///< one sample, without its prompt
using Samples = std::vector<Tokens>;

/// Distinct-n (Li et al., NAACL 2016): different n-grams / all n-grams, pooled over the samples; in (0, 1]. n in 1..4.
/// Length-biased: longer texts repeat n-grams by necessity, so it falls with length at equal diversity. None when no
/// sample holds an n-gram or n is out of range.
std::optional<double> distinctN(const Samples& samples, int n);

/// Expectation-adjusted distinct (Liu et al., ACL 2022): D / (V (1 - ((V-1)/V)^C)) with D different of C n-grams and V
/// n-grams possible: the vocabulary for n = 1, at most its n-th power beyond. It takes out distinct-n's length bias
/// under uniform draws; real tokens are not uniform, so some is left. May exceed 1. None as distinctN, or possible < 1.
std::optional<double> expectationAdjustedDistinct(const Samples& samples, int n, double possible);

/// Self-BLEU-4 (Zhu et al., SIGIR 2018): mean over samples of BLEU-4 against all the others, in [0, 1]; high = alike.
/// Smoothing is Lin and Och's (2004; Chen and Cherry's method 2): one is added to matches and totals of n = 2..4. The
/// brevity penalty takes the nearest reference length. Grows with the number of samples, since there are more
/// references. Empty samples score 0. None for fewer than two samples.
std::optional<double> selfBleu4(const Samples& samples);

/// Share of 4-grams that already occurred earlier in the same sample, pooled over the samples; in [0, 1). Grows with
/// length. None when no sample is n tokens long.
std::optional<double> repeatFraction(const Samples& samples, int n = 4);

/// m x m row-major cosine similarity of the samples' n-gram counts, averaged over n = 1..largest; 1 on the diagonal,
/// positive semidefinite. Samples too short for an n-gram are alike to each other and to nothing else.
std::vector<double> ngramCosine(const Samples& samples, int largest = 2);

/// Vendi score (Friedman and Dieng, TMLR 2023): exp(-sum l log l), l the eigenvalues of K/m for a symmetric m x m
/// row-major similarity K with ones on the diagonal. The effective number of different samples, in [1, m]; it grows
/// with m. None when m < 1, the sizes disagree or an entry is not finite.
std::optional<double> vendiScore(std::span<const double> similarity, int m);
std::optional<double> vendiScore(const Samples& samples); ///< with ngramCosine

/// Mean of 1 - K over the pairs of different samples. Unbiased in m, but blind to structure beyond pairs. None for
/// m < 2 or sizes that disagree.
std::optional<double> meanPairwiseDistance(std::span<const double> similarity, int m);

/// Mean of -sum p log p over the rows of an N x vocabulary table of probabilities, in nats: one row a generated token,
/// at temperature 1. Moves with the sampling temperature and with length. None for an empty or ragged table or a row
/// that is not finite.
std::optional<double> tokenEntropy(std::span<const float> probabilities, int vocabulary);

/// Entropy of the pooled tokens' frequencies in nats: needs no probabilities, but is low for few tokens (at most the
/// log of their number). None without tokens.
std::optional<double> empiricalTokenEntropy(const Samples& samples);

} // namespace gradus::evals
