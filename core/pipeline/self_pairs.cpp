// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/self_pairs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::pipeline {

Pairing extremes(const RatedPrompts& prompts, double alpha)
{
    Pairing pairing{.pairs = {}, .alpha = alpha};
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const std::vector<RatedAnswer>& answers = prompts[i];
        const auto value = [&](const RatedAnswer& answer) {
            return answer.reward - alpha * static_cast<double>(answer.tokens.size());
        };
        ChosenPair pair{.prompt = i};
        for (std::size_t k = 1; k < answers.size(); ++k) {
            if (value(answers[k]) > value(answers[pair.chosen])) pair.chosen = k;
            if (value(answers[k]) < value(answers[pair.rejected])) pair.rejected = k;
        }
        if (answers.empty() || answers[pair.chosen].tokens == answers[pair.rejected].tokens) continue;
        pairing.chosenLength += static_cast<double>(answers[pair.chosen].tokens.size());
        pairing.rejectedLength += static_cast<double>(answers[pair.rejected].tokens.size());
        pairing.pairs.push_back(pair);
    }
    const auto count = static_cast<double>(std::max<std::size_t>(1, pairing.pairs.size()));
    pairing.chosenLength /= count;
    pairing.rejectedLength /= count;
    return pairing;
}

Pairing balancedExtremes(const RatedPrompts& prompts)
{
    constexpr int kSteps = 1000;
    Pairing best;
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= 2 * kSteps; ++i) {
        const int step = i % 2 == 0 ? i / 2 : -(i + 1) / 2; // 0, -1, 1, -2, ...: the smallest in size wins a tie
        Pairing pairing = extremes(prompts, static_cast<double>(step) / kSteps);
        const double apart = std::abs(pairing.chosenLength - pairing.rejectedLength);
        if (pairing.pairs.empty() || apart >= least) continue;
        least = apart;
        best = std::move(pairing);
    }
    return best;
}

std::vector<double> agreement(std::span<const std::int32_t> ends)
{
    std::vector<double> shares;
    for (const std::int32_t end : ends)
        shares.push_back(
            end < 0 ? 0.0 : static_cast<double>(std::ranges::count(ends, end)) / static_cast<double>(ends.size()));
    return shares;
}

} // namespace gradus::pipeline
