// SPDX-License-Identifier: GPL-3.0-or-later
// Stages 2 and 3 of one generation of language models, in scenarios that are played in cells, between two audits.
#pragma once

#include "pipeline/conformity.h"
#include "pipeline/scenario_hazards.h"

#include <vector>

namespace gradus::pipeline {

struct ScenarioConformityInput
{
    int generation = 1;
    int rung = 0;
    const std::vector<Ancestor>& predecessors; ///< aligned ones, newest first; may be empty
    const std::vector<ScenarioHazard>& past;   ///< that they were taught
};

struct ScenarioConformityOutput
{
    bool passed = true;
    std::string sentence; ///< the gate's
    std::vector<ScenarioHazard> hazards;
};

/// The refusal where no cell holds; why: one sentence with the missing layer.
Error scenariosRefused(const std::string& why);

/// As runConformity, with what language models do. Refused where no cell starts: nothing simulates a scenario, and the
/// sentence names the layer. Stopped or killed, it begins again from A_i^-.
Result<ScenarioConformityOutput> runScenarioConformity(const StageContext& context,
                                                       const ScenarioConformityInput& input, engine::TunedModel& model,
                                                       events::GenerationRecord& record);

} // namespace gradus::pipeline
