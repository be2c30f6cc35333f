// SPDX-License-Identifier: GPL-3.0-or-later
// Parallel coordinates with a real mouse and real keys: brushes choose lines, axes move, and a thousand lines are
// quick.
#include "plot/parallel_plot.h"
#include "support/suite.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace gradus;
using plot::Brush;
using plot::ParallelColumn;
using plot::ParallelLine;
using plot::ParallelPlot;

namespace {

const QString kKey = QStringLiteral("gap.value");
const QString kWord = QStringLiteral("gap.controller");
const QString kFigure = QStringLiteral("utility/competence");

QVector<ParallelColumn> columns()
{
    return {{kKey, QStringLiteral("value"), {}, 0, 10, QStringLiteral("0"), QStringLiteral("10")},
            {kWord, QStringLiteral("controller"), {QStringLiteral("fixed"), QStringLiteral("schedule")}, 0, 1, {}, {}},
            {kFigure, QStringLiteral("competence"), {}, 0.5, 1, QStringLiteral("0.5"), QStringLiteral("1.0")}};
}

/// Run i has key i, word i mod 2, figure 0.5 + i / 20; run 10 has no figure.
QVector<ParallelLine> lines()
{
    QVector<ParallelLine> all;
    for (int i = 0; i <= 10; ++i)
        all.append({i, i % 8, QStringLiteral("run %1").arg(i), {double(i), double(i % 2), 0.5 + i / 20.0}});
    all.last().values[2] = std::nan("");
    return all;
}

struct Shown
{
    common::ThemeController theme{*qApp, common::Theme::Light};
    ParallelPlot view{theme};
    Shown()
    {
        view.resize(800, 300);
        view.setData(columns(), lines());
        view.show();
    }
    void drag(const QString& column, double from, double to)
    {
        const QPoint begin = view.pointAt(column, from).toPoint();
        const QPoint end = view.pointAt(column, to).toPoint();
        QTest::mousePress(&view, Qt::LeftButton, {}, begin);
        QTest::mouseMove(&view, (begin + end) / 2);
        QTest::mouseMove(&view, end);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, end);
    }
};

} // namespace

