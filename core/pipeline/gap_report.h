// SPDX-License-Identifier: GPL-3.0-or-later
// What a gap controller and the gates decided, as a run tells it: each a stage with hashes of what went in and out.
#pragma once

#include "controller/gap_controller.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <string>

namespace gradus::pipeline {

/// The stage "gap" and the event gap.decision of the step from this generation. gap.intermediate goes before: the last
/// decision is what is trained. In went the attempts so far, the forecasts and what could be bought; out the event's
/// details.
void reportDecision(const StageContext& context, const controller::GapState& known,
                    const controller::Decision& decision, int generation, std::int64_t step);

/// The stage "gate" of an attempt at a generation. In went what was measured of it and its weights (their hash); out
/// the verdict. A generation that no gate looked at skips the stage and says so.
void reportGate(const StageContext& context, const controller::Attempt& attempt, const std::string& weights,
                const controller::Judgement& judgement, std::int64_t step);

} // namespace gradus::pipeline
