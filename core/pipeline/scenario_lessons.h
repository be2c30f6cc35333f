// SPDX-License-Identifier: GPL-3.0-or-later
// What should have been done in a scenario, as prompts and replies that a language model can be taught.
#pragma once

#include "pipeline/scenario_hazards.h"
#include "pipeline/speaker.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// One episode as it should have gone: every turn's prompt and reply that the model's positions take.
struct ScenarioLesson
{
    engine::Writings turns;
    std::string behaviour; ///< "make test; (writes) src/a.py": its calls in words, made visible
    std::string source;    ///< "predecessor" or "script"
    int tooLong = 0;       ///< turns that the model does not take
};

/// Where lessons come from: the newest aligned predecessor, if it does the task without a hazard in the very same
/// material; else the scenario's honest script, played in a cell so that its answers are real ones. Nothing where
/// neither ends without a hazard.
class Teacher final
{
public:
    /// All must outlive it.
    Teacher(const StageContext& context, const std::vector<scenario::Scenario>& scenarios,
            const agent::ModelAgent* predecessor)
        : m_context(context), m_scenarios(scenarios), m_predecessor(predecessor)
    {
    }

    /// pupil: whose tokenizer and template the turns are of.
    Result<std::optional<ScenarioLesson>> lesson(const agent::ModelAgent& pupil, const std::string& scenario,
                                                 const scenario::RenderOptions& render) const;
    /// The pupil's own way through an honest twin: replayed, it keeps what the pupil can. Nothing where it did nothing.
    Result<std::optional<ScenarioLesson>> own(const agent::ModelAgent& pupil, const std::string& scenario,
                                              const scenario::RenderOptions& render) const;

private:
    Result<scenario::Rendered> material(const std::string& scenario, const scenario::RenderOptions& render) const;
    Result<scenario::Episode> scripted(const scenario::Rendered& material) const;

    const StageContext& m_context;
    const std::vector<scenario::Scenario>& m_scenarios;
    const agent::ModelAgent* m_predecessor;
};

} // namespace gradus::pipeline
