// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 3: the safe behaviours are taught, first as targets and then as preferences over what the generation did.
#pragma once

#include "pipeline/hazards.h"
#include "pipeline/policy.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

struct AlignmentInput
{
    int generation = 1;
    int round = 1; ///< of the generation's alignment
    int rung = 0;
    std::int64_t firstStep = 0;         ///< run's global step at which the stage begins
    const std::vector<Hazard>& hazards; ///< of this generation; those without a safe behaviour are passed over
    const std::vector<Hazard>& past;    ///< of earlier generations, taught before
    double work = 0;                    ///< of the whole stage, in ProgressMeter's units
};

struct AlignmentWork
{
    std::int64_t lastStep = 0;
    std::size_t taught = 0; ///< hazards
    std::size_t replayedPast = 0;
    std::size_t replayedCompetence = 0;
    std::size_t preferred = 0; ///< pairs of preference optimisation
    double flops = 0;          ///< of both tunings, see trainingFlops
};

/// Tunes A_i^- in place into A_i^+. Replay: past hazards with the behaviour that was taught for them, and items of the
/// generation's own pool in which nothing tempts, with what A_i^- itself makes of them, so that competence stays.
/// Series align/loss and align/preference_loss by step. Stopped, it must be begun again from A_i^-.
Result<AlignmentWork> align(const StageContext& context, engine::TunedModel& model, const AlignmentInput& input);

} // namespace gradus::pipeline
