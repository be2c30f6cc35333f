// SPDX-License-Identifier: GPL-3.0-or-later
// What all built-in worlds share: which side an item belongs to, and lists of distinct items drawn from a stream.
#pragma once

#include "base/rng.h"
#include "data/task.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <vector>

namespace gradus::data {

/// Where an item may be used, decided by its own hash alone: the sides never share an item.
enum class Side
{
    Pretraining,
    Pool,
    Test, ///< and anchors
};
Side sideOf(std::span<const std::int32_t> tokens);
/// The generation (1-based, of kWorldGenerations) an item of the pool belongs to.
inline constexpr int kWorldGenerations = 64;
int generationOf(std::span<const std::int32_t> tokens);

inline constexpr int kWorldTestItems = 2000;
inline constexpr int kDefaultLabels = 2000;     ///< what a pool of count 0 holds: "all" would be millions
inline constexpr int kMostWorldItems = 100'000; ///< of a pool or the test; openTask refuses more

/// Bad input that names the key where it asks a world for more.
Result<void> boundedByWorld(const char* key, int count);

/// A world as far as its items go: everything else about pools, tests and anchors follows from it.
struct WorldDraw
{
    const char* name;                            ///< prefix of its streams: "registers", "wordproblems"
    std::vector<std::int32_t> (*draw)(Rng& rng); ///< one item's tokens
    int (*truth)(const std::vector<std::int32_t>& tokens);
    /// What decides an item's side and generation; nullptr: all of it.
    std::span<const std::int32_t> (*content)(const std::vector<std::int32_t>& tokens) = nullptr;
    /// What models read of an item; nullptr: all of it, as one sequence.
    std::vector<std::vector<std::int32_t>> (*sequences)(const std::vector<std::int32_t>& tokens) = nullptr;
};

/// count distinct items that are wanted, in the order in which rng draws them; a smaller count is a prefix.
ItemSet distinctItems(const WorldDraw& world, int count, Rng rng,
                      const std::function<bool(const std::vector<std::int32_t>&)>& wanted);
/// Items of generation i, of the pool's side.
ItemSet worldPool(const WorldDraw& world, int generation, int count, std::uint64_t seed);
/// Held-out items: one list for every seed of every experiment, a smaller count a prefix.
ItemSet worldTest(const WorldDraw& world, int count);
/// Items with truth that are neither taught nor among worldTest(world, testItems), drawn from the run's seed.
ItemSet worldAnchors(const WorldDraw& world, int count, int testItems, std::uint64_t seed);

/// Held-out items of one difficulty, the same for every run: no generation is taught by them.
ItemSet worldGraded(const WorldDraw& world, int difficulty, int (*difficultyOf)(const std::vector<std::int32_t>&),
                    int count);

/// What a world's task says of itself.
struct WorldShape
{
    int classes = 2;
    int vocabulary = 0;
    int tokens = 0; ///< of every sequence, at most
    const Environment* environment = nullptr;
    Read read = Read::Classify;
    int briefTokens = 0;
};
/// The world as a task. testItems: 0 takes kWorldTestItems. world must outlive it.
std::unique_ptr<Task> worldTask(const WorldDraw& world, const WorldShape& shape, int testItems);

} // namespace gradus::data
