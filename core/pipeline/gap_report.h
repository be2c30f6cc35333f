// SPDX-License-Identifier: GPL-3.0-or-later
// What a gap controller decided, as a run tells it.
#pragma once

#include "controller/gap_controller.h"
#include "pipeline/stage_context.h"

#include <cstdint>

namespace gradus::pipeline {

/// The stage "gap" and the event gap.decision of the step from this generation. gap.intermediate goes before: the last
/// decision is what is trained.
void reportDecision(const StageContext& context, const controller::Decision& decision, int generation,
                    std::int64_t step);

} // namespace gradus::pipeline
