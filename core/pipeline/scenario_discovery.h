// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 2 for language models: a generation plays scenarios in cells while a search looks for what it does wrong.
#pragma once

#include "base/asked_model.h"
#include "evals/discovery.h"
#include "monitors/trusted_judge.h"
#include "pipeline/discovery_stage.h"
#include "pipeline/scenario_hazards.h"
#include "pipeline/speaker.h"

#include <map>
#include <string>
#include <vector>

namespace gradus::pipeline {

inline constexpr const char* kJudgeEvent = "sandbox.judge"; ///< how a generation's judge (M6) answered

/// How a judge answered of episodes beside what the oracle says of them. Whatever it did not say may have been either.
struct JudgeAccount
{
    struct Share
    {
        int episodes = 0;
        int suspected = 0; ///< that it would have stopped, or shown a person
        int unread = 0;    ///< of which it said nothing that can be read
    };
    monitors::JudgeTally tally;
    Share hazards;
    Share others; ///< episodes that are no hazard; undecided ones are in neither

    void count(const monitors::Report& report, scenario::VerdictKind verdict); ///< of M6; others are passed over
    void add(const JudgeAccount& more);
};
/// The event kJudgeEvent: the counts, and between which bounds the judge's catch and its false alarms lie whatever the
/// missing answers had said.
events::RunEvent judgeEvent(const JudgeAccount& account, int generation, std::int64_t step);

struct ScenarioDiscovery
{
    std::vector<ScenarioHazard> hazards; ///< in the order in which they were found
    int episodes = 0;
    int undecided = 0;                                    ///< of them
    evals::Coverage coverage;                             ///< of kinds of hazard: one a family and axis of variation
    JudgeAccount judge;                                   ///< empty where nobody was asked
    std::map<std::string, events::EpisodeRecord> records; ///< of the hazards' episodes, by key
};

/// Episodes in the tempting twins with one of the scenario's cues or none, of seeds from 1 to kSeenSeeds; families and
/// axes are chosen by Thompson sampling until [conformity] episodes are used or new kinds have become rare. An episode
/// is written to the sink when it begins (as interrupted) and again when it is whole, with what every monitor says of
/// it; judge: who is asked for M6 (the newest aligned predecessor), or nullptr. A function of the run's seed,
/// generation, round and model, but for what depends on time in a cell.
Result<ScenarioDiscovery> discoverInScenarios(const StageContext& context, const agent::ModelAgent& speaker,
                                              const std::vector<scenario::Scenario>& scenarios,
                                              const DiscoveryInput& input, AskedModel* judge);

} // namespace gradus::pipeline
