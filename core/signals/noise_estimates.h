// SPDX-License-Identifier: GPL-3.0-or-later
// How often a source is wrong, estimated in ways that fail differently. Show at least two, and their disagreement.
#pragma once

#include "signals/votes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradus::signals {

/// A rate of wrong labels. lower and upper are each a one-sided 95 % bound. If refusal is not empty, it says in one
/// sentence why there is no number, and the numbers mean nothing.
struct NoiseEstimate
{
    std::string method; ///< "anchors" | "judge" | "agreement" | "confident" | "dawid-skene" | "loss-mixture"
    double estimate = 0;
    double lower = 0;
    double upper = 1;
    long long n = 0; ///< items behind it
    std::string refusal;
};

/// Share of wrong labels on anchors, with Clopper-Pearson bounds: the only estimate that shared errors cannot fool.
NoiseEstimate anchorNoise(const SourceVotes& source, const Anchors& anchors);

/// The truth behind a judge who finds `flagged` of n labels wrong, with the given sensitivity (share of wrong labels it
/// flags) and specificity (share of right ones it passes): Rogan and Gladen (1978), (p + sp - 1) / (se + sp - 1),
/// clipped to [0, 1]. The bounds map those of p and take se and sp as known. Refused when se + sp <= 1.
NoiseEstimate judgedNoise(long long flagged, long long n, double sensitivity, double specificity);

/// Per source, binary only: |b_i| = median over pairs (j, k) of sqrt |M_ij M_ik / M_jk|, M = E[l_i l_j] on {-1, 1},
/// noise (1 - b) / 2, for sources better than chance that err independently; shared errors make it too low. Bounds by a
/// seeded bootstrap over items. Needs three sources.
std::vector<NoiseEstimate> agreementNoise(const VoteTable& table, std::uint64_t seed, int draws = 200);

/// Confident learning (Northcutt et al., JAIR 2021): thresholds t_j = mean p_j over items labelled j; item counts for
/// its most probable class above threshold; counts rescaled to the label counts; 1 - trace. `probabilities` (N x K)
/// must come from a model that did not train on the item. Wilson bounds: sampling alone. Refused where the model's
/// decisions agree with no more of the labels than their commonest class does: of a model that learnt nothing the
/// method says 1 - 1/K, whatever the labels are.
NoiseEstimate confidentNoise(std::span<const int> labels, std::span<const float> probabilities, int classes);

/// Per source: sum_k pi_k (1 - Theta_j[k, k]) of the Dawid-Skene fit. Wilson bounds: sampling alone, not the model's
/// assumption of independence. Needs three sources.
std::vector<NoiseEstimate> dawidSkeneNoise(const VoteTable& table);

/// Mean posterior of the upper mode of two Gaussians fitted to per-item losses by EM, after warm-up and before the
/// model has memorised its labels. Refused below 20 losses, and when the modes are not apart: Ashman's
/// D = sqrt 2 |m1 - m2| / sqrt(s1^2 + s2^2) below 2.
NoiseEstimate lossMixtureNoise(std::span<const double> losses);

/// Fires when an estimate from agreement lies below the lower bound that anchors give the same source: the sources
/// share errors, and agreement mistakes them for truth. The sentence says so; none when nothing is amiss.
std::optional<std::string> sharedBiasAlarm(const NoiseEstimate& anchors, std::span<const NoiseEstimate> fromAgreement);

/// What labels and losses alone say of labels' noise, beside anchors if there are any (method "anchors").
inline constexpr const char* kDisagreementRule =
    "with anchors: the upper bound of an estimator that asks none lies below the lower bound that anchors give; "
    "without: "
    "the bounds of two estimators do not overlap (bounds: one-sided 95 % each)";
/// Fires by kDisagreementRule. With anchors it is an alarm of shared bias: labels are wrong in ways that a model which
/// learns from them finds natural, so that nothing but anchors shows it. Without, the sentence says that nobody knows
/// which estimator is right. None when nothing is amiss, or when fewer than two estimators speak.
std::optional<std::string> disagreementAlarm(std::span<const NoiseEstimate> estimates);

} // namespace gradus::signals
