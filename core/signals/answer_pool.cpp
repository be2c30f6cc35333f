// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/answer_pool.h"

#include "signals/binomial_bounds.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace gradus::signals {

namespace {

constexpr std::size_t kFolds = 5;
constexpr std::size_t kLeastAnchors = 10;
constexpr double kPriorItems = 1; ///< added to right and wrong, so that no weight is infinite

using Weights = std::vector<double>;

/// Weights of every source from the anchors outside one fold (anchor a is of fold a mod 5).
Weights weightsWithout(const VoteTable& table, const Anchors& anchors, std::size_t fold)
{
    const std::size_t m = table.sources.size();
    std::vector<double> right(m, kPriorItems);
    std::vector<double> wrong(m, kPriorItems);
    double sameWrong = 0.5; // as if half an agreement had been seen in one more pair of errors
    double bothWrong = 1;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        if (a % kFolds == fold) continue;
        const std::size_t item = anchors.items[a];
        for (std::size_t j = 0; j < m; ++j) {
            const int label = table.sources[j].labels[item];
            if (label == kAbstain) continue;
            (label == anchors.truth[a] ? right : wrong)[j] += 1;
            for (std::size_t k = 0; k < j; ++k) {
                const int other = table.sources[k].labels[item];
                if (label == anchors.truth[a] || other == kAbstain || other == anchors.truth[a]) continue;
                bothWrong += 1;
                sameWrong += other == label ? 1 : 0;
            }
        }
    }
    Weights weights(m);
    for (std::size_t j = 0; j < m; ++j)
        weights[j] = std::max(0.0, std::log(bothWrong / sameWrong * right[j] / wrong[j]));
    return weights;
}

/// How right the chosen sources' pool is about one item: 1, 0, or the truth's share of a tie.
double rightness(const VoteTable& table, const Weights& weights, std::size_t chosen, std::size_t item, int truth)
{
    std::vector<std::pair<int, double>> support;
    for (std::size_t j = 0; j < table.sources.size(); ++j) {
        const int label = table.sources[j].labels[item];
        if ((chosen >> j & 1U) == 0 || label == kAbstain) continue;
        const auto found = std::ranges::find(support, label, &std::pair<int, double>::first);
        if (found == support.end())
            support.emplace_back(label, weights[j]);
        else
            found->second += weights[j];
    }
    double most = -1;
    for (const auto& [label, weight] : support)
        most = std::max(most, weight);
    double tied = 0;
    double held = 0;
    for (const auto& [label, weight] : support) {
        if (weight < most) continue;
        tied += 1;
        held += label == truth ? 1 : 0;
    }
    return tied > 0 ? held / tied : 0;
}

} // namespace

Result<AnswerWorth> answerWorth(const VoteTable& table, const Anchors& anchors)
{
    if (auto sound = checkVotes(table, anchors); !sound) return sound.error();
    const std::size_t m = table.sources.size();
    if (anchors.items.size() < kLeastAnchors)
        return badInput("The worth of sources needs at least " + std::to_string(kLeastAnchors) +
                        " items with truth, there are " + std::to_string(anchors.items.size()) +
                        ": label more items by hand.");
    if (m > kMostPooledSources)
        return badInput("The worth of an n-th source is worked out for " + std::to_string(kMostPooledSources) +
                        " sources at most, there are " + std::to_string(m) + ": leave some out.");
    std::vector<Weights> byFold;
    for (std::size_t fold = 0; fold < kFolds; ++fold)
        byFold.push_back(weightsWithout(table, anchors, fold));

    const std::size_t all = (std::size_t{1} << m) - 1;
    std::vector<MeanOf> accuracy(m);
    std::vector<MeanOf> gain(m);
    std::vector<MeanOf> leaving(m);
    std::vector<double> choices(m, 0); // choose(m, n + 1)
    for (std::size_t chosen = 1; chosen <= all; ++chosen)
        choices[static_cast<std::size_t>(std::popcount(chosen)) - 1] += 1;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        std::vector<double> bySize(m, 0);
        std::vector<double> without(m, 0);
        double withAll = 0;
        for (std::size_t chosen = 1; chosen <= all; ++chosen) {
            const double right = rightness(table, byFold[a % kFolds], chosen, anchors.items[a], anchors.truth[a]);
            const auto size = static_cast<std::size_t>(std::popcount(chosen));
            bySize[size - 1] += right / choices[size - 1];
            if (chosen == all) withAll = right;
            if (size + 1 == m) without[static_cast<std::size_t>(std::countr_zero(all ^ chosen))] = right;
        }
        for (std::size_t n = 0; n < m; ++n) {
            accuracy[n].add(bySize[n]);
            gain[n].add(n > 0 ? bySize[n] - bySize[n - 1] : bySize[n]);
            leaving[n].add(withAll - without[n]);
        }
    }
    AnswerWorth worth;
    for (std::size_t n = 0; n < m; ++n) {
        worth.sizes.push_back({accuracy[n].estimate(), gain[n].estimate()});
        worth.leavingOut.push_back(leaving[n].estimate());
    }
    return worth;
}

} // namespace gradus::signals
