// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 1: one generation learns the task from supervision weaker than itself, beside its own ceiling.
#pragma once

#include "events/events.h"
#include "pipeline/stage_context.h"
#include "pipeline/supervisor.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace gradus::pipeline {

struct CompetenceInput
{
    int generation = 1;
    int rung = 0;
    const Supervisor* supervisor = nullptr; ///< nullptr for a generation that is taught by truth
    /// A_{i-1} itself, which need not be who labels; none for a generation that has none. It must outlive the stage.
    const Ancestor* predecessor = nullptr;
    std::optional<Estimate> salienceBefore = {}; ///< of A_{i-1}'s base, see CompetenceOutput
    std::vector<int> ceilingBefore = {};         ///< of A_{i-1}, see CompetenceOutput; empty where it is not known
    bool hasCeiling = true;                      ///< a supervised one is held against its truth-taught ceiling
    std::optional<double> gap;                   ///< delta taken to reach this rung
    std::int64_t firstStep = 0;                  ///< run's global step at which this generation begins
    /// Held-out utility by step, as earlier processes of this run reported it; steps up to firstStep are passed over.
    std::map<std::int64_t, double> earlierUtility = {};
};

struct CompetenceOutput
{
    engine::TunedModel model;
    events::GenerationRecord record; ///< flops: of this generation alone
    /// What a linear probe reads off its base of what the base can learn, on the anchors; also series salience/probe.
    std::optional<Estimate> salience = {};
    /// What its base taught by truth answers to the held-out items: its ceiling's labels, or its own where truth taught
    /// it. Also kept beside its weights (ceiling_labels.h). Empty where no ceiling was trained.
    std::vector<int> ceiling = {};
};

/// What forward correction took the labels' noise for. details: {"noise": K x K row-major, row k the shares of labels
/// where k is true, "n": anchors}.
inline constexpr const char* kCorrectionEvent = "noise.correction";

/// Trains the truth-taught ceiling of the same base on the same items first (of supervised generations, where it is
/// wanted), then the generation itself, reporting to the sink. Weights are saved before the stage is reported finished;
/// the finished record is the caller's to report. Stopped or killed, calling it again continues from the last
/// checkpoint with bit-equal results.
Result<CompetenceOutput> runCompetence(const StageContext& context, const CompetenceInput& input);

/// How a generation's student is tuned, without checkpoints and folders; weak: its labels are a supervisor's.
engine::TuningOptions tuningOptions(const StageContext& context, int generation, bool weak);
/// Optimiser steps of one tuning under these settings.
std::int64_t tuningSteps(const spec::Training& training, std::size_t items);
/// Floating-point operations of training on items, by the usual count of 6 a parameter and token (2 of them forward),
/// heads and attention's quadratic part left out; and of reading them once. What a run spends is its students' training
/// and its forecasts; ceilings are instruments of the experimenter and are not counted.
double trainingFlops(const LadderRung& rung, const std::vector<std::vector<engine::Tokens>>& items, int epochs);
double forwardFlops(const LadderRung& rung, const std::vector<std::vector<engine::Tokens>>& items);
/// Cost of tuning a rung for a number of steps, in ProgressMeter's units.
double tuningWork(const LadderRung& rung, std::int64_t steps, int batch);

} // namespace gradus::pipeline
