// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in world's second domain: word problems over the register machine. Two people, several words for every
// operation, and the other person's story as a distraction.
#pragma once

#include "data/pretraining.h"
#include "data/task.h"
#include "data/world_items.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace gradus::data {

/// Tokens 0..6 are numbers, then names, then three words for each of add, multiply and "fill up to", then a mark. An
/// item: begin, the name asked about, both people with their starts, then the sentences.
namespace wordproblems {
inline constexpr int kModulus = 7;
inline constexpr int kNames = 6;
inline constexpr int kSentences = 4; ///< name, verb, number
inline constexpr std::int32_t kFirstName = 7;
inline constexpr std::int32_t kFirstVerb = kFirstName + kNames;
inline constexpr std::int32_t kBegin = kFirstVerb + 9;
inline constexpr int kVocabulary = kBegin + 1;
inline constexpr int kTokens = 2 + 2 * 2 + 3 * kSentences;

/// What the asked person holds at the end, in [0, kModulus): the item's class.
int truth(const std::vector<std::int32_t>& tokens);
/// Sentences about the asked person: 0 .. kSentences.
int difficulty(const std::vector<std::int32_t>& tokens);
} // namespace wordproblems

/// At every sentence's number the target is what the asked person holds then; -1 elsewhere. A pure function of (seed,
/// step); never an item of the pool's or the test's side.
PretrainingBatch wordProblemsPretraining(std::uint64_t seed, std::int64_t step, int batch);

/// Held-out items of one difficulty, 0 .. wordproblems::kSentences.
ItemSet wordProblemsGraded(int difficulty, int count);

/// classes 7, read at the last token.
std::unique_ptr<Task> wordProblemsTask(int testItems = kWorldTestItems);

} // namespace gradus::data
