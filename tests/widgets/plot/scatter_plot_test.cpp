// SPDX-License-Identifier: GPL-3.0-or-later
// The Pareto front against its definition, on drawn points.
#include "plot/scatter_plot.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::plot;

class ScatterPlotTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void front_isWhatNoPointBeats_data()
    {
        QTest::addColumn<bool>("xHigher");
        QTest::addColumn<bool>("yHigher");
        for (const bool x : {false, true})
            for (const bool y : {false, true})
                QTest::addRow("x %d, y %d", x, y) << x << y;
    }
    void front_isWhatNoPointBeats()
    {
        QFETCH(bool, xHigher);
        QFETCH(bool, yHigher);
        Rng rng(tests::propertySeed(), "pareto");
        for (int trial = 0; trial < 200; ++trial) {
            QVector<QPointF> points;
            for (std::uint64_t i = rng.below(30); i > 0; --i) // few values, so that many are equal
                points << QPointF(double(rng.below(8)), double(rng.below(8)));
            const QVector<QPointF> front = paretoFront(points, {xHigher, yHigher});
            const auto atLeast = [](double a, double b, bool higher) { return higher ? a >= b : a <= b; };
            for (const QPointF& one : std::as_const(points)) {
                const bool beaten = std::any_of(points.begin(), points.end(), [&](const QPointF& other) {
                    return other != one && atLeast(other.x(), one.x(), xHigher) && atLeast(other.y(), one.y(), yHigher);
                });
                QCOMPARE(front.contains(one), !beaten);
            }
            QVERIFY(std::is_sorted(front.begin(), front.end(),
                                   [](const QPointF& a, const QPointF& b) { return a.x() < b.x(); }));
        }
    }
    void missingFigures_areNotOnTheFront()
    {
        QCOMPARE(paretoFront({{std::nan(""), 1}, {0.5, 0.5}}, {}), (QVector<QPointF>{{0.5, 0.5}}));
        QVERIFY(paretoFront({}, {}).isEmpty());
    }
};
GRADUS_SUITE(ScatterPlotTest)
#include "scatter_plot_test.moc"
