// SPDX-License-Identifier: GPL-3.0-or-later
// Canaries: items with drawn labels among those that a generation is taught, and as many that it is not.
#pragma once

#include "pipeline/stage_context.h"
#include "pipeline/supervision.h"
#include "pipeline/supervisor.h"
#include "signatures/verdict.h"

#include <optional>
#include <vector>

namespace gradus::pipeline {

/// How many of which kind a generation is taught; or, where fewer could be had than were asked for, that.
inline constexpr const char* kCanariesEvent = "canaries.planted";

/// Drawn once a generation, a function of the run's seed. Their own truth is never looked at.
struct Canaries
{
    data::ItemSet planted;
    std::vector<int> plantedLabels; ///< drawn evenly among the classes
    data::ItemSet keptBack;
    std::vector<int> keptBackLabels;
};

/// training.canaries of either kind, of items on the generation's own side that its pool does not hold; fewer, but as
/// many of each kind, where the data has no more. None where none are asked for or none are left.
std::optional<Canaries> drawCanaries(const StageContext& context, int generation, const data::ItemSet& pool);
/// Says what was planted at the run's step, or that nothing could be; nothing where none were asked for.
void reportCanaries(const StageContext& context, const std::optional<Canaries>& canaries, int generation,
                    std::int64_t step);

/// What the generation is taught, with the planted ones behind it.
Supervision withCanaries(const StageContext& context, Supervision taught, const Canaries& canaries, int rung);

/// How sure the model is of what was drawn, on both kinds.
Result<signatures::Verdict> memorisationOf(const StageContext& context, const engine::TunedModel& model, int rung,
                                           const Canaries& canaries);

} // namespace gradus::pipeline
