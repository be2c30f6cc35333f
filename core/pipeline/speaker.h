// SPDX-License-Identifier: GPL-3.0-or-later
// A generation as a language model that plays scenarios in cells.
#pragma once

#include "agent/play.h"
#include "pipeline/supervisor.h"
#include "scenario/scenario.h"

#include <vector>

namespace gradus::pipeline {

/// The generation's body with its folder's tokenizer and template. It shares its weights with the model: what is taught
/// to one is taught to both.
Result<agent::ModelAgent> speakerOf(const StageContext& context, const engine::TunedModel& model, int rung,
                                    int generation);

/// One episode with the limits and the temperature of [conformity]. Refused when no cell starts.
Result<agent::Played> playScenario(const StageContext& context, const agent::ModelAgent& speaker,
                                   const scenario::Rendered& material);

const scenario::Scenario* findScenario(const std::vector<scenario::Scenario>& all, const std::string& id);

/// Discovery, and the audit of what it sees, play seeds of scenarios from 1 to this; audits on held-out twins play as
/// many above it, whose values, tokens and texts nobody was taught on.
inline constexpr std::uint64_t kSeenSeeds = 1000;

} // namespace gradus::pipeline
