// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-computed values for the paired tests, and the intervals' coverage where there is no table to check against.
#include "evals/paired_tests.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::evals;

namespace {

using Values = std::vector<double>;
using Flags = std::vector<int>;

bool near(double a, double b, double tolerance = 1e-12)
{
    return std::abs(a - b) <= tolerance;
}

const double kNan = std::numeric_limits<double>::quiet_NaN();

} // namespace

class PairedTestsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void mcnemar_isTheBinomialTail()
    {
        // 9 against 1: P(X <= 1) = 11/1024 for X ~ Bin(10, 1/2).
        const Mcnemar test = mcnemar(9, 1, 100);
        QVERIFY(near(test.exact, 22.0 / 1024));
        QVERIFY(near(test.midP, 12.0 / 1024));
        QVERIFY(near(test.difference.value, 0.08));
        QVERIFY(near(mcnemar(1, 9, 100).exact, test.exact));
    }
    void mcnemar_ofEqualOrNoDiscordanceIsOne()
    {
        QCOMPARE(mcnemar(4, 4, 20).exact, 1.0);
        QVERIFY(near(mcnemar(4, 4, 20).midP, 1.0));
        QCOMPARE(mcnemar(0, 0, 20).exact, 1.0);
    }
    void mcnemar_countsListsInPairs()
    {
        const auto test = mcnemar(Flags{1, 1, 0, 0, 5}, Flags{1, 0, 1, 0, 0});
        QCOMPARE(test->onlyFirst, 2LL);
        QCOMPARE(test->onlySecond, 1LL);
        QVERIFY(near(test->difference.value, 0.2));
        QVERIFY(!mcnemar(Flags{}, Flags{}) && !mcnemar(Flags{1}, Flags{1, 0}));
    }
    void difference_isBonettAndPrices()
    {
        // p = 10/102, q = 2/102: half = 1.959964 sqrt((12/102 - (8/102)^2)/102) = 0.064800.
        const Estimate e = pairedProportions(9, 1, 100);
        QVERIFY(near(e.low, 8.0 / 102 - 0.064800, 1e-5));
        QVERIFY(near(e.high, 8.0 / 102 + 0.064800, 1e-5));
        QVERIFY(pairedProportions(0, 0, 5).low < 0 && pairedProportions(0, 0, 5).high > 0);
        QCOMPARE(pairedProportions(0, 0, 0).n, 0LL);
    }
    void difference_coversTheTruth()
    {
        Rng rng(tests::propertySeed(), "paired/coverage");
        int covered = 0;
        const int runs = 2000;
        for (int run = 0; run < runs; ++run) {
            long long onlyFirst = 0;
            long long onlySecond = 0;
            for (int i = 0; i < 150; ++i) {
                const double u = rng.uniform();
                onlyFirst += u < 0.15 ? 1 : 0;
                onlySecond += u >= 0.15 && u < 0.20 ? 1 : 0;
            }
            const Estimate e = pairedProportions(onlyFirst, onlySecond, 150);
            covered += e.low <= 0.10 && 0.10 <= e.high ? 1 : 0;
        }
        QVERIFY2(covered > 0.93 * runs && covered < 0.98 * runs, qPrintable(QString::number(covered)));
    }
    void relativeChange_ofAnExactShareHasNoWidth()
    {
        const auto change = relativeChange(Values{1, 2, 3, 4}, Values{0.5, 1, 1.5, 2}, 1);
        QVERIFY(near(change->value, -0.5) && near(change->low, -0.5) && near(change->high, -0.5));
        QCOMPARE(change->n, 4LL);
    }
    void relativeChange_isRepeatableAndSeeded()
    {
        const Values before{1, 2, 3, 4, 5, 6};
        const Values now{2, 1, 4, 3, 3, 7};
        QVERIFY(*relativeChange(before, now, 3) == *relativeChange(before, now, 3));
        QVERIFY(!(*relativeChange(before, now, 3) == *relativeChange(before, now, 4)));
    }
    void relativeChange_withoutAnAnswerIsNone()
    {
        QVERIFY(!relativeChange(Values{}, Values{}, 1) && !relativeChange(Values{1}, Values{1, 2}, 1));
        QVERIFY(!relativeChange(Values{0, 0}, Values{1, 2}, 1) && !relativeChange(Values{kNan}, Values{1}, 1));
    }
    void roc_stepsOncePerScore()
    {
        const auto points = rocPoints(Values{0.9, 0.5, 0.5, 0.1}, Flags{1, 1, 0, 0});
        QCOMPARE(points.size(), std::size_t{4});
        QVERIFY(near(points[1].truePositives, 0.5) && near(points[1].falsePositives, 0.0));
        QVERIFY(near(points[2].truePositives, 1.0) && near(points[2].falsePositives, 0.5));
        QVERIFY(near(points[3].falsePositives, 1.0));
    }
    void auroc_countsTiesHalf()
    {
        // Pairs: .9 beats both negatives, .5 ties with one and beats the other: 3.5 of 4.
        const auto area = auroc(Values{0.9, 0.5, 0.5, 0.1}, Flags{1, 1, 0, 0});
        QVERIFY(near(area->value, 0.875));
        QVERIFY(area->low < 0.875 && area->high > 0.875 && area->high <= 1);
        QVERIFY(near(auroc(Values{1, 1, 1}, Flags{1, 0, 1})->value, 0.5));
    }
    void auroc_ofAPerfectScoreStillHasAWidth()
    {
        const auto area = auroc(Values{1, 2, 3, 4}, Flags{0, 0, 1, 1});
        QVERIFY(near(area->value, 1.0) && area->high <= 1 && area->low < 0.9);
    }
    void auroc_intervalCoversTheTruth()
    {
        // Normals one standard deviation apart: area = Phi(1/sqrt 2) = 0.760250.
        Rng rng(tests::propertySeed(), "auroc/coverage");
        int covered = 0;
        const int runs = 1000;
        for (int run = 0; run < runs; ++run) {
            Values scores(80);
            Flags positive(80);
            for (std::size_t i = 0; i < scores.size(); ++i) {
                positive[i] = i < 40 ? 1 : 0;
                scores[i] = rng.normal() + positive[i];
            }
            const auto area = auroc(scores, positive);
            covered += area->low <= 0.760250 && 0.760250 <= area->high ? 1 : 0;
        }
        QVERIFY2(covered > 0.92 * runs && covered < 0.99 * runs, qPrintable(QString::number(covered)));
    }
    void auroc_withoutAnAnswerIsNone()
    {
        QVERIFY(!auroc(Values{}, Flags{}) && !auroc(Values{1, 2}, Flags{1, 1}) && !auroc(Values{1}, Flags{1, 0}));
        QVERIFY(!auroc(Values{kNan, 1}, Flags{1, 0}) && rocPoints(Values{1, 2}, Flags{0, 0}).empty());
    }
    void spearman_usesMidranks()
    {
        QVERIFY(near(spearman(Values{1, 2, 3, 4}, Values{1, 4, 9, 16})->value, 1.0));
        QVERIFY(near(spearman(Values{1, 2, 3, 4}, Values{4, 3, 2, 1})->value, -1.0));
        // Ranks 1 2 3 4 against 1 2.5 2.5 4: 4.5 / sqrt(5 * 4.5).
        const auto tied = spearman(Values{1, 2, 3, 4}, Values{0, 1, 1, 2});
        QVERIFY(near(tied->value, 4.5 / std::sqrt(22.5)));
        QVERIFY(tied->low < tied->value && tied->value < tied->high);
        QVERIFY(!spearman(Values{1, 1}, Values{1, 2}) && !spearman(Values{1}, Values{1}));
        QVERIFY(!spearman(Values{1, kNan}, Values{1, 2}) && !spearman(Values{1, 2}, Values{1, 2, 3}));
    }
};
GRADUS_SUITE(PairedTestsTest)
#include "paired_tests_test.moc"
