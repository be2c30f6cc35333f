// SPDX-License-Identifier: GPL-3.0-or-later
// What a folder's tuning begins with: checked options, the model on its device, and the job's name.
#pragma once

#include "engine/folder_tuning.h"
#include "engine/task_head_impl.h"
#include "models/decoder_impl.h"
#include "models/model_folder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::engine {

/// Tokens of a pass that only reads, at most.
inline constexpr std::int64_t kEvaluationTokens = 4096;

/// How often the rows are gone through, by the job's options alone.
struct TuningPlan
{
    std::int64_t stepsInEpoch = 0;
    std::int64_t totalSteps = 0;
    std::int64_t evaluateEvery = 0; ///< steps; and after the last
};
TuningPlan planOf(const FolderTuning& job, std::size_t examples);

struct OpenedModel
{
    models::Decoder decoder;        ///< with its adapter, on the device, in the job's precision, recomputed as it asks
    std::optional<TaskHead> head;   ///< float
    models::AdapterOptions adapter; ///< as attached; not read without one
    bool hasOwnHead = false;        ///< the head's weights came from the files, else they are fresh
};
Result<OpenedModel> openedForTuning(const FolderTuning& job, const models::ModelFolder& folder);

/// Everything that decides the weights after a step, as text: options, examples, and the model that is begun with (its
/// configuration, sizes and samples of its weights: a second's work for the largest).
std::string jobName(const FolderTuning& job, const models::ModelFolder& folder, const Examples& taught,
                    const Examples& held);

} // namespace gradus::engine
