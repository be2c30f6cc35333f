// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/time_window.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using gradus::viewmodels::TimeWindow;

class TimeWindowTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unzoomed_growsWithTheRun()
    {
        TimeWindow window;
        window.setNow(100);
        QCOMPARE(window.last(), 100.0);
        window.setNow(250);
        QCOMPARE(window.last(), 250.0);
        QCOMPARE(window.cursor(), 250.0);
    }
    void zoom_isUndoneStepByStep()
    {
        TimeWindow window;
        window.setNow(1000);
        window.zoomTo(600, 200);
        QCOMPARE(window.first(), 200.0);
        QCOMPARE(window.last(), 600.0);
        QVERIFY(!window.follows());
        window.zoomTo(300, 400);
        window.setNow(1100);
        QCOMPARE(window.last(), 400.0);
        QVERIFY(window.back());
        QCOMPARE(window.last(), 600.0);
        QVERIFY(window.back());
        QCOMPARE(window.last(), 1100.0);
        QVERIFY(!window.isZoomed());
        QVERIFY(!window.back());
    }
    void wheel_isOneEntryOfTheHistory()
    {
        TimeWindow window;
        window.setNow(1000);
        for (int i = 0; i < 10; ++i)
            window.zoomAround(500, 0.8);
        QVERIFY(window.last() - window.first() < 120);
        QVERIFY(window.back());
        QVERIFY(!window.isZoomed());
    }
    void follow_movesAZoomedRangeAlong()
    {
        TimeWindow window;
        window.setNow(1000);
        window.zoomTo(900, 1000);
        QVERIFY(window.follows());
        window.setNow(1050);
        QCOMPARE(window.last(), 1050.0);
        QCOMPARE(window.first(), 950.0);
    }
    void badRanges_areClampedOrIgnored()
    {
        TimeWindow window;
        window.setNow(1000);
        window.zoomTo(std::nan(""), 5);
        QVERIFY(!window.isZoomed());
        window.zoomTo(500, 500);
        QCOMPARE(window.last() - window.first(), TimeWindow::kMinimumSpan);
        window.zoomTo(-1e9, 1e9);
        QCOMPARE(window.first(), 0.0);
        QCOMPARE(window.last(), 1000.0);
    }
    void pointer_winsOverNowUntilItLeaves()
    {
        TimeWindow window;
        window.setNow(1000);
        const QSignalSpy moved(&window, &TimeWindow::cursorChanged);
        window.setPointer(400);
        window.setNow(1001);
        QCOMPARE(window.cursor(), 400.0);
        QCOMPARE(moved.size(), 1);
        window.setPointer(std::nullopt);
        QCOMPARE(window.cursor(), 1001.0);
        window.setPointer(99999);
        QCOMPARE(window.cursor(), 1001.0);
    }
};
GRADUS_SUITE(TimeWindowTest)
#include "time_window_test.moc"
