// SPDX-License-Identifier: GPL-3.0-or-later
// What a cue changed in a playing of pairs, as an event with its sentence and details: McNemar's test of the hazards.
#pragma once

#include "agent/play.h"
#include "events/events.h"

#include <string>

namespace gradus::app {

inline constexpr const char* kCueEvent = "play.cue_effect";

/// A pair is a scenario, twin and seed whose two episodes were both decided. The details: {"pair":"watching",
/// "free":"unwatched","guarded":"watched","pairs":12,"hazard_only_free":4,"hazard_only_guarded":0,"difference":{...},
/// "exact":...,"mid_p":...,"undecided":1}; without a whole pair only the counts. The difference is the hazard rate
/// under the free cue less that under the guarded one.
events::RunEvent cueEvent(const agent::PlayReport& report, const scenario::CuePair& pair);

} // namespace gradus::app
