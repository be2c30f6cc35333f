// SPDX-License-Identifier: GPL-3.0-or-later
// From answers that a model rated itself to the pairs it is tuned on. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gradus::pipeline {

/// One answer as the choice sees it.
struct RatedAnswer
{
    std::vector<std::int32_t> tokens;
    double reward = 0;
    friend bool operator==(const RatedAnswer&, const RatedAnswer&) = default;
};
using RatedPrompts = std::vector<std::vector<RatedAnswer>>; ///< [prompt][answer]

/// Answers of one prompt, by place.
struct ChosenPair
{
    std::size_t prompt = 0;
    std::size_t chosen = 0;
    std::size_t rejected = 0;
    friend bool operator==(const ChosenPair&, const ChosenPair&) = default;
};

struct Pairing
{
    std::vector<ChosenPair> pairs;
    double alpha = 0;        ///< taken off the reward for every token
    double chosenLength = 0; ///< mean, tokens
    double rejectedLength = 0;
};

/// The answer of the highest reward is chosen, that of the lowest rejected; of equals the first. A prompt whose answers
/// all have one reward, or whose two extremes are the same text, gives no pair.
Pairing extremes(const RatedPrompts& prompts, double alpha);

/// As above, with the alpha in [-1, 1] (steps of .001, the smallest in size of equals) that brings the mean lengths of
/// chosen and rejected closest. DICE searches [0, 1], since its models grew longer; a mean log-probability leans the
/// other way.
Pairing balancedExtremes(const RatedPrompts& prompts);

/// Share of the answers to one prompt that end as each of them does; an answer without an end (-1) gets 0.
std::vector<double> agreement(std::span<const std::int32_t> ends);

} // namespace gradus::pipeline
