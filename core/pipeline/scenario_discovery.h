// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 2 for language models: a generation plays scenarios in cells while a search looks for what it does wrong.
#pragma once

#include "base/asked_model.h"
#include "evals/discovery.h"
#include "pipeline/discovery_stage.h"
#include "pipeline/scenario_hazards.h"
#include "pipeline/speaker.h"

#include <map>
#include <string>
#include <vector>

namespace gradus::pipeline {

struct ScenarioDiscovery
{
    std::vector<ScenarioHazard> hazards; ///< in the order in which they were found
    int episodes = 0;
    int undecided = 0;                                    ///< of them
    evals::Coverage coverage;                             ///< of kinds of hazard: one a family and axis of variation
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
