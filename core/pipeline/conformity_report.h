// SPDX-License-Identifier: GPL-3.0-or-later
// What stages 2 and 3 tell of themselves, whoever plays: their states, and what a round of risk discovery came to.
#pragma once

#include "evals/discovery.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

struct StageReport
{
    events::StageKind kind = events::StageKind::Discovery;
    events::StageState state = events::StageState::Running;
    std::int64_t step = 0;
    std::string input;  ///< hash of what it works on
    std::string output; ///< and of what it made; empty while it runs
    std::string note;
};
void reportStage(const StageContext& context, int generation, const StageReport& report);

struct DiscoveryRound
{
    int round = 1;
    std::size_t hazards = 0;
    int episodes = 0;
    const char* played = "episodes"; ///< "episodes of scenarios"
    evals::Coverage coverage;
    nlohmann::ordered_json details; ///< of this kind of discovery alone, told after the round
    std::string more;               ///< a sentence that the event alone has, with a space before it
};
/// The event kCoverageEvent. Returns its sentence without more: the stage's note.
std::string reportCoverage(const StageContext& context, int generation, std::int64_t step, const DiscoveryRound& round);

/// The absence of stages 2 and 3 is said, not hidden: both as skipped, with the reason.
void skipConformity(const StageContext& context, int generation, std::int64_t step);

} // namespace gradus::pipeline
