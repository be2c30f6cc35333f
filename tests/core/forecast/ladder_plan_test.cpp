// SPDX-License-Identifier: GPL-3.0-or-later
// Rungs, compute and cost of a ladder, by hand.
#include "forecast/ladder_plan.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus::forecast;

class LadderPlanTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void plan_byHand()
    {
        // 10^5, 10^6, 10^7 with D = 20 N: 120 (10^10 + 10^12 + 10^14) FLOP; at 10^12 an hour, 2 money each.
        const auto plan =
            planLadder({.start = 5, .target = 7, .gap = 1, .tokens = {}, .hourPrice = 2, .hourFlop = 1e12});
        QCOMPARE(plan->rungs.size(), std::size_t{3});
        const double flop = 120 * (1e10 + 1e12 + 1e14);
        QVERIFY(std::abs(plan->flop / flop - 1) < 1e-9);
        QVERIFY(std::abs(*plan->cost / (2 * flop / 1e12) - 1) < 1e-9);
        const auto fixed = planLadder({.start = 5, .target = 7, .gap = 0.9, .tokens = 1000, .hourPrice = {}});
        QCOMPARE(fixed->rungs.size(), std::size_t{4}); // three equal steps of 2/3, none above .9
        QVERIFY(!fixed->cost);
        QVERIFY(std::abs(fixed->rungs[0].flop / (6e5 * 1000) - 1) < 1e-9);
    }
    void badWishes_areRefused()
    {
        QVERIFY(!planLadder({.start = 5, .target = 4, .tokens = {}, .hourPrice = {}}));
        QVERIFY(!planLadder({.start = 5, .target = 20, .tokens = {}, .hourPrice = {}}));
        QVERIFY(!planLadder({.start = 5, .target = 13, .gap = 0, .tokens = {}, .hourPrice = {}}));
        QVERIFY(!planLadder({.start = 5, .target = 13, .gap = 1e-6, .tokens = {}, .hourPrice = {}}));
        QVERIFY(!planLadder({.start = 5, .target = std::nan(""), .tokens = {}, .hourPrice = {}}));
        QVERIFY(!planLadder({.start = 5, .target = 13, .tokens = -1, .hourPrice = {}}));
        QVERIFY(!planLadder({.start = 5, .target = 13, .tokens = {}, .hourPrice = -1}));
    }
};
GRADUS_SUITE(LadderPlanTest)
#include "ladder_plan_test.moc"
