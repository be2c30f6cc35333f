// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in worlds by the names under which experiments ask for them.
#pragma once

#include "data/pretraining.h"
#include "data/task.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gradus::data {

struct World
{
    std::string_view task;   ///< "builtin:registers/code"
    std::string_view domain; ///< "code"; its shipped rungs lie under that name
    int vocabulary;
    int tokens; ///< of every item
    PretrainingBatch (*pretraining)(std::uint64_t seed, std::int64_t step, int batch);
    std::int64_t pretrainingSteps; ///< behind its shipped rungs
    std::unique_ptr<Task> (*open)(int testItems);
    int easiest = 0; ///< difficulties that graded() knows, both included; 0 and -1: it has none
    int hardest = -1;
    /// count held-out items of one difficulty, always the same; a smaller count is a prefix.
    ItemSet (*graded)(int difficulty, int count) = nullptr;
};

const std::vector<World>& worlds();
const World* findWorld(std::string_view task); ///< nullptr if there is none of that name

} // namespace gradus::data
