// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/word_problems.h"

#include <algorithm>
#include <array>
#include <string>

namespace gradus::data {

namespace {

using namespace wordproblems;
using Tokens = std::vector<std::int32_t>;

constexpr std::size_t kFirstSentence = 6;

std::int32_t applied(std::int32_t verb, std::int32_t state, std::int32_t number)
{
    switch ((verb - kFirstVerb) / 3) {
    case 0:
        return (state + number) % kModulus;
    case 1:
        return (state * number) % kModulus;
    default:
        return std::max(state, number);
    }
}

/// What the asked person holds after every sentence.
std::array<std::int32_t, kSentences> holdings(const Tokens& tokens)
{
    std::array<std::int32_t, kSentences> all{};
    std::int32_t now = tokens[2] == tokens[1] ? tokens[3] : tokens[5];
    for (std::size_t i = 0; i < kSentences; ++i) {
        const std::size_t at = kFirstSentence + 3 * i;
        if (tokens[at] == tokens[1]) now = applied(tokens[at + 1], now, tokens[at + 2]);
        all[i] = now;
    }
    return all;
}

Tokens draw(Rng& rng)
{
    const auto first = static_cast<std::int32_t>(kFirstName + static_cast<std::int32_t>(rng.below(kNames)));
    auto second = static_cast<std::int32_t>(kFirstName + static_cast<std::int32_t>(rng.below(kNames - 1)));
    if (second >= first) ++second;
    const std::array<std::int32_t, 2> people{first, second};
    const std::int32_t asked = people[rng.below(2)];
    Tokens tokens{kBegin, asked,
                  first,  static_cast<std::int32_t>(rng.below(kModulus)),
                  second, static_cast<std::int32_t>(rng.below(kModulus))};
    for (int i = 0; i < kSentences; ++i) {
        const auto verb = static_cast<std::int32_t>(kFirstVerb + static_cast<std::int32_t>(rng.below(9)));
        tokens.push_back(people[rng.below(2)]);
        tokens.push_back(verb);
        // Multiplying by 0 would throw what was held away and make most of the story irrelevant.
        const bool multiply = (verb - kFirstVerb) / 3 == 1;
        tokens.push_back(multiply ? static_cast<std::int32_t>(1 + rng.below(kModulus - 1))
                                  : static_cast<std::int32_t>(rng.below(kModulus)));
    }
    return tokens;
}

constexpr WorldDraw kWorld{"wordproblems", draw, wordproblems::truth};

} // namespace

int wordproblems::truth(const Tokens& tokens)
{
    return holdings(tokens).back();
}

int wordproblems::difficulty(const Tokens& tokens)
{
    int sentences = 0;
    for (std::size_t i = 0; i < kSentences; ++i)
        sentences += tokens[kFirstSentence + 3 * i] == tokens[1] ? 1 : 0;
    return sentences;
}

PretrainingBatch wordProblemsPretraining(std::uint64_t seed, std::int64_t step, int batch)
{
    Rng rng(seed, "wordproblems/pretraining/" + std::to_string(step));
    PretrainingBatch drawn;
    while (drawn.inputs.size() < static_cast<std::size_t>(std::max(batch, 0))) {
        Tokens tokens = draw(rng);
        if (sideOf(tokens) != Side::Pretraining) continue;
        const auto after = holdings(tokens);
        Tokens targets(kTokens, -1);
        for (std::size_t i = 0; i < kSentences; ++i)
            targets[kFirstSentence + 3 * i + 2] = after[i];
        drawn.inputs.push_back(std::move(tokens));
        drawn.targets.push_back(std::move(targets));
    }
    return drawn;
}

ItemSet wordProblemsGraded(int difficulty, int count)
{
    return worldGraded(kWorld, difficulty, wordproblems::difficulty, count);
}

std::unique_ptr<Task> wordProblemsTask(int testItems)
{
    return worldTask(kWorld, {.classes = kModulus, .vocabulary = kVocabulary, .tokens = kTokens}, testItems);
}

} // namespace gradus::data
