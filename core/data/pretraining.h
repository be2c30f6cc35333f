// SPDX-License-Identifier: GPL-3.0-or-later
// Pretraining batches as plain token ids: inputs, and at every position the token to predict there.
#pragma once

#include <cstdint>
#include <vector>

namespace gradus::data {

/// All rows have one length. A target of -1 asks for nothing at that position.
struct PretrainingBatch
{
    std::vector<std::vector<std::int32_t>> inputs;
    std::vector<std::vector<std::int32_t>> targets;
};

/// Next-token prediction on windows of equal length (Task::pretrainingTexts), each used once before any is used again.
/// A pure function of (seed, step); empty when there are no windows.
PretrainingBatch languageModelBatch(const std::vector<std::vector<std::int32_t>>& windows, std::uint64_t seed,
                                    std::int64_t step, int batch);

} // namespace gradus::data
