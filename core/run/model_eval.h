// SPDX-License-Identifier: GPL-3.0-or-later
// A language model on multiple choice: which answer is the most probable continuation.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "base/stop.h"
#include "data/choices.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace gradus::run {

struct ChoiceResult
{
    Estimate accuracy;           ///< by log p(answer | prompt)
    Estimate normalisedAccuracy; ///< by that divided by the answer's bytes, so that long answers are not punished
    Estimate commonest;          ///< always giving the most frequent index
    double truncatedShare = 0;   ///< share of prompts that were longer than the model and lost their beginning
};

/// Asks the model in folder, with its own tokenizer and, where one is named, an adapter on top of it. onProgress(items
/// done) may be empty. Ties go to the first answer.
Result<ChoiceResult> evaluateChoices(const std::filesystem::path& folder, const std::vector<data::ChoiceItem>& items,
                                     const StopFlag& stop, const std::function<void(std::size_t)>& onProgress,
                                     const std::filesystem::path& adapter = {});

} // namespace gradus::run
