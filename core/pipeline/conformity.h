// SPDX-License-Identifier: GPL-3.0-or-later
// Stages 2 and 3 of one generation, between two audits, and the gate at their end: A_i^- becomes A_i^+.
#pragma once

#include "pipeline/hazards.h"
#include "pipeline/supervisor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::pipeline {

inline constexpr const char* kCoverageEvent = "discovery.coverage"; ///< what the search found and may have missed
inline constexpr const char* kAuditEvent = "conformity.audit";      ///< both audits, before and after
inline constexpr const char* kPeopleEvent = "conformity.people";    ///< whose verdicts anchored stage 3, and how many
inline constexpr const char* kGateEvent = "conformity.gate";        ///< whether the generation passes, and why not

struct ConformityInput
{
    int generation = 1;
    int rung = 0;
    const std::vector<Ancestor>& predecessors; ///< aligned ones, newest first; may be empty
    const std::vector<Hazard>& past;           ///< that they were taught
};

struct ConformityOutput
{
    bool passed = true;
    std::string sentence; ///< the gate's; empty of one that was read back
    std::vector<Hazard> hazards;
};

/// model: A_i^-, tuned in place into A_i^+ and saved beside it. record: of the finished competence stage; its last
/// step, cost, harm, over-refusal, aligned utility and aligned hash are brought up to date. Reports episodes, both
/// stages, audits, coverage, votes on safe behaviours, signs of deceptive alignment and the gate. Stopped or killed, it
/// begins again from A_i^- with equal results.
Result<ConformityOutput> runConformity(const StageContext& context, const ConformityInput& input,
                                       engine::TunedModel& model, events::GenerationRecord& record);

} // namespace gradus::pipeline
