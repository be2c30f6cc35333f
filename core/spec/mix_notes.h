// SPDX-License-Identifier: GPL-3.0-or-later
// Keys beside the sources that are for people and programs who plan a mix, not for runs: internal to the room.
#pragma once

#include <string_view>

namespace gradus::spec {

inline constexpr std::string_view kLeastShareKey = "least_share";
inline constexpr std::string_view kMostShareKey = "most_share";
inline constexpr std::string_view kCostKey = "cost";
inline constexpr std::string_view kBudgetName = "budget"; ///< in [signals]
inline constexpr double kMostCost = 1e9;
inline constexpr double kMostBudget = 1e12;

struct MixNote
{
    std::string_view key;
    double most; ///< a number from 0 to this
};
inline constexpr MixNote kSourceNotes[] = {{kLeastShareKey, 1}, {kMostShareKey, 1}, {kCostKey, kMostCost}};

} // namespace gradus::spec
