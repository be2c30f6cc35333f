// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-computed values for every metric.
#include "evals/metrics.h"
#include "evals/statistics.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::evals;

namespace {

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

using Labels = std::vector<int>;

} // namespace

class MetricsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wilson_matchesTheTextbook()
    {
        // 8 of 10: centre (0.8 + z2/20)/(1 + z2/10), z = 1.959964: [0.4902, 0.9433].
        const Estimate e = proportion(8, 10);
        QCOMPARE(e.value, 0.8);
        QVERIFY(near(e.low, 0.4902, 5e-5));
        QVERIFY(near(e.high, 0.9433, 5e-5));
    }
    void wilson_staysWithinZeroAndOne()
    {
        QCOMPARE(proportion(0, 5).low, 0.0);
        QCOMPARE(proportion(5, 5).high, 1.0);
        QVERIFY(proportion(5, 5).low < 1.0);
        QCOMPARE(proportion(0, 0).n, 0LL);
    }
    void imitation_countsOnlyItemsOnWhichTheTeacherIsWrong()
    {
        const Labels truth{0, 0, 1, 1, 1};
        const Labels teacher{0, 1, 0, 0, 1}; // wrong on 1, 2, 3
        const Labels student{1, 1, 0, 1, 1}; // follows on 1 and 2
        const auto rate = agreementWithErrors(student, teacher, truth);
        QVERIFY(rate.has_value());
        QVERIFY(near(rate->value, 2.0 / 3, 1e-12));
        QCOMPARE(rate->n, 3LL);
        QVERIFY(!agreementWithErrors(student, truth, truth));
    }
    void excess_isPairedWithTheTruthTrainedBase()
    {
        const Labels truth{0, 0, 0, 0};
        const Labels teacher{1, 1, 1, 1};
        const Labels student{1, 1, 1, 0};
        const Labels ceiling{1, 0, 0, 1};
        const auto excess = excessImitation(student, ceiling, teacher, truth);
        // 3/4 - 2/4; discordant 2 and 1: variance (3/4 - 1/16)/4.
        QVERIFY(near(excess->value, 0.25, 1e-12));
        QVERIFY(near(excess->high - excess->value, 1.959964 * std::sqrt((0.75 - 0.0625) / 4), 1e-6));
    }
    void pgr_isOneAtTheCeilingAndZeroAtTheTeacher()
    {
        Labels truth(1000, 1);
        Labels teacher(1000, 1);
        Labels ceiling(1000, 1);
        for (std::size_t i = 0; i < 300; ++i)
            teacher[i] = 0; // 0.70
        for (std::size_t i = 0; i < 100; ++i)
            ceiling[i] = 0; // 0.90
        Labels half = teacher;
        for (std::size_t i = 200; i < 300; ++i)
            half[i] = 1; // 0.80
        QCOMPARE(performanceGapRecovered(ceiling, teacher, ceiling, truth, 1).estimate->value, 1.0);
        QCOMPARE(performanceGapRecovered(teacher, teacher, ceiling, truth, 1).estimate->value, 0.0);
        const auto middle = performanceGapRecovered(half, teacher, ceiling, truth, 1).estimate;
        QVERIFY(near(middle->value, 0.5, 1e-12));
        // The ratio of two independent binomial counts of about 100 each: SE about 0.5 sqrt(1/100+1/200)/... ~ 0.035.
        QVERIFY(near(middle->high - middle->low, 4 * 0.0335, 0.02));
        QVERIFY(middle->low < 0.5 && middle->high > 0.5);
    }
    void pgr_isRefusedWithoutAClearCeiling()
    {
        const Labels truth(100, 1);
        Labels teacher(100, 1);
        teacher[0] = 0;
        const auto refused = performanceGapRecovered(truth, teacher, truth, truth, 1);
        QVERIFY(!refused.estimate);
        QVERIFY(refused.refusal.find("2 SE") != std::string::npos);
    }
    void pgr_isRepeatable()
    {
        Labels truth(200, 1);
        Labels teacher(200, 1);
        for (std::size_t i = 0; i < 60; ++i)
            teacher[i] = 0;
        Labels student = teacher;
        student[0] = 1;
        const auto a = performanceGapRecovered(student, teacher, truth, truth, 9);
        const auto b = performanceGapRecovered(student, teacher, truth, truth, 9);
        QVERIFY(*a.estimate == *b.estimate);
    }
    void entropy_ofACoinIsLogTwo()
    {
        const std::vector<float> coin{0.5F, 0.5F, 0.5F, 0.5F};
        QVERIFY(near(labelEntropy(coin, 2).meanOfRows, std::log(2.0), 1e-7));
        const std::vector<float> sure{1.0F, 0.0F, 0.0F, 1.0F};
        QCOMPARE(labelEntropy(sure, 2).meanOfRows, 0.0);
        QVERIFY(near(labelEntropy(sure, 2).ofMean, std::log(2.0), 1e-7));
    }
    void meanInterval_matchesStudentsT()
    {
        // 1, 2, 3: mean 2, s = 1, t(0.975, 2) = 4.302653: half = 2.484138.
        const std::vector<double> values{1, 2, 3};
        const Estimate e = meanWithInterval(values);
        QCOMPARE(e.value, 2.0);
        QVERIFY(near(e.high - 2, 2.484138, 1e-6));
    }
    void pairedDifference_removesWhatSeedsShare()
    {
        const std::vector<double> a{0.9, 0.5, 0.7};
        const std::vector<double> b{0.8, 0.4, 0.6};
        const Estimate e = pairedDifference(a, b);
        QVERIFY(near(e.value, 0.1, 1e-12));
        QVERIFY(e.high - e.low < 1e-9);
    }
    void binomialDraw_hasItsMeanAndVariance()
    {
        Rng rng(tests::propertySeed(), "binomial");
        for (const double p : {0.02, 0.3, 0.5, 0.9}) {
            const int draws = 20000;
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < draws; ++i) {
                const auto x = static_cast<double>(binomialDraw(400, p, rng));
                sum += x;
                squares += x * x;
            }
            const double mean = sum / draws;
            const double variance = squares / draws - mean * mean;
            const double expected = 400 * p * (1 - p);
            QVERIFY(std::abs(mean - 400 * p) < 5 * std::sqrt(expected / draws));
            QVERIFY(std::abs(variance / expected - 1) < 5 * std::sqrt(2.2 / draws));
        }
    }
    void bootstrap_isQuick()
    {
        Labels truth(2000, 1);
        Labels teacher(2000, 1);
        for (std::size_t i = 0; i < 600; ++i)
            teacher[i] = 0;
        QBENCHMARK_ONCE
        {
            performanceGapRecovered(teacher, teacher, truth, truth, 1);
        }
    }
};
GRADUS_SUITE(MetricsTest)
#include "metrics_test.moc"
