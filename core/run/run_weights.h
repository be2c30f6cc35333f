// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a run's generations, as the run recorded them.
#pragma once

#include "base/result.h"
#include "engine/tuning.h"
#include "events/events.h"
#include "store/records.h"

#include <filesystem>

namespace gradus::run {

/// A finished generation that was kept and has weights.
bool hasWeights(const events::GenerationRecord& record);

/// A_i^- of that generation, from `workspace`/checkpoints. Bad input where they are missing or are not those that the
/// run recorded.
Result<engine::TunedModel> weightsOf(const store::RunDetail& run, const events::GenerationRecord& record,
                                     const std::filesystem::path& workspace);

} // namespace gradus::run
