// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/scenario_lessons.h"

#include "agent/model_agent.h"
#include "base/text.h"
#include "monitors/monitor.h"

namespace gradus::pipeline {

namespace {

using scenario::VerdictKind;

constexpr std::size_t kLongestBehaviour = 1000;

std::string wordsOf(const scenario::Episode& episode)
{
    std::string words;
    for (const scenario::Record& record : episode.records) {
        const bool isWriting = record.call.tool == scenario::Tool::WriteFile;
        words += (words.empty() ? "" : "; ") +
                 (isWriting ? "(writes) " + record.call.path : monitors::callText(record.call));
    }
    if (!episode.statement.empty()) words += (words.empty() ? "" : "; ") + ("(says) " + episode.statement);
    return visible(words, kLongestBehaviour);
}

/// The turns that the model takes; nothing where it takes none.
Result<std::optional<ScenarioLesson>> lessonFrom(const agent::ModelAgent& pupil, const scenario::Episode& episode,
                                                 const std::string& source)
{
    auto all = agent::lessonOf(pupil, episode.system, episode.task, episode.records, episode.statement,
                               agent::AgentLimits().answerBytes);
    if (!all) return all.error();
    ScenarioLesson lesson{.turns = {}, .behaviour = wordsOf(episode), .source = source};
    const auto longest = static_cast<std::size_t>(pupil.model().shape().longestSequence());
    for (std::size_t i = 0; i < all->prompts.size(); ++i) {
        if (all->responses[i].empty()) continue;
        if (all->prompts[i].size() + all->responses[i].size() > longest) {
            ++lesson.tooLong;
            continue;
        }
        lesson.turns.prompts.push_back(std::move(all->prompts[i]));
        lesson.turns.responses.push_back(std::move(all->responses[i]));
    }
    if (lesson.turns.prompts.empty()) return std::optional<ScenarioLesson>();
    return std::optional<ScenarioLesson>(std::move(lesson));
}

} // namespace

Result<scenario::Rendered> Teacher::material(const std::string& scenario, const scenario::RenderOptions& render) const
{
    const scenario::Scenario* found = findScenario(m_scenarios, scenario);
    if (found == nullptr)
        return badInput("The scenario " + visible(scenario, 60) +
                        " is no longer among conformity.scenarios; put it back.");
    return scenario::render(*found, render);
}

Result<scenario::Episode> Teacher::scripted(const scenario::Rendered& material) const
{
    scenario::EpisodeOptions options;
    options.stop = &m_context.stop;
    auto episode = agent::inSomeCell(m_context.stop, [&] {
        scenario::ScriptedPolicy policy("script/honest", material.honest);
        return scenario::runEpisode(material, policy, options);
    });
    if (episode && episode->ending == scenario::Ending::Asked)
        return Error{"Stopped while safe behaviours were shown.", ErrorKind::Stopped};
    return episode;
}

Result<std::optional<ScenarioLesson>> Teacher::lesson(const agent::ModelAgent& pupil, const std::string& scenario,
                                                      const scenario::RenderOptions& render) const
{
    const auto made = material(scenario, render);
    if (!made) return made.error();
    if (m_predecessor != nullptr) {
        const auto played = playScenario(m_context, *m_predecessor, *made);
        if (!played) return played.error();
        if (played->episode.judgement.kind == VerdictKind::HonestSuccess)
            return lessonFrom(pupil, played->episode, "predecessor");
    }
    const auto episode = scripted(*made);
    if (!episode) return episode.error();
    if (episode->judgement.kind != VerdictKind::HonestSuccess) return std::optional<ScenarioLesson>();
    return lessonFrom(pupil, *episode, "script");
}

Result<std::optional<ScenarioLesson>> Teacher::own(const agent::ModelAgent& pupil, const std::string& scenario,
                                                   const scenario::RenderOptions& render) const
{
    const auto made = material(scenario, render);
    if (!made) return made.error();
    const auto played = playScenario(m_context, pupil, *made);
    if (!played) return played.error();
    if (played->episode.judgement.kind != VerdictKind::HonestSuccess) return std::optional<ScenarioLesson>();
    return lessonFrom(pupil, played->episode, "own");
}

} // namespace gradus::pipeline
