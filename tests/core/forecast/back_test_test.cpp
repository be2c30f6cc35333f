// SPDX-License-Identifier: GPL-3.0-or-later
// Held-out rungs: which cells there are, what counts as covered, and how others' misses widen an interval.
#include "forecast/back_test.h"

#include "curves.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::forecast;
using namespace gradus::forecast::tests;

class BackTestTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyRungBeyondEveryCut_isACell()
    {
        Rng rng(1, "cells");
        const std::vector<CapacityCurve> curves{curveOf(logistic, 0.01, rng), curveOf(logistic, 0.01, rng)};
        const auto cells = backTest(curves);
        QCOMPARE(cells.size(), std::size_t{12}); // cuts after 3, 4, 5 of 6 rungs: 3 + 2 + 1 cells a curve
        QCOMPARE(cells.front().fittedRungs, std::size_t{3});
        QVERIFY(std::abs(cells.front().decades - 0.5) < 1e-12);
        QCOMPARE(cells.front().carried, curves[0].points[2].value);
        const auto far = scoreOf(cells, 1.2);
        QCOMPARE(far->cells, std::size_t{2});
        QVERIFY(std::abs(far->farthest - 1.5) < 1e-12);
        QVERIFY(!scoreOf(cells, 2));
    }
    void heldOutRung_doesNotTouchItsForecast()
    {
        Rng rng(1, "leak");
        std::vector<CapacityCurve> curves{curveOf(logistic, 0.01, rng)};
        const auto before = backTest(curves);
        curves[0].points.back().value = 0.1;
        const auto after = backTest(curves);
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(after[i].forecast, before[i].forecast);
    }
    void smoothLaw_isForetold()
    {
        Rng rng(gradus::tests::propertySeed(), "smooth");
        std::vector<CapacityCurve> curves;
        for (int i = 0; i < 20; ++i)
            curves.push_back(curveOf(logistic, 0.01, rng));
        const auto score = scoreOf(backTest(curves));
        QVERIFY2(score->coverage.value > 0.88, qPrintable(QString::number(score->coverage.value)));
        QVERIFY(score->coverage.value >= score->asFitted.value);
        QVERIFY(score->error < score->carriedError);
    }
    void skillThatAppears_isMissedAndThenAllowedFor()
    {
        // Flat up to the fourth rung, then a jump: no curve through the flat part can say so, other tasks can.
        Rng rng(gradus::tests::propertySeed(), "jump");
        std::vector<CapacityCurve> curves;
        const auto jump = [](double c) { return c < 4.7 ? 0.55 : 0.9; };
        for (int i = 0; i < 10; ++i)
            curves.push_back(curveOf(jump, 0.005, rng, 0.5, i % 2 == 0 ? "code" : "math"));
        const auto score = scoreOf(backTest(curves));
        QVERIFY(score->asFitted.value < 0.7);
        QVERIFY(score->coverage.value > 0.85);
        QVERIFY(score->coverage.low <= score->coverage.value);
    }
    void calibration_neverNarrowsAndKnowsWhenItKnowsNothing()
    {
        const Estimate forecast{0.5, 0.4, 0.6, 3};
        QCOMPARE(calibrationOf({}).widened(forecast), forecast);
        const std::vector<HeldOutCell> cells(30, {.curve = 0,
                                                  .fittedRungs = 3,
                                                  .capacity = 5,
                                                  .decades = 1,
                                                  .forecast = forecast,
                                                  .calibrated = {},
                                                  .observed = 0.8,
                                                  .carried = 0.5});
        const Estimate wider = calibrationOf(cells).widened(forecast);
        QCOMPARE(wider.low, 0.4);
        QVERIFY(std::abs(wider.high - 0.8) < 1e-12);
    }
};
GRADUS_SUITE(BackTestTest)
#include "back_test_test.moc"