class ParallelPlotTest : public QObject
{
    Q_OBJECT
    using Runs = QVector<std::int64_t>;

private Q_SLOTS:
    void withoutABrush_allAreChosen()
    {
        Shown shown;
        QCOMPARE(shown.view.chosen().size(), 11);
        QVERIFY(!shown.view.isBrushed());
    }
    void aDragAlongAnAxis_choosesTheLinesInIt()
    {
        Shown shown;
        QSignalSpy spy(&shown.view, &ParallelPlot::chosenChanged);
        shown.drag(kKey, 0.25, 0.55);
        QVERIFY(!spy.isEmpty());
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5}));
        shown.drag(kWord, 0.6, 1.0); // downwards or upwards is the same
        QCOMPARE(shown.view.chosen(), (Runs{3, 5}));
        shown.view.clearBrushes();
        QCOMPARE(shown.view.chosen().size(), 11);
        shown.drag(kKey, 0.55, 0.25);
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5}));
    }
    void whatHasNoValue_isOutsideEveryBrushOfItsAxis()
    {
        Shown shown;
        shown.drag(kFigure, 0.0, 1.0);
        QCOMPARE(shown.view.chosen().size(), 10);
        QVERIFY(!shown.view.chosen().contains(10));
        shown.drag(kKey, 0.9, 1.0); // an axis's end is inside: run 10 is at 1.0, but without a figure
        QCOMPARE(shown.view.chosen(), Runs{9});
    }
    void aBrushMoves_andGoesWithAClick()
    {
        Shown shown;
        shown.drag(kKey, 0.25, 0.55);
        shown.drag(kKey, 0.4, 0.7); // inside it: moves by 0.3
        const auto brush = shown.view.brush(kKey);
        QVERIFY(brush);
        QVERIFY2(std::abs(brush->from - 0.55) < 0.02 && std::abs(brush->to - 0.85) < 0.02,
                 qPrintable(QString::number(brush->from)));
        QCOMPARE(shown.view.chosen(), (Runs{6, 7, 8}));
        shown.drag(kKey, 0.7, 5.0); // it stops at the end of its axis and keeps its length
        QCOMPARE(shown.view.brush(kKey)->to, 1.0);
        QVERIFY(std::abs(shown.view.brush(kKey)->from - 0.7) < 0.02);
        QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.view.pointAt(kKey, 0.2).toPoint());
        QVERIFY(!shown.view.brush(kKey));
        QCOMPARE(shown.view.chosen().size(), 11);
    }
    void keys_doWhatTheMouseDoes()
    {
        Shown shown;
        shown.view.setFocus();
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QTest::keyClick(&shown.view, Qt::Key_Up); // a first brush: the upper half
        QCOMPARE(shown.view.brush(kFigure), std::optional<Brush>(Brush{0.5, 1}));
        QCOMPARE(shown.view.chosen(), (Runs{5, 6, 7, 8, 9}));
        QTest::keyClick(&shown.view, Qt::Key_Down);
        QVERIFY(std::abs(shown.view.brush(kFigure)->from - 0.45) < 1e-9);
        QTest::keyClick(&shown.view, Qt::Key_Down, Qt::ShiftModifier); // its upper end alone
        QVERIFY(std::abs(shown.view.brush(kFigure)->to - 0.9) < 1e-9);
        QTest::keyClick(&shown.view, Qt::Key_Left, Qt::ShiftModifier); // the axis moves and is still the chosen one
        QCOMPARE(shown.view.order(), (QStringList{kKey, kFigure, kWord}));
        QTest::keyClick(&shown.view, Qt::Key_Delete);
        QVERIFY(!shown.view.isBrushed());
        QTest::keyClick(&shown.view, Qt::Key_Up);
        QTest::keyClick(&shown.view, Qt::Key_Escape);
        QVERIFY(!shown.view.isBrushed());
    }
    void aName_isDraggedToAnotherPlace()
    {
        Shown shown;
        shown.drag(kKey, 0.25, 0.55);
        const QPoint from = shown.view.nameBox(kKey).center().toPoint();
        const QPoint to = shown.view.nameBox(kFigure).center().toPoint() - QPoint(8, 0);
        QTest::mousePress(&shown.view, Qt::LeftButton, {}, from);
        QTest::mouseMove(&shown.view, to);
        QTest::mouseRelease(&shown.view, Qt::LeftButton, {}, to);
        QCOMPARE(shown.view.order(), (QStringList{kWord, kFigure, kKey}));
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5})); // values went with their axis
        // New data keeps the order and the brush; a new axis comes last.
        QVector<ParallelColumn> more = columns();
        more.prepend({QStringLiteral("new"), QStringLiteral("new"), {}, 0, 1, {}, {}});
        QVector<ParallelLine> again = lines();
        for (ParallelLine& line : again)
            line.values.prepend(0.5);
        shown.view.setData(more, again);
        QCOMPARE(shown.view.order(), (QStringList{kWord, kFigure, kKey, QStringLiteral("new")}));
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5}));
    }
    void nothingToShow_isWords()
    {
        Shown shown;
        shown.view.setData({}, {});
        QVERIFY(!shown.view.grab().isNull());
        QTest::mousePress(&shown.view, Qt::LeftButton, {}, {100, 100});
        QTest::keyClick(&shown.view, Qt::Key_Up);
        QVERIFY(shown.view.chosen().isEmpty());
    }
    void aBrush_coversTheSameValuesWhenItsAxisSpansOthers()
    {
        Shown shown;
        shown.drag(kKey, 0.25, 0.55); // 2.5 to 5.5 of 0 to 10
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5}));
        QVector<ParallelColumn> wider = columns();
        wider[0].high = 20;
        shown.view.setData(wider, lines());
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5}));
        QVector<ParallelColumn> narrower = columns();
        narrower[0].low = 3;
        narrower[0].high = 5;
        shown.view.setData(narrower, lines().mid(3, 3)); // what "Compare these" leaves
        QCOMPARE(shown.view.chosen(), (Runs{3, 4, 5}));
    }
    void aThousandLines_areBrushedSmoothly()
    {
        Shown shown;
        QVector<ParallelColumn> many;
        for (int i = 0; i < 10; ++i)
            many.append({QString::number(i), QString::number(i), {}, 0, 1, {}, {}});
        QVector<ParallelLine> all;
        for (int run = 0; run < 1000; ++run) {
            ParallelLine line{run, run % 8, {}, {}};
            for (int i = 0; i < 10; ++i)
                line.values.append(0.5 + 0.5 * std::sin(run * 0.37 + i * 1.7));
            all.append(line);
        }
        shown.view.resize(1100, 320);
        shown.view.setData(many, all);
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view)); // what is not exposed is not painted
        shown.view.repaint();
        const auto moveTo = [&](const QPoint& at, Qt::MouseButtons held) {
            QMouseEvent move(QEvent::MouseMove, at, shown.view.mapToGlobal(at), Qt::NoButton, held, Qt::NoModifier);
            QApplication::sendEvent(&shown.view, &move);
        };
        QElapsedTimer timer;
        double total = 0;
        constexpr int kMoves = 20;
        const QString axis = QStringLiteral("4");
        QTest::mousePress(&shown.view, Qt::LeftButton, {}, shown.view.pointAt(axis, 0.1).toPoint());
        for (int i = 1; i <= kMoves; ++i) {
            timer.start();
            moveTo(shown.view.pointAt(axis, 0.1 + 0.04 * i).toPoint(), Qt::LeftButton);
            shown.view.repaint();
            total += double(timer.nsecsElapsed()) * 1e-6;
        }
        QTest::mouseRelease(&shown.view, Qt::LeftButton, {}, shown.view.pointAt(axis, 0.9).toPoint());
        QVERIFY(shown.view.chosen().size() > 100 && shown.view.chosen().size() < 1000);
        qInfo("a move of a brush over 1,000 lines of 10 axes: %.1f ms", total / kMoves);
        QVERIFY2(total / kMoves < 100 * tests::kPatience, qPrintable(QString::number(total / kMoves)));
        timer.start();
        moveTo({500, 150}, Qt::NoButton);
        shown.view.repaint(); // hovering draws none of them anew
        QVERIFY(timer.nsecsElapsed() < 16e6 * tests::kPatience);
    }
};
GRADUS_SUITE(ParallelPlotTest)
#include "parallel_plot_test.moc"
