// SPDX-License-Identifier: GPL-3.0-or-later
// What evaluating costs: the picture of a curve is drawn by the same evaluator that the worker reads it with.
#include "schedule/curve.h"
#include "support/suite.h"
#include "support/thread_clock.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace gradus;
using schedule::Interpolation;

class EvaluatorSpeedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMillionSamples_areQuick_data()
    {
        QTest::addColumn<int>("interpolation");
        for (const auto kind :
             {Interpolation::Constant, Interpolation::Linear, Interpolation::Monotone, Interpolation::Bezier})
            QTest::newRow(schedule::nameOf(kind)) << static_cast<int>(kind);
    }
    void aMillionSamples_areQuick()
    {
        QFETCH(int, interpolation);
        constexpr int kSamples = 1'000'000;
        schedule::Curve curve;
        for (int i = 0; i <= 8; ++i)
            curve.keys.push_back({.x = i / 8.0,
                                  .y = 0.5 + 0.4 * std::sin(i),
                                  .interpolation = static_cast<Interpolation>(interpolation),
                                  .left = {-0.04, -0.02},
                                  .right = {0.06, 0.03}});
        const schedule::Evaluator evaluate(curve);
        double best = 1e9;
        double sum = 0;
        for (int pass = 0; pass < 5; ++pass) {
            const double begin = tests::threadMilliseconds();
            const auto samples = evaluate.sample(0, 1, kSamples);
            best = std::min(best, tests::threadMilliseconds() - begin);
            sum += samples[kSamples / 3];
        }
        std::printf("%s: %.1f ms for a million samples\n", QTest::currentDataTag(), best);
        QVERIFY(sum > 0);
        // The aim is 50 ms on a quiet desktop; a slow or shared processor takes several times as long.
        QVERIFY2(best < 200 * tests::kPatience, qPrintable(QString::number(best)));
    }
};
GRADUS_SUITE(EvaluatorSpeedTest)
#include "evaluator_speed_test.moc"
