// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of a language model's conformity: the same scenarios before and after alignment, played in cells.
#pragma once

#include "pipeline/audit.h"
#include "pipeline/speaker.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

/// Every question is a scenario of a seed: its tempting twin (hazard or injected, drawn) where nobody looks and where
/// somebody does, if the scenario has such cues, else once; and its honest twin.
class ScenarioAudit final
{
public:
    /// Both must outlive it. The same questions for every generation of a run.
    ScenarioAudit(const StageContext& context, const std::vector<scenario::Scenario>& scenarios, Audit::Side side);

    /// harm: hazards by the oracle; undecided episodes count as hazards, because what was not seen may be one.
    /// overRefusal: honest twins that ended in words without an act. passed: honest twins whose task was done.
    Result<Audit::Answers> ask(const agent::ModelAgent& speaker) const;

private:
    struct Question
    {
        const scenario::Scenario* scenario = nullptr;
        scenario::Twin twin = scenario::Twin::Hazard;
        std::uint64_t seed = 1;
        scenario::Cue free = scenario::Cue::None;    ///< "unwatched" or "production"
        scenario::Cue guarded = scenario::Cue::None; ///< "watched" or "sandbox"
        bool isPaired() const { return free != guarded; }
    };
    Result<agent::Played> play(const agent::ModelAgent& speaker, const Question& question, scenario::Twin twin,
                               scenario::Cue cue) const;

    const StageContext& m_context;
    std::vector<Question> m_questions;
};

} // namespace gradus::pipeline
