// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/batches.h"

#include "base/rng.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace gradus::engine {

namespace {

constexpr std::int64_t kBatchesInWindow = 32;

std::size_t at(std::int64_t index)
{
    return static_cast<std::size_t>(index);
}

} // namespace

std::vector<std::int64_t> itemLengths(const std::vector<std::vector<std::vector<std::int32_t>>>& items)
{
    std::vector<std::int64_t> lengths;
    lengths.reserve(items.size());
    for (const auto& item : items) {
        std::size_t longest = 0;
        for (const std::vector<std::int32_t>& tokens : item)
            longest = std::max(longest, tokens.size());
        lengths.push_back(static_cast<std::int64_t>(longest));
    }
    return lengths;
}

std::vector<Batch> epochBatches(std::span<const std::int64_t> lengths, std::int64_t batch, std::uint64_t seed,
                                std::int64_t epoch)
{
    const auto count = static_cast<std::int64_t>(lengths.size());
    const std::string purpose = "shuffle/" + std::to_string(epoch);
    std::vector<std::int64_t> order = permutation(count, Rng(seed, purpose));
    std::vector<Batch> batches;
    for (std::int64_t start = 0; start < count; start += batch * kBatchesInWindow) {
        const auto first = order.begin() + start;
        const auto last = order.begin() + std::min(count, start + batch * kBatchesInWindow);
        std::stable_sort(first, last, [&](auto a, auto b) { return lengths[at(a)] < lengths[at(b)]; });
        for (auto it = first; it < last; it += std::min<std::ptrdiff_t>(batch, last - it))
            batches.emplace_back(it, it + std::min<std::ptrdiff_t>(batch, last - it));
    }
    std::vector<Batch> shuffled;
    shuffled.reserve(batches.size());
    for (const std::int64_t i : permutation(static_cast<std::int64_t>(batches.size()), Rng(seed, purpose + "/batches")))
        shuffled.push_back(std::move(batches[at(i)]));
    return shuffled;
}

std::vector<Batch> budgetBatches(std::span<const std::int64_t> lengths, std::int64_t tokenBudget)
{
    std::vector<std::int64_t> order(lengths.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](auto i) { return lengths[at(i)]; });
    std::vector<Batch> batches;
    for (const std::int64_t i : order) {
        const auto padded = [&] { return (static_cast<std::int64_t>(batches.back().size()) + 1) * lengths[at(i)]; };
        if (batches.empty() || padded() > tokenBudget) batches.emplace_back();
        batches.back().push_back(i);
    }
    return batches;
}

} // namespace gradus::engine
