// SPDX-License-Identifier: GPL-3.0-or-later
// What a round of self-enhancement is tuned on: answers drawn, rated and paired, and offline pairs in place of some.
#pragma once

#include "pipeline/self_pairs.h"
#include "pipeline/stage_context.h"
#include "pipeline/writers.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace gradus::pipeline {

/// What a round chose its pairs by; details hold every figure.
inline constexpr const char* kSelfPairsEvent = "self.pairs";

/// A generation of a run on one rung of its ladder.
struct Round
{
    const StageContext& context;
    const AnswerForm& form;
    int generation = 1;
    int rung = 0; ///< counted from 0

    const spec::SelfEnhancement& settings() const { return context.spec.experiment.self; }
    double parameters() const { return static_cast<double>(context.ladder.at(rung).parameters); }
    /// Seed of what this generation draws for a purpose.
    std::uint64_t seedFor(const std::string& purpose) const;
};

struct Lesson
{
    engine::WritingPairs pairs;
    Pairing own;             ///< without those that were replaced
    std::size_t prompts = 0; ///< answered
    std::size_t offline = 0; ///< pairs replayed
    Estimate right;          ///< own pairs of which one end is right and one wrong: the right one is preferred; n is 0
                             ///< where nobody checks ends
    double flops = 0;        ///< of answering and rating
};

/// Offline pairs alone, of self.offline items: the first right and the first wrong of a writer's answers to each
/// program, or the two answers of preference data. Bad input where no item gives a pair.
Result<Lesson> offlineLesson(const Round& round, const engine::LanguageModel& writer);

/// The round's prompts answered by the model of before and rated as self.reward says; self.replay of the pairs are
/// replaced by offline ones. origin: weights that the model of before was tuned from (read for the implicit reward).
Result<Lesson> ownLesson(const Round& round, const engine::LanguageModel& before, const std::filesystem::path& origin,
                         const engine::WritingPairs& offline);

/// Tokens of prompts, chosen and rejected answers that one pass over the pairs reads.
double tokensOf(const engine::WritingPairs& pairs);
/// One sentence for the stage.
std::string noteOf(const Lesson& lesson);
/// Series and event of an own lesson.
void reportLesson(const Round& round, const Lesson& lesson, std::int64_t step);

} // namespace gradus::pipeline
