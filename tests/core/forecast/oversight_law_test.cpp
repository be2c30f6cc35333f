// SPDX-License-Identifier: GPL-3.0-or-later
// The oversight law against figures worked out from its formula, and its fit against steps drawn from it.
#include "forecast/oversight_law.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::forecast;

namespace {

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class OversightLawTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bestNumberOfSteps_data()
    {
        QTest::addColumn<double>("offset");
        QTest::addColumn<int>("steps");
        QTest::addColumn<double>("success");
        // Distance 800 Elo, both slopes 1: smaller steps help only where overseeing is the easier side.
        QTest::newRow("level") << 0.0 << 1 << 0.010;
        QTest::newRow("200") << -200.0 << 3 << 0.067;
        QTest::newRow("400") << -400.0 << 4 << 0.333;
        QTest::newRow("800") << -800.0 << 5 << 0.883;
    }
    void bestNumberOfSteps()
    {
        QFETCH(double, offset);
        QFETCH(int, steps);
        QFETCH(double, success);
        const OversightLaw law{{1}, {1}, offset};
        const BestChain best = bestChain(law, 0, 800, 50);
        QCOMPARE(best.steps, steps);
        QVERIFY2(near(best.success, success, 0.0006), qPrintable(QString::number(best.success)));
    }
    void strength_isLevelAtEitherEnd()
    {
        const Strength strength{100, 2, 5};
        QCOMPARE(strength.elo(1), 0.0);
        QCOMPARE(strength.elo(3), 100.0);
        QCOMPARE(strength.elo(9), 300.0);
        QVERIFY(near(OversightLaw({100}, {100}, 0).step(3, 7), 1 / 11.0, 1e-12)); // 400 Elo apart
    }
    void fit_findsTheSlopesAgain()
    {
        const OversightLaw law{{300}, {500}, -900};
        Rng rng(gradus::tests::propertySeed(), "law");
        std::vector<ObservedStep> steps;
        for (int run = 0; run < 40; ++run)
            for (int s = 0; s < 4; ++s) {
                const double from = 3 + 0.5 * s;
                const double to = from + 0.5 * (1 + static_cast<int>(rng.below(3)));
                int good = 0;
                for (int i = 0; i < 400; ++i)
                    good += rng.uniform() < law.step(from, to) ? 1 : 0;
                steps.push_back({from, to, good / 400.0, 400, run});
            }
        const auto fit = fitOversightLaw(steps, 1, 100);
        QVERIFY2(fit.ok(), fit ? "" : fit.error().message.c_str());
        QVERIFY2(near(fit->law.guard.slope, 300, 40), qPrintable(QString::number(fit->law.guard.slope)));
        QVERIFY(near(fit->law.overseen.slope, 500, 40));
        QVERIFY(near(fit->law.step(4, 5.5), law.step(4, 5.5), 0.02));
        QVERIFY(fit->residual < 0.04);
        QVERIFY(fit->premiseHolds());
        QVERIFY(fit->guardSlope.low < fit->guardSlope.high);
    }
    void studentsWhoOutgrowErrors_breakThePremise()
    {
        const OversightLaw law{{200}, {-300}, 2000}; // larger students repeat fewer of their supervisor's errors
        std::vector<ObservedStep> steps;
        for (int run = 0; run < 6; ++run)
            for (double from = 3; from < 4.6; from += 0.5)
                for (double gap = 0.5; gap < 1.6; gap += 0.5)
                    steps.push_back({from, from + gap, law.step(from, from + gap), 2000, run});
        const auto fit = fitOversightLaw(steps, 1, 5);
        QVERIFY(fit->law.overseen.slope < 0 && !fit->premiseHolds());
    }
    void fit_seesAPlateau()
    {
        const OversightLaw law{{600, 4, 1e300}, {500}, -1500}; // below 10^4 no guard is any better than another
        std::vector<ObservedStep> steps;
        for (int run = 0; run < 6; ++run)
            for (double from = 3; from < 6.1; from += 0.5)
                for (double gap = 0.5; gap < 1.6; gap += 0.5)
                    steps.push_back({from, from + gap, law.step(from, from + gap), 2000, run});
        const auto fit = fitOversightLaw(steps, 1, 5);
        QCOMPARE(fit->law.guard.low, 4.0);
        QVERIFY(near(fit->law.guard.slope, 600, 15));
    }
    void stepsThatCannotTell_areRefused()
    {
        std::vector<ObservedStep> steps{{3, 4, 0.5, 100, 0}};
        QVERIFY(fitOversightLaw(steps).error().message.find("needs 6 steps") != std::string::npos);
        for (int i = 0; i < 20; ++i)
            steps.push_back({3.0 + i % 4, 4.0 + i % 4, 0.4, 100, i});
        const auto fit = fitOversightLaw(steps);
        QVERIFY(!fit.ok() && fit.error().message.find("students of different sizes") != std::string::npos);
    }
};
GRADUS_SUITE(OversightLawTest)
#include "oversight_law_test.moc"
