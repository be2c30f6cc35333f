// SPDX-License-Identifier: GPL-3.0-or-later
// How much of what a rung can learn can be read off its body before it is tuned: a linear probe on the anchors.
#pragma once

#include "events/events.h"
#include "pipeline/stage_context.h"

#include <optional>
#include <string>

namespace gradus::pipeline {

inline constexpr const char* kUnprobedEvent = "salience.degraded"; ///< there are anchors, and no probe can read them

/// What five folds of anchors read.
struct ProbedBase
{
    std::optional<Estimate> accuracy; ///< none without anchors, or where they cannot be probed
    double majority = 0;              ///< of always naming the commonest class
    std::string refusal = {};         ///< why anchors that are there cannot be probed, else empty
};

/// Of the base that the generation is tuned from. An item of two sequences is the difference of their features; of one
/// with more, each sequence is held against the others (signatures::crossValidatedChoice).
Result<ProbedBase> probedBase(const StageContext& context, int rung, int generation, const PretrainProgress& progress);

/// (accuracy - majority) / (ceiling - majority), see signatures::salience; none without a ceiling.
std::optional<Estimate> salienceOf(const ProbedBase& base, const std::optional<Estimate>& ceiling);

/// C(A) of a finished generation: what truth taught the same base, which for A_1 is itself.
std::optional<Estimate> ceilingOf(const events::GenerationRecord& record);

} // namespace gradus::pipeline
