// SPDX-License-Identifier: GPL-3.0-or-later
// Tiny labelled items whose rule a model of a few thousand parameters learns in a second.
#pragma once

#include "base/rng.h"
#include "engine/tuning.h"

#include <QTest>

namespace gradus::tests {

constexpr int kToyVocabulary = 12;

inline models::ModelShape toyShape(models::Family family = models::Family::Llama)
{
    return models::rungShape(16, 2, kToyVocabulary, 16, family);
}

/// Global test data: a suite is run once an architecture.
inline void addFamilies()
{
    QTest::addColumn<int>("family");
    for (const models::Family family :
         {models::Family::Llama, models::Family::Recurrent, models::Family::Convolutional})
        QTest::addRow("%s", models::architectureOf(family)) << static_cast<int>(family);
}

inline engine::Tokens randomTokens(Rng& rng, std::size_t length)
{
    engine::Tokens tokens(length);
    for (std::int32_t& token : tokens)
        token = static_cast<std::int32_t>(rng.below(kToyVocabulary));
    return tokens;
}

inline int countLow(const engine::Tokens& tokens)
{
    int low = 0;
    for (const std::int32_t token : tokens)
        low += token < kToyVocabulary / 2 ? 1 : 0;
    return low;
}

/// Class 1 where the last token is in the upper half of the vocabulary; lengths 4 to 8.
inline engine::LabelledItems classifyItems(int count, std::uint64_t seed)
{
    Rng rng(seed, "toy/classify");
    engine::LabelledItems items;
    for (int i = 0; i < count; ++i) {
        engine::Tokens tokens = randomTokens(rng, 4 + rng.below(5));
        const bool upper = tokens.back() >= kToyVocabulary / 2;
        items.targets.push_back(upper ? 0.0F : 1.0F);
        items.targets.push_back(upper ? 1.0F : 0.0F);
        items.items.push_back({std::move(tokens)});
    }
    return items;
}

/// The sequence with more low tokens is the better one; ties are drawn again.
inline engine::LabelledItems compareItems(int count, std::uint64_t seed)
{
    Rng rng(seed, "toy/compare");
    engine::LabelledItems items;
    while (static_cast<int>(items.items.size()) < count) {
        engine::Tokens first = randomTokens(rng, 4 + rng.below(3));
        engine::Tokens second = randomTokens(rng, 4 + rng.below(3));
        const int difference = countLow(first) - countLow(second);
        if (difference == 0) continue;
        items.targets.push_back(difference > 0 ? 1.0F : 0.0F);
        items.targets.push_back(difference > 0 ? 0.0F : 1.0F);
        items.items.push_back({std::move(first), std::move(second)});
    }
    return items;
}

inline double accuracy(const std::vector<float>& probabilities, const std::vector<float>& targets)
{
    std::size_t right = 0;
    for (std::size_t i = 0; i < targets.size(); i += 2)
        right += (probabilities[i] > probabilities[i + 1]) == (targets[i] > targets[i + 1]) ? 1 : 0;
    return static_cast<double>(right) / (static_cast<double>(targets.size()) / 2);
}

} // namespace gradus::tests
