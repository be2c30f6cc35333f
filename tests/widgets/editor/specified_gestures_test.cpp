// SPDX-License-Identifier: GPL-3.0-or-later
// Every gesture and key of the lane editor's specification, as a table: each is done with real events, seen to have its
// effect, and undone to the same bytes; each drag is also given up in the middle with Esc.
#include "gesture_rows.h"
#include "support/suite.h"

#include <set>

using namespace gradus;
using namespace gradus::tests;

class SpecifiedGesturesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyGestureAndKeyOfTheSpecification_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<Edited>("edited");
        int index = 0;
        std::set<std::string> names;
        for (const auto& rows : {mouseRows(), keyRows()})
            for (const Row& row : rows) {
                const std::string name = std::string(row.section) + " " + row.gesture;
                QVERIFY2(names.insert(name).second, name.c_str());
                QTest::newRow(name.c_str()) << index << Edited::Gap;
                if (!row.gapAlone) QTest::newRow(("number, " + name).c_str()) << index << Edited::Number;
                ++index;
            }
    }
    void everyGestureAndKeyOfTheSpecification()
    {
        QFETCH(int, row);
        QFETCH(Edited, edited);
        auto rows = mouseRows();
        const auto keys = keyRows();
        rows.insert(rows.end(), keys.begin(), keys.end());
        const Row& one = rows[static_cast<std::size_t>(row)];
        QVERIFY2(one.done, "this row has no implementation");
        LaneBench bench(edited);
        const QString wrong = one.done(bench);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        if (one.leaves == Leaves::OneStep) {
            QCOMPARE(bench.document.undoStack().index(), 1);
            QVERIFY(bench.document.text() != bench.text);
            bench.document.undoStack().undo();
        } else {
            QCOMPARE(bench.document.undoStack().index(), 0);
        }
        QCOMPARE(bench.document.text(), bench.text);
    }
    void escInMidDrag_restoresExactly_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<Edited>("edited");
        int index = 0;
        for (const Drag& drag : drags()) {
            QTest::newRow(drag.gesture) << index << Edited::Gap;
            QTest::newRow((std::string("number, ") + drag.gesture).c_str()) << index << Edited::Number;
            ++index;
        }
    }
    void escInMidDrag_restoresExactly()
    {
        QFETCH(int, row);
        QFETCH(Edited, edited);
        LaneBench bench(edited);
        bench.group.span().setRange(0, 0.95);
        bench.track->selection().select(2);
        const Drag drag = drags()[static_cast<std::size_t>(row)];
        if (drag.prepare) drag.prepare(bench);
        const std::string text = bench.document.text();
        const int steps = bench.document.undoStack().count();
        const schedule::Curve curve = bench.track->curve();
        const auto selection = bench.track->selection().indices();
        const auto markers = bench.track->markers();
        const QRectF view(QPointF(bench.lane->xLow(), bench.lane->yLow()),
                          QPointF(bench.lane->xHigh(), bench.lane->yHigh()));
        drag.begin(bench);
        bench.press(Qt::Key_Escape);
        for (int pass = 0; pass < 2; ++pass) {
            QVERIFY(bench.track->curve() == curve);
            QCOMPARE(bench.document.text(), text);
            QCOMPARE(bench.track->selection().indices(), selection);
            QVERIFY(bench.track->markers() == markers);
            QVERIFY(!bench.group.span().playhead());
            QCOMPARE(QRectF(QPointF(bench.lane->xLow(), bench.lane->yLow()),
                            QPointF(bench.lane->xHigh(), bench.lane->yHigh())),
                     view);
            QCOMPARE(bench.document.undoStack().count(), steps);
            // What the button does afterwards changes nothing either.
            bench.move(bench.at(0.5, 0.3));
            QTest::mouseRelease(bench.lane, Qt::LeftButton, {}, bench.at(0.5, 0.3));
        }
    }
    void aDrawnNumberIsNeverMuted_andSaysSo()
    {
        LaneBench bench(Edited::Number);
        QString said;
        connect(bench.track, &viewmodels::CurveTrack::editRefused, this, [&](const QString& words) { said = words; });
        bench.press(Qt::Key_U);
        QVERIFY(!bench.track->isMuted());
        QVERIFY2(said.contains(QStringLiteral("Back to one number")), qPrintable(said));
        QCOMPARE(bench.document.text(), bench.text);
    }
    void aSourcesLane_isEditedLikeTheGap_oneStepToTheSameBytes()
    {
        LaneBench bench;
        editor::LaneView& lane = *bench.stack->lanes()[0];
        lane.replotNow();
        const auto key = [&](int i) {
            return lane.pixelOf(bench.past.curve().keys[static_cast<std::size_t>(i)]).toPoint();
        };
        LaneBench::drag(lane, key(1), lane.toPixel({0.4, 0.3}).toPoint());
        QVERIFY2(near(bench.past.curve().keys[1].x, 0.4), qPrintable(QString::number(bench.past.curve().keys[1].x)));
        QCOMPARE(bench.document.undoStack().index(), 1);
        bench.document.undoStack().undo();
        QCOMPARE(bench.document.text(), bench.text);
        bench.past.selection().select(1);
        QTest::keyClick(&lane, Qt::Key_Up, Qt::ShiftModifier);
        QTest::keyClick(&lane, Qt::Key_Up, Qt::ShiftModifier);
        QTest::keyClick(&lane, Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(bench.past.curve().keys[1].y, 1.0); // no weight passes 1
        bench.document.undoStack().undo();
        QTest::keyClick(&lane, Qt::Key_U);
        QVERIFY(bench.past.isMuted());
        bench.document.undoStack().undo();
        QCOMPARE(bench.document.text(), bench.text);
        QTest::keyClick(&lane, Qt::Key_L);
        QVERIFY(bench.past.isLocked());
        QTest::keyClick(&lane, Qt::Key_Delete);
        QCOMPARE(bench.document.text(), bench.text);
    }
    void overviewStrip_isMovedByKeysAndEscGoesBack()
    {
        LaneBench bench;
        auto& span = bench.group.span();
        bench.strip->setFocus();
        QTest::keyClick(bench.strip, Qt::Key_Plus);
        QVERIFY(near(span.high() - span.low(), 0.8));
        const double low = span.low();
        QTest::keyClick(bench.strip, Qt::Key_Right);
        QVERIFY(span.low() > low);
        QTest::keyClick(bench.strip, Qt::Key_Home);
        QVERIFY(span.isAll());
        QTest::mousePress(bench.strip, Qt::LeftButton, {}, QPoint(200, 15));
        LaneBench::move(*bench.strip, QPoint(400, 15));
        QVERIFY(!span.isAll());
        QTest::keyClick(bench.strip, Qt::Key_Escape);
        QVERIFY(span.isAll());
        QTest::mouseRelease(bench.strip, Qt::LeftButton, {}, QPoint(400, 15));
        QVERIFY(span.isAll());
    }
};
GRADUS_SUITE(SpecifiedGesturesTest)
#include "specified_gestures_test.moc"
