// SPDX-License-Identifier: GPL-3.0-or-later
// Tuning a model folder on a file of data, with its metrics on disk: the act behind `gradus model tune`.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "base/stop.h"
#include "engine/folder_tuning.h"
#include "engine/tuning_memory.h"
#include "engine/tuning_time.h"
#include "run/tuning_data.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace gradus::run {

struct TuneRequest
{
    TuningDataRequest data;   ///< folder and method are the job's
    engine::FolderTuning job; ///< checkpoints and classes are filled in
};

/// What a held-out evaluation says, each with its 95 % interval over rows.
struct TuneEvaluation
{
    std::int64_t step = 0;
    Estimate loss;                    ///< nats a learnt token (sft) or a row
    std::optional<Estimate> accuracy; ///< share of rows decided rightly; none of sft
    std::optional<Estimate> margin;   ///< mean of chosen minus rejected (reward: scores; dpo: implicit rewards)
};

/// Called from the thread that tunes; each may be empty.
struct TuneProgress
{
    std::function<void(const TuningData&)> onData;
    std::function<void(const engine::TuningMemory&)> onMemory; ///< estimated, before it is taken
    std::function<void(std::int64_t step)> onResume;
    std::function<void(const engine::TuningStep&, double secondsLeft)> onStep;
    std::function<void(const TuneEvaluation&, bool best)> onEvaluation;
};

struct TuneResult
{
    engine::TunedFolder folder;
    std::size_t taught = 0; ///< rows
    std::size_t held = 0;
    std::optional<TuneEvaluation> before; ///< the first step; none without held-out rows
    std::optional<TuneEvaluation> after;  ///< with the weights that were written
};

/// Writes a model's or an adapter's folder at job.output, with metrics.jsonl: one JSON object a step, an evaluation and
/// the result, under the names that TRL users know. Until it is done, checkpoints lie in output/checkpoints; called
/// again after it was stopped or killed it goes on from there, and folder and metrics (but for speeds) end up as if it
/// had never been. Bad input: an option out of its range, which is said before a file is opened, an output folder that
/// holds a model already, and as readTuningData and tuneFolder say.
Result<TuneResult> tuneModel(TuneRequest request, const StopFlag& stop, const TuneProgress& progress);

/// Reads the data, says its memory, tries a few steps and tells how long all will take. Writes nothing. Bad input: as
/// of tuneModel.
Result<engine::TuningTime> tryTuneModel(TuneRequest request, const StopFlag& stop, const TuneProgress& progress);

/// What the scores say; pure. Public for its test.
TuneEvaluation estimated(const engine::TuningEvaluation& evaluation, engine::TuningMethod method);

} // namespace gradus::run
