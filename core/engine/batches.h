// SPDX-License-Identifier: GPL-3.0-or-later
// Which items make up each batch of an epoch: a pure function of (seed, epoch), so that a resumed run sees the same.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gradus::engine {

using Batch = std::vector<std::int64_t>; ///< item indices

/// The longest sequence of each item, in tokens.
std::vector<std::int64_t> itemLengths(const std::vector<std::vector<std::vector<std::int32_t>>>& items);

/// Every index of lengths once, shuffled, in batches of `batch` (the last may be smaller). Items are sorted by length
/// within windows of many batches, so that a batch pads little; the order of batches is shuffled again. epoch is
/// 0-based.
std::vector<Batch> epochBatches(std::span<const std::int64_t> lengths, std::int64_t batch, std::uint64_t seed,
                                std::int64_t epoch);

/// All indices in batches of at most tokenBudget padded tokens (but at least one item), short items first; for
/// prediction.
std::vector<Batch> budgetBatches(std::span<const std::int64_t> lengths, std::int64_t tokenBudget);

} // namespace gradus::engine
