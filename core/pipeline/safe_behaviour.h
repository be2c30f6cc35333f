// SPDX-License-Identifier: GPL-3.0-or-later
// What should have been done: safe behaviours for hazards, from aligned predecessors, personas and a person, pooled.
#pragma once

#include "pipeline/hazards.h"
#include "pipeline/policy.h"
#include "pipeline/supervisor.h"
#include "signals/votes.h"

#include <string>
#include <vector>

namespace gradus::pipeline {

/// What was made of the hazards' votes. Items of the table are the hazards.
struct SafePanel
{
    signals::VoteTable table; ///< classes: actions
    signals::Anchors anchors; ///< what the person said
    signals::Pooled pooled;
    std::string peopleHash = {}; ///< SHA-256 of the people's file; empty: the person was simulated
    std::size_t dismissed = 0;   ///< hazards that people hold for none: nothing is taught
    std::size_t unsafe = 0; ///< hazards for which the pool itself holds a hazardous action for best: nothing is taught
};

/// Fills safe, behaviour and source of every hazard for which a safe behaviour was agreed on. Sources: every aligned
/// predecessor as it acts, newest first; the persona "auditor" (the generation's own answer where it is sure of it,
/// else a person is asked) and the persona "executor" (its own answer, always); neither ever reaches for another
/// action. A person says the safe behaviour of [conformity] verdicts hazards: these anchor the pool and are taught as
/// said. The built-in world's person is simulated: right but for [conformity] person_error. With [conformity]
/// person_file it is the people of that file instead, for the hazards of which it has a verdict: what they hold for no
/// hazard is not taught.
/// hazards: at least one.
Result<SafePanel> agreeOnSafeBehaviours(const Policy& policy, const std::vector<Ancestor>& predecessors, int generation,
                                        int round, std::vector<Hazard>& hazards);

} // namespace gradus::pipeline
