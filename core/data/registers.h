// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in world: a register machine mod 7 whose final state is asked about, with truth for every program.
#pragma once

#include "data/pretraining.h"
#include "data/task.h"
#include "data/world_items.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gradus::data {

/// The world's constants. Tokens 0..6 are digits, then one token an operation, then "begin".
namespace registers {
inline constexpr int kModulus = 7;
inline constexpr int kOperations = 6; ///< (operation, operand) pairs of a program
inline constexpr std::int32_t kAdd = 7;
inline constexpr std::int32_t kMultiply = 8;
inline constexpr std::int32_t kMax = 9;
inline constexpr std::int32_t kBegin = 10;
inline constexpr int kVocabulary = 11;
inline constexpr int kTokens = 2 + 2 * kOperations; ///< begin, start value, pairs

/// begin, start, operation, operand, ...: kTokens long.
using Program = std::vector<std::int32_t>;

/// The state after operation `step` (1-based) of a program that stood at `before`: what anyone can check by itself.
std::int32_t after(const Program& program, int step, std::int32_t before);
/// The state after each operation, states[i] in [0, kModulus).
std::array<std::int32_t, kOperations> states(const Program& program);
/// The question: is the final state one of {2, 5, 6}? 1 yes (51.0 % of all programs), 0 no. Who knows only the last
/// operation and its operand is right in 60.8 % of programs: more than that needs the running state.
int truth(const Program& program);
/// How long a program really is: the number of its last operations that together fix the final state whatever came
/// before ("max 6" at the end: 1), up to kOperations; kHardest where the start value matters as well.
int difficulty(const Program& program);
inline constexpr int kHardest = kOperations + 1;
/// A program, evenly over operations and operands.
Program draw(Rng& rng);
} // namespace registers

/// Pretraining on running states, batch x kTokens. At every operand's position the target is the state after that
/// operation, -1 elsewhere. A pure function of (seed, step); never a program of the pool's or the test's side.
PretrainingBatch registersPretraining(std::uint64_t seed, std::int64_t step, int batch);

/// Held-out programs of one difficulty, 1 .. registers::kHardest.
ItemSet registersGraded(int difficulty, int count);

/// The world as a task: classes 2, read at the last token. testItems held-out items (0: kWorldTestItems), a prefix of
/// one fixed list. A pool holds distinct programs; a smaller count is a prefix of a larger one.
std::unique_ptr<Task> registersTask(int testItems = kWorldTestItems);

} // namespace gradus::data
