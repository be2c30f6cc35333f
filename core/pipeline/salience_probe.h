// SPDX-License-Identifier: GPL-3.0-or-later
// How much of what a rung can learn can be read off its body before it is tuned: a linear probe on the anchors.
#pragma once

#include "events/events.h"
#include "pipeline/stage_context.h"

#include <optional>

namespace gradus::pipeline {

/// What five folds of anchors read; no accuracy where there are too few anchors, or items of more than two sequences.
struct ProbedBase
{
    std::optional<Estimate> accuracy;
    double majority = 0; ///< of always naming the commonest class
};

/// Of the base that the generation is tuned from. An item of two sequences is the difference of their features.
Result<ProbedBase> probedBase(const StageContext& context, int rung, int generation, const PretrainProgress& progress);

/// (accuracy - majority) / (ceiling - majority), see signatures::salience; none without a ceiling.
std::optional<Estimate> salienceOf(const ProbedBase& base, const std::optional<Estimate>& ceiling);

/// C(A) of a finished generation: what truth taught the same base, which for A_1 is itself.
std::optional<Estimate> ceilingOf(const events::GenerationRecord& record);

} // namespace gradus::pipeline
