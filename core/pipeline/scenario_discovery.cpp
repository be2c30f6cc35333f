// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/scenario_discovery.h"

#include "base/text.h"
#include "monitors/record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace gradus::pipeline {

namespace {

/// One search.
class Search final
{
public:
    Search(const StageContext& context, const agent::ModelAgent& speaker,
           const std::vector<scenario::Scenario>& scenarios, const DiscoveryInput& input, AskedModel* judge)
        : m_context(context), m_speaker(speaker), m_scenarios(scenarios), m_input(input), m_judge(judge),
          m_arms(agent::armsOf(scenarios)), m_seed(context.seedFor("generation " + std::to_string(input.generation) +
                                                                   "/scenarios " + std::to_string(input.round)))
    {
    }

    Result<ScenarioDiscovery> run()
    {
        const spec::Conformity& settings = m_context.spec.experiment.conformity;
        evals::RedTeam team(m_arms.size());
        Rng choices(m_seed, "choices");
        Rng details(m_seed, "details");
        while (m_found.episodes < settings.episodes) {
            m_context.safePoint();
            if (m_context.stop.requested()) return Error{"Stopped while hazards were looked for.", ErrorKind::Stopped};
            const std::size_t arm = team.choose(choices);
            const auto hazard = episode(m_arms[arm], details);
            if (!hazard) return hazard.error();
            team.tell(arm, *hazard);
            m_found.coverage = evals::coverageOf(team.found(), m_found.episodes);
            if (evals::settled(m_found.coverage, settings.stopBelow)) break;
        }
        advance(static_cast<double>(settings.episodes - m_found.episodes)); // those that were not needed
        return std::move(m_found);
    }

private:
    scenario::RenderOptions draw(const agent::Arm& arm, const scenario::Scenario& one, Rng& details) const
    {
        std::vector<scenario::Cue> cues{scenario::Cue::None};
        for (const auto& [cue, text] : one.cueTexts)
            if (cue != scenario::Cue::None) cues.push_back(cue);
        scenario::RenderOptions render{.twin =
                                           details.below(2) == 0 ? scenario::Twin::Hazard : scenario::Twin::Injected,
                                       .cue = cues[details.below(cues.size())],
                                       .seed = 1 + details.below(kSeenSeeds),
                                       .axes = {}};
        for (const scenario::AxisSpec& axis : one.axes)
            render.axes[axis.name] = axis.name == arm.axis ? 1 + details.below(axis.texts.size() - 1) : 0;
        return render;
    }

    /// Whether it was a hazard.
    Result<bool> episode(const agent::Arm& arm, Rng& details)
    {
        const scenario::Scenario& one = m_scenarios[arm.scenarios[details.below(arm.scenarios.size())]];
        const scenario::RenderOptions render = draw(arm, one, details);
        const auto material = scenario::render(one, render);
        if (!material) return material.error();
        const std::string key = "discovery/" + std::to_string(m_input.generation) + "/" +
                                std::to_string(m_input.firstEpisode + m_found.episodes);
        events::EpisodeRecord begun = monitors::begunRecord(*material, key);
        begun.generation = m_input.generation;
        m_context.sink.episode(begun);
        const auto played = playScenario(m_context, m_speaker, *material);
        if (!played) return played.error();
        const auto reports = monitors::reportsOn(played->episode, *material, m_judge);
        for (const monitors::Report& report : reports)
            m_found.judge.count(report, played->episode.judgement.kind);
        events::EpisodeRecord record = monitors::recordOf(played->episode, key, reports, played->account.words);
        record.generation = m_input.generation;
        m_context.sink.episode(record);
        ++m_found.episodes;
        advance(1);
        const scenario::VerdictKind kind = played->episode.judgement.kind;
        m_found.undecided += kind == scenario::VerdictKind::Undecided ? 1 : 0;
        if (kind != scenario::VerdictKind::Hazard) return false;
        const std::vector<std::string>& replies = played->account.replies;
        m_found.hazards.push_back({.scenario = one.id,
                                   .render = render,
                                   .episode = key,
                                   .did = replies.empty() ? std::string() : replies.front()});
        m_found.records[key] = std::move(record);
        return true;
    }

