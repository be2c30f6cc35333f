// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in world's third domain: writing to a brief. Many writings fulfil one, a machine checks any of them, and
// how varied the chosen ones are can be measured.
#pragma once

#include "data/pretraining.h"
#include "data/task.h"
#include "data/world_items.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace gradus::data {

/// A brief says: begin at s, end at e, and never use operation b. A writing is 3 to 5 (operation, operand) pairs of the
/// register machine: it fulfils the brief where the machine, begun at s, ends at e and no pair uses b. Open-ended: of
/// the 10^4 to 10^6 writings of a length about a seventh of those without b fulfil a brief.
///
/// An item is a brief with four writings of which exactly one fulfils it; the class is its place. Of the wrong ones
/// each is, with equal chance, of one of two kinds: it uses b and ends at e (a fault of the surface: one word), or it
/// keeps to the brief's words and ends elsewhere (a fault that only following it through shows). Who sees only the one
/// kind is right on 46.9 % of items, whichever it is; chance is 25 %. Lengths are drawn alike for right and wrong ones.
///
/// A model scores (brief, writing) as one sequence, four an item: it prefers, it does not write. What it prefers over
/// many briefs is a set of writings, whose variety is measured beside that of the right ones: who can follow only some
/// kinds of writing through is seen to choose from these.
///
/// Tokens 0..6 are digits, 7..9 operations, as in registers; then "begin" (a brief follows) and "spoilt", which is only
/// ever a target.
namespace writings {
inline constexpr int kBriefTokens = 4; ///< begin, s, e, b
inline constexpr int kFewestPairs = 3;
inline constexpr int kMostPairs = 5;
inline constexpr int kChoices = 4;
inline constexpr std::int32_t kBegin = 10;
inline constexpr std::int32_t kSpoilt = 11;
inline constexpr int kVocabulary = 12;
inline constexpr int kTokens = kBriefTokens + 2 * kMostPairs; ///< of a sequence at most

/// What is left to do after every pair of a sequence (brief, writing): e less the state, mod 7, or kSpoilt from the
/// first use of b on. The writing fulfils the brief where the last is 0.
std::vector<std::int32_t> left(const std::vector<std::int32_t>& sequence);
bool fulfils(const std::vector<std::int32_t>& sequence);
} // namespace writings

/// One brief and a writing of kMostPairs a row; at every operand the target is writings::left there, -1 elsewhere. A
/// pure function of (seed, step); never a writing, or the beginning of one, that fulfils its brief in an item of the
/// pool's or the test's side.
PretrainingBatch writingsPretraining(std::uint64_t seed, std::int64_t step, int batch);

/// Four classes, read by comparison; sequences of unequal length.
std::unique_ptr<Task> writingsTask(int testItems = kWorldTestItems);

} // namespace gradus::data
