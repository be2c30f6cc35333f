// SPDX-License-Identifier: GPL-3.0-or-later
// What one example of a tuning is: token ids, and which of them are learnt.
#pragma once

#include "engine/tuning.h"

#include <cstdint>
#include <vector>

namespace gradus::engine {

/// Positions [begin, end) of a sequence, begin 1 or more: the first token follows nothing.
struct TokenRange
{
    std::int32_t begin = 0;
    std::int32_t end = 0;
};

struct TaughtSequence
{
    Tokens tokens;
    std::vector<TokenRange> taught = {}; ///< Sft and Preference: the response's tokens; increasing, not overlapping
};

/// Sft and Classify have one sequence, Reward and Preference two: chosen, then rejected.
struct TaughtExample
{
    std::vector<TaughtSequence> sequences;
    float preference = 1;           ///< Reward: the probability that the first is better, [0, 1]
    std::vector<float> target = {}; ///< Classify: the probability of each class
};

} // namespace gradus::engine
