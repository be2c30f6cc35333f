// SPDX-License-Identifier: GPL-3.0-or-later
// Losses for a student taught by somebody weaker than itself. Each is the cross-entropy against targets that are made
// anew in every batch from the teacher's labels and the student's own (detached) opinion.
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
    };
    Kind kind = Kind::CrossEntropy;
    double weight = 0.5;     ///< [0, 1]
    double warmup = 0.2;     ///< share of all steps
    double selfExponent = 1; ///< 0 or more
    double weakExponent = 1; ///< 0 or more
    double window = 0.15;    ///< above 0
};

/// "cross-entropy", "confidence", "product" or "window"; anything else is bad input.
Result<WeakLoss::Kind> weakLossOf(const std::string& name);

/// Targets of one batch, N x K row-major: weak are the teacher's, own the student's probabilities. progress is the
/// share of steps done, 0 to 1. Rows sum to 1. Confidence: with two classes the own decision puts as many items of the
/// batch into class 1 as the teacher's mean says (its most probable ones; ties to the earlier item), with more it is
/// the argmax. Window: an item outside it is given its own probabilities, against which cross-entropy has no gradient;
/// the mean stays one over the whole batch.
std::vector<float> weakTargets(const WeakLoss& loss, std::span<const float> weak, std::span<const float> own,
                               int classes, double progress);

} // namespace gradus::engine
