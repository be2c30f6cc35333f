// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/worlds.h"

#include "data/console.h"
#include "data/registers.h"
#include "data/word_problems.h"
#include "data/writings.h"

namespace gradus::data {

const std::vector<World>& worlds()
{
    static const std::vector<World> all{
        {"builtin:registers/code", "code", registers::kVocabulary, registers::kTokens, registersPretraining, 1500,
         registersTask, 1, registers::kHardest, registersGraded},
        {"builtin:registers/math", "math", wordproblems::kVocabulary, wordproblems::kTokens, wordProblemsPretraining,
         1500, wordProblemsTask, 0, wordproblems::kSentences, wordProblemsGraded},
        {"builtin:registers/writing", "writing", writings::kVocabulary, writings::kTokens, writingsPretraining, 1500,
         writingsTask, 0, -1, nullptr},
        {"builtin:registers/console", "console", console::kVocabulary, console::kTokens, consolePretraining, 1500,
         consoleTask, 0, -1, nullptr},
    };
    return all;
}

const World* findWorld(std::string_view task)
{
    for (const World& world : worlds())
        if (world.task == task) return &world;
    return nullptr;
}

} // namespace gradus::data
