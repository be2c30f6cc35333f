// SPDX-License-Identifier: GPL-3.0-or-later
// Losses for a student taught by somebody weaker than itself, or by labels that are known to be noisy. Each is the
// cross-entropy against targets that are made anew in every batch from the teacher's labels and the student's own
// (detached) opinion; what a step reports as its loss is that cross-entropy.
#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <vector>

namespace gradus::engine {

/// After Burns et al. (arXiv 2312.09390) and the variants that EleutherAI compared.
struct WeakLoss
{
    enum class Kind
    {
        CrossEntropy, ///< the teacher's labels as they are
        Confidence,   ///< (1 - a) CE(f, weak) + a CE(f, own decision); a rises linearly to weight over warmup
        Product,      ///< target proportional to own^selfExponent x weak^weakExponent
        Window,       ///< only items whose largest own probability is below 1/K + window teach
        Forward,      ///< -sum_l weak_l log sum_k own_k noise_kl (Patrini et al., arXiv 1609.03683)
        Generalised,  ///< sum_k weak_k (1 - own_k^q) / q (Zhang and Sabuncu, arXiv 1805.07836)
    };
    Kind kind = Kind::CrossEntropy;
    double weight = 0.5;     ///< [0, 1]
    double warmup = 0.2;     ///< share of all steps
    double selfExponent = 1; ///< 0 or more
    double weakExponent = 1; ///< 0 or more
    double window = 0.15;    ///< above 0
    double q = 0.7;          ///< (0, 1]; towards 0 cross-entropy, at 1 the mean absolute error
    /// Forward: K x K row-major, row k the probabilities of every label where k is true; rows sum to 1.
    std::vector<double> noise = {};
};

/// Right answers keep their label with probability 1 - rate, and the wrong ones share the rest evenly. rate in [0, 1).
std::vector<double> evenNoise(double rate, int classes);

/// "cross-entropy", "confidence", "product", "window", "forward" or "generalised"; anything else is bad input.
Result<WeakLoss::Kind> weakLossOf(const std::string& name);

/// Targets of one batch, N x K row-major: weak are the teacher's, own the student's probabilities. progress is the
/// share of steps done, 0 to 1. Rows sum to 1. Confidence: with two classes the own decision puts as many items of the
/// batch into class 1 as the teacher's mean says (its most probable ones; ties to the earlier item), with more it is
/// the argmax. Window: an item outside it is given its own probabilities, against which cross-entropy has no gradient;
/// the mean stays one over the whole batch. Forward: the true class's posterior under the label and the own opinion,
/// against which cross-entropy has the gradient of the corrected loss. Generalised: weak_k own_k^q, and the own
/// probabilities for the share that this leaves, which again is the loss's own gradient.
std::vector<float> weakTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                               int classes, double progress);

} // namespace gradus::engine
