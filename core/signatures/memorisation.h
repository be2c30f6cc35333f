// SPDX-License-Identifier: GPL-3.0-or-later
// Memorisation: items with drawn labels were planted among those that a model was taught. Nothing but having seen them
// lets it answer them as drawn (Carlini et al., arXiv 1802.08232, brought from sequences to labels).
#pragma once

#include "signatures/verdict.h"

#include <vector>

namespace gradus::signatures {

/// Of each canary, planted or kept back: log-probability (natural) of the answer that was drawn for it. Both kinds are
/// drawn alike, so that without memory the two lists have one distribution.
struct CanaryScores
{
    std::vector<double> logs;
    std::vector<int> hits; ///< 1 where that answer is the model's own; as long as logs
};

struct MemorisationInput
{
    CanaryScores planted;
    CanaryScores keptBack; ///< never taught
};

struct MemorisationThresholds
{
    double area = 0.6; ///< any fit favours what was taught a little; at 0.6 it does so in three comparisons of five
    int canaries = 20; ///< of either kind; fewer give no figure
};

/// log2(M + 1) - log2(rank) of a planted canary among the M kept back, ties counted half; Carlini's exposure with the
/// kept-back ones as the space of candidates. bits, 0 to log2(M + 1).
std::vector<double> exposures(const CanaryScores& planted, const CanaryScores& keptBack);
/// What its mean is where nothing was memorised.
double exposureByChance(std::size_t keptBack);

/// Statistic: how often a planted canary's drawn answer is the more probable one of it and one kept back (the area
/// under the ROC curve), held against thresholds.area; fires when the interval is above it. Mean exposure and the
/// shares answered as drawn stand in the sentence.
Verdict memorisation(const MemorisationInput& input, const MemorisationThresholds& thresholds = {});

} // namespace gradus::signatures
