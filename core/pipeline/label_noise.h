// SPDX-License-Identifier: GPL-3.0-or-later
// How wrong the labels are that a generation is taught, by estimators that fail differently, side by side.
#pragma once

#include "pipeline/competence_stage.h"
#include "signals/noise_estimates.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

/// One event an estimator; details: {"of", "method", "estimate", "low", "high", "n"} or {"of", "method", "refusal"},
/// low and high one-sided 95 % bounds.
inline constexpr const char* kLabelNoiseEvent = "noise.estimate";

/// Of one supervised generation: anchors (what the supervisor says of them, a pool judged on anchors that it was not
/// fitted on), confident learning on heads that did not see the item, and the loss mixture of the student after its
/// first epoch. Nothing of it reaches the trainer.
class LabelNoise final
{
public:
    /// References must outlive it; the input has a supervisor.
    LabelNoise(const StageContext& context, const Supervision& taught, const CompetenceInput& input);

    Result<void> prepare(); ///< asks the supervisor about the anchors, and trains the heads

    /// Steps after which the student has warmed up and not yet memorised: one epoch.
    std::int64_t warmSteps(std::int64_t totalSteps) const;
    /// Says all estimates and the alarm, if they disagree by signals::kDisagreementRule; series noise/anchors,
    /// noise/confident and noise/loss_mixture.
    Result<void> report(const engine::TunedModel& student, std::int64_t step) const;

private:
    Result<signals::NoiseEstimate> onAnchors() const;
    Result<signals::NoiseEstimate> fromHeads() const;
    Result<signals::NoiseEstimate> fromLosses(const engine::TunedModel& student) const;

    const StageContext& m_context;
    const Supervision& m_taught;
    const CompetenceInput& m_input;
    std::vector<signals::NoiseEstimate> m_known;
};

} // namespace gradus::pipeline
