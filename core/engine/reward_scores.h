// SPDX-License-Identifier: GPL-3.0-or-later
// A folder's reward head asked which text of every pair it scores higher. No tensor crosses this header.
#pragma once

#include "engine/folder_tuning.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace gradus::engine {

struct RewardFolder
{
    std::filesystem::path folder;       ///< a sequence classifier of one label, as transformers and TRL save it
    std::filesystem::path adapter = {}; ///< on top of it; empty: none
    Precision precision = Precision::Single;
    std::string device = "cpu";
};

/// A score a pair, in their order. Pairs have two sequences, the better one first. onProgress(pairs done) may be empty
/// and is called from the calling thread. Bad input: a folder without score.weight, a pair that the model cannot read
/// (by its number, from 1).
Result<std::vector<ExampleScore>> rewardScores(const RewardFolder& from, const std::vector<TaughtExample>& pairs,
                                               const StopFlag& stop,
                                               const std::function<void(std::size_t)>& onProgress);

} // namespace gradus::engine
