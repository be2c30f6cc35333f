// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/self_pairs.h"

#include "base/rng.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::pipeline;

namespace {

RatedAnswer answer(int length, double reward, std::int32_t token = 1)
{
    return {.tokens = std::vector<std::int32_t>(static_cast<std::size_t>(length), token), .reward = reward};
}

} // namespace

class SelfPairsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void best_isPreferredToWorstAndOfEqualsTheFirst()
    {
        const Pairing pairing = extremes({{answer(2, 0.5), answer(3, 0.9), answer(4, 0.1)},
                                          {answer(2, 1), answer(3, 0), answer(4, 1), answer(5, 0)}},
                                         0);
        QCOMPARE(pairing.pairs, (std::vector<ChosenPair>{{0, 1, 2}, {1, 0, 1}}));
        QCOMPARE(pairing.chosenLength, 2.5);
        QCOMPARE(pairing.rejectedLength, 3.5);
    }
    void promptsThatPreferNothing_giveNoPair()
    {
        QVERIFY(extremes({{answer(2, 0.5), answer(3, 0.5)}}, 0).pairs.empty());
        QVERIFY(extremes({{answer(2, 0.5)}, {}}, 0).pairs.empty());
        // One text with two rewards: rounding, not a preference.
        QVERIFY(extremes({{answer(2, 0.5), answer(2, 0.4)}}, 0).pairs.empty());
        QVERIFY(balancedExtremes({}).pairs.empty());
    }
    void alpha_isTakenOffForEveryToken()
    {
        const RatedPrompts prompts{{answer(2, 0.5), answer(6, 0.7)}};
        QCOMPARE(extremes(prompts, 0).pairs.front().chosen, 1U);
        QCOMPARE(extremes(prompts, 0.06).pairs.front().chosen, 0U);
    }
    void balanced_bringsTheMeanLengthsTogether()
    {
        // Reward grows by .1 a token, beside a small part of its own: without alpha the longest always wins.
        RatedPrompts prompts;
        Rng rng(1, "own part");
        for (int i = 0; i < 300; ++i) {
            prompts.emplace_back();
            for (int length = 2; length <= 6; ++length)
                prompts.back().push_back(answer(length, 0.1 * length + 0.05 * rng.uniform(), length));
        }
        const Pairing loose = extremes(prompts, 0);
        const Pairing balanced = balancedExtremes(prompts);
        QVERIFY(loose.chosenLength - loose.rejectedLength > 3.5);
        QVERIFY(std::abs(balanced.chosenLength - balanced.rejectedLength) < 0.2);
        QVERIFY(balanced.alpha > 0.08 && balanced.alpha < 0.12);
        // And the other way round.
        for (auto& answers : prompts)
            for (RatedAnswer& one : answers)
                one.reward -= 0.2 * static_cast<double>(one.tokens.size());
        QVERIFY(balancedExtremes(prompts).alpha < -0.08);
    }
    void balanced_leavesAlphaAtZeroWhereNothingLeans()
    {
        const RatedPrompts prompts{{answer(3, 0.1, 1), answer(3, 0.2, 2)}, {answer(4, 0.7, 1), answer(4, 0.2, 2)}};
        QCOMPARE(balancedExtremes(prompts).alpha, 0.0);
        QCOMPARE(balancedExtremes(prompts).pairs.size(), 2U);
    }
    void agreement_isTheShareOfTheSameEnd()
    {
        const std::vector<std::int32_t> ends{3, 3, -1, 5};
        QCOMPARE(agreement(ends), (std::vector<double>{0.5, 0.5, 0, 0.25}));
        QVERIFY(agreement({}).empty());
    }
};
GRADUS_SUITE(SelfPairsTest)

#include "self_pairs_test.moc"