    void advance(double episodes) const
    {
        const int most = m_context.spec.experiment.conformity.episodes;
        m_context.meter.advance(m_input.work * episodes / most,
                                "generation " + std::to_string(m_input.generation) + ": looking for hazards, episode " +
                                    std::to_string(m_found.episodes) + " of at most " + std::to_string(most),
                                m_input.step, 0);
    }

    const StageContext& m_context;
    const agent::ModelAgent& m_speaker;
    const std::vector<scenario::Scenario>& m_scenarios;
    const DiscoveryInput& m_input;
    AskedModel* m_judge;
    std::vector<agent::Arm> m_arms;
    std::uint64_t m_seed;
    ScenarioDiscovery m_found;
};

std::string boundsText(const JudgeAccount::Share& share, const std::string& what)
{
    const int most = share.suspected + share.unread;
    return (share.unread == 0 ? std::to_string(most)
                              : std::to_string(share.suspected) + " to " + std::to_string(most)) +
           " of " + std::to_string(share.episodes) + " " + what;
}

nlohmann::ordered_json boundsJson(const JudgeAccount::Share& share)
{
    return {{"episodes", share.episodes},
            {"suspected_least", share.suspected},
            {"suspected_most", share.suspected + share.unread}};
}

} // namespace

void JudgeAccount::count(const monitors::Report& report, scenario::VerdictKind verdict)
{
    if (report.monitor != "M6") return;
    tally.count(report);
    if (verdict == scenario::VerdictKind::Undecided) return;
    Share& share = verdict == scenario::VerdictKind::Hazard ? hazards : others;
    ++share.episodes;
    if (!report.parsed)
        ++share.unread;
    else if (report.decision != scenario::Decision::Approve)
        ++share.suspected;
}

void JudgeAccount::add(const JudgeAccount& more)
{
    tally.asked += more.tally.asked;
    tally.refused += more.tally.refused;
    tally.unreadable += more.tally.unreadable;
    tally.unanswered += more.tally.unanswered;
    for (const auto& [to, from] : {std::pair{&hazards, &more.hazards}, {&others, &more.others}}) {
        to->episodes += from->episodes;
        to->suspected += from->suspected;
        to->unread += from->unread;
    }
}

events::RunEvent judgeEvent(const JudgeAccount& account, int generation, std::int64_t step)
{
    const monitors::JudgeTally& tally = account.tally;
    const nlohmann::ordered_json details{{"asked", tally.asked},
                                         {"refused", tally.refused},
                                         {"unreadable", tally.unreadable},
                                         {"unanswered", tally.unanswered},
                                         {"hazards", boundsJson(account.hazards)},
                                         {"others", boundsJson(account.others)}};
    return {.kind = kJudgeEvent,
            .generation = generation,
            .step = step,
            .sentence = "Generation " + std::to_string(generation) + "'s aligned predecessor (M6) was asked of " +
                        counted(static_cast<std::size_t>(tally.asked), "episode") + ": " + tally.words() +
                        "; it suspects " + boundsText(account.hazards, "hazards") + " and " +
                        boundsText(account.others, "other episodes") +
                        (tally.unparsed() > 0 ? ", whatever the missing answers had said." : "."),
            .detailsJson = details.dump()};
}

Result<ScenarioDiscovery> discoverInScenarios(const StageContext& context, const agent::ModelAgent& speaker,
                                              const std::vector<scenario::Scenario>& scenarios,
                                              const DiscoveryInput& input, AskedModel* judge)
{
    return Search(context, speaker, scenarios, input, judge).run();
}

} // namespace gradus::pipeline
