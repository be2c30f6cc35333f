// SPDX-License-Identifier: GPL-3.0-or-later
// How varied the writings are that a model chooses, beside the right ones of the same items.
#pragma once

#include "base/interval.h"
#include "data/task.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

inline constexpr const char* kWritingsEvent = "writings.chosen";
inline constexpr int kWritingsAtOnce = 8; ///< chosen writings of which variety is measured together

/// Means over groups of kWritingsAtOnce items in the test's order, each of the writings chosen in one group, with 95 %
/// t intervals over the groups: distinct-n falls with the number of samples, and so must always be taken over as many.
struct ChosenVariety
{
    Estimate distinct2;
    Estimate vendi;
    Estimate length; ///< tokens
};

/// choices: a place among each item's sequences. briefTokens > 0. Items beyond the last whole group are left out; none
/// in fewer than two groups: all estimates are 0 with n = 0.
ChosenVariety varietyOf(const data::ItemSet& set, const std::vector<int>& choices, int briefTokens);

/// For tasks whose items are writings to choose from: series diversity/distinct2, diversity/vendi, writing/length and
/// an event that holds them against the right writings, where the items are the held-out ones. Says nothing for others.
void reportChosenWritings(const StageContext& context, const std::vector<int>& choices, int generation,
                          std::int64_t step);

} // namespace gradus::pipeline
