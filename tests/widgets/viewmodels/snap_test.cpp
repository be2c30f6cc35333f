// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
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
};
GRADUS_SUITE(SnapTest)
#include "snap_test.moc"
