// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the forest plot: the first at the top, found under the pointer, said in words.
#include "plot/forest_plot.h"

#include "support/suite.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::plot;

namespace {

struct Bench
{
    Bench() : theme(*qApp, common::Theme::Light), plot(theme)
    {
        plot.resize(340, 160);
        plot.setRows({{.name = "small", .style = 0, .points = {0.5, 0.6}, .centre = 0.55, .low = 0.4, .high = 0.7},
                      {.name = "large", .style = 1, .points = {0.7}, .centre = 0.7},
                      {.name = "none", .style = 2}},
                     2);
    }
    common::ThemeController theme;
    ForestPlot plot;
};

} // namespace

class ForestPlotTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows_standFromTopToBottom()
    {
        Bench bench;
        bench.plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.plot));
        bench.plot.replotNow();
        const QRectF area = bench.plot.plotArea();
        for (int row = 0; row < 3; ++row) {
            const QPointF middle(area.center().x(), area.top() + (row + 0.5) * area.height() / 3);
            QCOMPARE(bench.plot.rowAt(middle), std::optional<int>(row));
            QVERIFY(std::abs(bench.plot.toPixel({0, 2.0 - row}).y() - middle.y()) < 1.5);
        }
        QCOMPARE(bench.plot.rowAt({area.center().x(), area.bottom() + 3}), std::nullopt);
    }
    void click_saysRowAndValue()
    {
        Bench bench;
        bench.plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.plot));
        bench.plot.replotNow();
        QSignalSpy clicked(&bench.plot, &ForestPlot::clicked);
        const QRectF area = bench.plot.plotArea();
        const QPoint at(int(bench.plot.toPixel({0.7, 0}).x()), int(area.top() + area.height() / 2));
        QTest::mouseClick(&bench.plot, Qt::LeftButton, {}, at);
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked[0][0].toInt(), 1);
        QVERIFY(std::abs(clicked[0][1].toDouble() - 0.7) < 0.01);
        QTest::mouseClick(&bench.plot, Qt::LeftButton, {}, QPoint(3, at.y())); // on a name
        QCOMPARE(clicked.size(), 1);
    }
    void range_holdsRunsAndReference_notTheIntervalOfTwoRuns()
    {
        Bench bench;
        bench.plot.setRows({{.name = "two", .points = {0.5, 0.6}, .centre = 0.55, .low = -0.1, .high = 1.2}}, 2);
        bench.plot.setReference(0.3);
        bench.plot.replotNow();
        QVERIFY(bench.plot.xLow() < 0.3 && bench.plot.xLow() > 0.2);
        QVERIFY(bench.plot.xHigh() > 0.6 && bench.plot.xHigh() < 0.7);
    }
    void summary_saysTheNumbers_andMissingOnes()
    {
        Bench bench;
        const QString said = bench.plot.accessibleDescription();
        QVERIFY2(said.contains("small: 0.55 [0.40, 0.70], n 2"), qPrintable(said));
        QVERIFY2(said.contains("large: 0.70, n 1"), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("none: –, n 0")), qPrintable(said));
    }
};
GRADUS_SUITE(ForestPlotTest)
#include "forest_plot_test.moc"
