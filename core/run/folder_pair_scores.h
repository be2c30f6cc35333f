// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder with a reward head: which answer of every pair of a file it scores higher.
#pragma once

#include "data/training_rows.h"
#include "engine/reward_scores.h"
#include "run/pair_scores.h"

#include <functional>

namespace gradus::run {

struct FolderScoreRequest
{
    engine::RewardFolder model;
    data::TrainingFile file; ///< pairs, in the roles or the template that a tuning reads; its shape is filled in
    int maxTokens = 131072;  ///< of a text; pairs with a longer one are left out
};

/// Preferences are the head's, Bradley-Terry: 1 / (1 + exp(-(score of the better - score of the other))). A row that is
/// preferred with a probability below 0.5 is turned round, one of exactly 0.5 is left out: it has no better answer.
/// generation is 0 and rung the folder's name. onProgress as rewardScores. Errors: readTrainingRows, rewardScores.
Result<PairScores> scorePairs(const FolderScoreRequest& request, const StopFlag& stop,
                              const std::function<void(std::size_t done, std::size_t all)>& onProgress);

} // namespace gradus::run
