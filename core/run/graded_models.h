// SPDX-License-Identifier: GPL-3.0-or-later
// The generations of finished runs, asked about held-out items of every difficulty their world knows.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "evals/beyond_judge.h"
#include "store/records.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace gradus::run {

inline constexpr int kGradedItems = 500; ///< of every difficulty
inline constexpr int kMostGradedItems = 5000;

/// Loads every kept generation's weights (A_i^-) from `workspace`/checkpoints and asks each of them the same items; one
/// ladder a run. Equal weights are one model, which several ladders may hold; runs with the same ones throughout count
/// once. Bad input: runs of different tasks or of one whose items have no
/// difficulty, a run without a finished generation, weights that are missing or not those that the run recorded.
/// Nothing is written. tell: before each generation, how many of how many are done.
Result<evals::GradedModels> gradedModels(const std::vector<store::RunDetail>& runs,
                                         const std::filesystem::path& workspace, int items, const StopFlag& stop,
                                         const std::function<void(std::size_t, std::size_t)>& tell = {});

} // namespace gradus::run
