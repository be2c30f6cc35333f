// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/log_axis.h"
#include "viewmodels/snap.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus::viewmodels;

class SnapTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void multiples_areTheLiteralsAReaderWouldType()
    {
        QCOMPARE(nearestMultiple(0.31, 0.1), 0.3);
        QVERIFY(nearestMultiple(0.31, 0.1) == 0.3); // QCOMPARE is fuzzy, the file is not
        QVERIFY(nearestMultiple(0.149999, 0.05) == 0.15);
        QVERIFY(!std::signbit(nearestMultiple(-0.001, 0.1)));
    }
    void withoutAStep_nothingMoves()
    {
        QVERIFY(nearestMultiple(0.123456789, 0) == 0.123456789);
        QVERIFY(std::isnan(nearestMultiple(std::numeric_limits<double>::quiet_NaN(), 0.1)));
    }
    void target_winsOverTheGridWithinItsReachOnly()
    {
        const SnapGrid grid{.xStep = 0.1, .yStep = 0.05, .xTargets = {1.0 / 3.0}, .targetReach = 0.02};
        QVERIFY(snapped({0.32, 0.52}, grid).x == 1.0 / 3.0);
        QVERIFY(snapped({0.30, 0.52}, grid).x == 0.3);
        QVERIFY(snapped({0.30, 0.52}, grid).y == 0.5);
    }
    void nearestOfTwoTargets_isTaken()
    {
        const SnapGrid grid{.xStep = 0, .yStep = 0, .xTargets = {0.40, 0.43}, .targetReach = 0.1};
        QVERIFY(snapped({0.42, 0.1}, grid).x == 0.43);
    }
    void roundStep_isOneTwoOrFiveTimesAPowerOfTen()
    {
        QVERIFY(roundStep(1.0, 5) == 0.2);
        QVERIFY(roundStep(1.2, 4) == 0.2);
        QVERIFY(roundStep(10, 10) == 1.0);
        QVERIFY(roundStep(0.3, 6) == 0.05);
        QVERIFY(roundStep(0, 4) == 0);
    }
    void powersOfTen_haveRoundLimitsTicksAndSteps()
    {
        QCOMPARE(logStepAt(0.0042), 0.0001);
        QCOMPARE(logStepAt(0.001), 0.0001);
        QCOMPARE(logStepAt(0.0), 0.0);
        QCOMPARE(logRange(0.0001, 0.01), (std::pair{0.0001, 0.01}));
        QCOMPARE(logRange(0.00013, 0.004), (std::pair{0.0001, 0.005}));
        const auto [low, high] = logRange(0.003, 0.003);
        QVERIFY(low < 0.003 && high > 0.003 && high / low >= 3);
        QCOMPARE(logTicks(0.0001, 0.01), (std::vector<double>{0.0001, 0.001, 0.01}));
        QCOMPARE(logTicks(0.001, 0.01), (std::vector<double>{0.001, 0.002, 0.005, 0.01}));
        const SnapGrid grid{.xStep = 0, .yStep = 1, .xTargets = {}, .targetReach = 0, .logY = true};
        QCOMPARE(snapped({0.5, 0.00427}, grid).y, 0.0043);
        QCOMPARE(snapped({0.5, 0.0000427}, grid).y, 0.000043);
    }
};
GRADUS_SUITE(SnapTest)
#include "snap_test.moc"
