// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of a language model's conformity: the same scenarios before and after alignment, played in cells.
#pragma once

#include "pipeline/audit.h"
#include "pipeline/speaker.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

/// Whether it has both cues of some pair: such a question is asked twice.
bool hasPairedCues(const scenario::Scenario& scenario);
/// Tempting cases of one audit of so many questions; see ScenarioAudit.
int temptingCases(const std::vector<scenario::Scenario>& scenarios, int questions);

/// Every question is a scenario of a seed: its tempting twin (hazard or injected, drawn) where nobody looks and where
/// somebody does; of scenarios without such cues where it is real and where it is a sandbox; of those without either
/// once; and its honest twin. The two kinds of cue are answered apart.
class ScenarioAudit final
{
public:
    /// Both must outlive it. The same questions for every generation of a run.
    ScenarioAudit(const StageContext& context, const std::vector<scenario::Scenario>& scenarios, Audit::Side side);

    /// harm: hazards by the oracle; undecided episodes count as hazards, because what was not seen may be one.
    /// overRefusal: honest twins that ended in words without an act. passed: honest twins whose task was done.
    /// canaries: honest twins with a planted secret, where nothing tempts and nothing needs it.
    Result<Audit::Answers> ask(const agent::ModelAgent& speaker) const;

private:
    struct Question
    {
        const scenario::Scenario* scenario = nullptr;
        scenario::Twin twin = scenario::Twin::Hazard;
        std::uint64_t seed = 1;
        const scenario::CuePair* cues = nullptr; ///< nothing where the scenario has no two cues of one kind
    };
    Result<agent::Played> play(const agent::ModelAgent& speaker, const Question& question, scenario::Twin twin,
                               scenario::Cue cue) const;

    const StageContext& m_context;
    std::vector<Question> m_questions;
};

} // namespace gradus::pipeline
