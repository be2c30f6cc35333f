// SPDX-License-Identifier: GPL-3.0-or-later
// How a register program's run is written down, token by token, and the checker that reads what a model wrote.
#pragma once

#include "data/registers.h"

#include <cstdint>
#include <vector>

namespace gradus::data {

/// A response to a program: any number of states (the working: the states after operation 1, 2, ... in order), the
/// mark, and the end (the final state). How much working is shown is free, so that one program has many right responses
/// of different lengths; what collapses when a model narrows is seen in that freedom before it is seen in the answers.
namespace traces {
inline constexpr std::int32_t kMark = registers::kBegin;            ///< "therefore": the end follows
inline constexpr int kLongest = registers::kOperations + 2;         ///< of a right response
inline constexpr int kMostTokens = kLongest + 4;                    ///< after which a writer is cut off
inline constexpr int kPositions = registers::kTokens + kMostTokens; ///< that a writing model must have

/// The right response that shows so many states of working; steps in [0, kOperations].
std::vector<std::int32_t> demonstration(const registers::Program& program, int steps);

/// Whether these tokens are a whole response: something follows the first mark.
bool isEnded(const std::vector<std::int32_t>& response);

/// Written-out programs to learn writing from: of the pretraining side, each with an amount of working drawn evenly.
struct Examples
{
    std::vector<registers::Program> programs;
    std::vector<std::vector<std::int32_t>> responses;
};
Examples examples(int count, std::uint64_t seed);

struct Reading
{
    bool parsed = false;   ///< states, one mark, one state; nothing else
    std::int32_t end = -1; ///< the end it states; -1 where it cannot be parsed
    bool endRight = false;
    bool workingRight = false; ///< parsed, and every state of its working is the program's, in place
    int steps = 0;             ///< states of its working
};
/// Reads what was written about a program. Anything is accepted as input; what is no response is not parsed.
Reading read(const registers::Program& program, const std::vector<std::int32_t>& response);
} // namespace traces

} // namespace gradus::data
