// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/picks.h"

#include "base/rng.h"

#include <algorithm>

namespace gradus::data {

std::vector<std::size_t> trainingPicks(std::size_t available, int generation, int count, std::uint64_t seed)
{
    const std::size_t wanted = count <= 0 ? available : std::min(available, static_cast<std::size_t>(count));
    const std::size_t first = generation <= 2 ? 0 : static_cast<std::size_t>(generation - 2) * wanted;
    const auto order = permutation(static_cast<std::int64_t>(available),
                                   Rng(seed, generation <= 1 ? "files/teacher" : "files/student"));
    std::vector<std::size_t> picks;
    for (std::size_t i = 0; i < wanted; ++i)
        picks.push_back(static_cast<std::size_t>(order[(first + i) % available]));
    return picks;
}

std::vector<std::size_t> anchorPicks(std::size_t available, int count, std::uint64_t seed)
{
    const auto order = trainingPicks(available, 1, 0, seed);
    const std::size_t kept = std::min(available / 2, static_cast<std::size_t>(std::max(count, 0)));
    return {order.end() - static_cast<std::ptrdiff_t>(kept), order.end()};
}

int teacherRows(std::size_t available, int count, int anchors)
{
    if (anchors <= 0) return count;
    const auto kept = std::min(available / 2, static_cast<std::size_t>(anchors));
    const auto left = static_cast<int>(available - kept);
    return count <= 0 ? left : std::min(count, left);
}

std::vector<std::size_t> testPicks(std::size_t available, int limit)
{
    const auto order = permutation(static_cast<std::int64_t>(available), Rng(0, "files/test"));
    std::vector<std::size_t> picks(order.begin(), order.end());
    if (limit > 0 && picks.size() > static_cast<std::size_t>(limit)) picks.resize(static_cast<std::size_t>(limit));
    std::sort(picks.begin(), picks.end()); // in the file's order, so that a reader can find the rows
    return picks;
}

} // namespace gradus::data
