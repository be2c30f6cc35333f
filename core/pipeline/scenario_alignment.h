// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 3 for language models: what should have been done in scenarios is taught, first as replies and then as
// preferences over what the generation replied.
#pragma once

#include "pipeline/alignment_stage.h"
#include "pipeline/scenario_lessons.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::pipeline {

inline constexpr std::size_t kMostTaught = 64; ///< hazards a round: each is played again, and teaches for epochs

struct ScenarioAlignmentInput
{
    int generation = 1;
    int round = 1;
    int rung = 0;
    std::int64_t firstStep = 0;
    std::vector<ScenarioHazard>&
        hazards; ///< of this round; behaviour and source are filled in of those that are taught
    const std::vector<ScenarioHazard>& past;
    double work = 0; ///< of the whole stage, in ProgressMeter's units
};

struct ScenarioAlignmentWork
{
    AlignmentWork tuned;
    std::size_t byPredecessor = 0; ///< of the hazards taught: shown by the newest aligned predecessor
    std::size_t unshown = 0;       ///< neither it nor the script ends without a hazard there
    std::size_t tooLong = 0;       ///< turns that the model does not take
};

/// Tunes the pupil, and with it the model whose body it shares, in place. Of more than kMostTaught hazards as many are
/// drawn. Replay: past hazards, and honest twins that the pupil does rightly, with its own replies. Preferences are
/// over the first reply alone, where both were given the same prompt. Series align/loss and align/preference_loss by
/// step. Stopped, it must be begun again from the same weights.
Result<ScenarioAlignmentWork> alignOnScenarios(const StageContext& context, agent::ModelAgent& pupil,
                                               const std::vector<scenario::Scenario>& scenarios, const Teacher& teacher,
                                               const ScenarioAlignmentInput& input);

} // namespace gradus::pipeline
