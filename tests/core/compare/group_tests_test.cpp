// SPDX-License-Identifier: GPL-3.0-or-later
// Differences to a baseline: hand-computed p values, when runs pair, and the size of the tests under no difference.
#include "compare/group_tests.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::compare;

namespace {

bool near(double a, double b, double tolerance = 1e-12)
{
    return std::abs(a - b) <= tolerance;
}

std::vector<SeedValue> runsOf(std::int64_t firstSeed, const std::vector<double>& values)
{
    std::vector<SeedValue> runs;
    for (const double value : values)
        runs.push_back({firstSeed++, value});
    return runs;
}

} // namespace

class GroupTestsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameSeeds_arePaired()
    {
        const auto difference = differenceOf(runsOf(1, {2, 4, 6}), runsOf(1, {1, 2, 3}));
        QVERIFY(difference && difference->paired);
        QCOMPARE(difference->estimate.value, 2.0);
        QCOMPARE(difference->estimate.n, 3LL);
        // Differences 1 2 3: t = 2 / (1 / sqrt 3) = 3.4641 with 2 degrees: p = 1 - t / sqrt(2 + t^2) = .074180
        QVERIFY(near(difference->student->p, 1 - std::sqrt(12.0) / std::sqrt(14.0), 1e-9));
        // Only all signs as they are, or all flipped, reach a mean of 2: 2 of 8.
        QVERIFY(near(difference->permutation.p, 0.25));
        QVERIFY(near(difference->permutation.leastPossible, 0.25));
        QVERIFY(difference->permutation.exact);
        QCOMPARE(nameOf(*difference, TestKind::Student), std::string("paired t test, 3 seeds"));
        QCOMPARE(nameOf(*difference, TestKind::Permutation), std::string("exact paired permutation test, 3 seeds"));
    }
    void aMissingSeed_leavesThePairsThatThereAre()
    {
        const auto difference = differenceOf(runsOf(2, {4, 6}), runsOf(1, {1, 2, 3}));
        QVERIFY(difference && difference->paired);
        QCOMPARE(difference->groupRuns, 2);
        QCOMPARE(difference->estimate.value, 2.5);
    }
    void otherSeeds_areNotPaired()
    {
        const auto difference = differenceOf(runsOf(7, {5, 6, 7, 8, 9}), runsOf(1, {0, 1, 2, 3, 4}));
        QVERIFY(difference && !difference->paired);
        QCOMPARE(difference->estimate.value, 5.0);
        QVERIFY2(near(difference->permutation.p, 2.0 / 252), "the two extreme splits of ten into five and five");
        // Equal variances 2.5: t = 5 / 1 = 5 with 8 degrees: p = .0010528
        QVERIFY(near(difference->student->p, 0.0010528, 1e-6));
        QCOMPARE(nameOf(*difference, TestKind::Student), std::string("Welch t test, 5 against 5 runs"));
    }
    void unevenGroups_haveNoMirrorImage()
    {
        const auto difference = differenceOf(runsOf(7, {9, 8}), runsOf(1, {1, 2, 3}));
        QVERIFY(near(difference->permutation.p, 0.1));
        QVERIFY(near(difference->permutation.leastPossible, 0.1));
    }
    void tooFewRuns_haveNoDifference()
    {
        QVERIFY(!differenceOf(runsOf(1, {1}), runsOf(1, {1, 2})));
        QVERIFY(!differenceOf(runsOf(1, {1, 2}), runsOf(1, {})));
    }
    void differencesThatDoNotVary_haveNoStudentTest()
    {
        const auto difference = differenceOf(runsOf(1, {0.3, 0.4}), runsOf(1, {0.2, 0.3}));
        QVERIFY(difference && !difference->student);
        QVERIFY(difference->test(TestKind::Student) == nullptr);
        const auto same = differenceOf(runsOf(1, {0.3, 0.4}), runsOf(1, {0.3, 0.4}));
        QCOMPARE(same->permutation.p, 1.0);
    }
    void holm_stepsDownAndKeepsOrder()
    {
        const std::vector<double> adjusted = holm(std::vector<double>{0.04, 0.01, 0.03});
        QVERIFY(near(adjusted[1], 0.03));
        QVERIFY(near(adjusted[2], 0.06));
        QVERIFY2(near(adjusted[0], 0.06), "never below a smaller one");
        QVERIFY(holm(std::vector<double>{}).empty());
    }
    void tests_keepTheirSizeWhereNothingDiffers_data()
    {
        QTest::addColumn<bool>("paired");
        QTest::addColumn<int>("runs");
        QTest::newRow("paired, eight seeds") << true << 8;
        QTest::newRow("unpaired, five against five") << false << 5;
    }
    void tests_keepTheirSizeWhereNothingDiffers()
    {
        QFETCH(bool, paired);
        QFETCH(int, runs);
        Rng rng(tests::propertySeed(), "size");
        constexpr int kTrials = 1500;
        int student = 0;
        int permutation = 0;
        for (int trial = 0; trial < kTrials; ++trial) {
            std::vector<double> a;
            std::vector<double> b;
            for (int run = 0; run < runs; ++run) {
                const double seed = paired ? rng.normal() : 0;
                a.push_back(seed + rng.normal());
                b.push_back(seed + rng.normal());
            }
            const auto difference = differenceOf(runsOf(1, a), runsOf(paired ? 1 : 100, b));
            student += difference->student->p <= 0.05 ? 1 : 0;
            permutation += difference->permutation.p <= 0.05 ? 1 : 0;
        }
        // 5 % of 1500 is 75 with a standard deviation of 8.4; Welch is a little conservative for five runs.
        QVERIFY2(student > 30 && student < 110, qPrintable(QString::number(student)));
        QVERIFY2(permutation > 30 && permutation < 110, qPrintable(QString::number(permutation)));
    }
    void manyRuns_areDrawnAndNotCounted()
    {
        Rng rng(tests::propertySeed(), "many");
        std::vector<double> a;
        std::vector<double> b;
        for (int i = 0; i < 30; ++i) {
            a.push_back(rng.normal() + 2);
            b.push_back(rng.normal());
        }
        const auto difference = differenceOf(runsOf(1, a), runsOf(100, b));
        QVERIFY(!difference->permutation.exact);
        QVERIFY(difference->permutation.p < 0.001 && difference->permutation.p > 0);
        QVERIFY(nameOf(*difference, TestKind::Permutation).starts_with("drawn permutation"));
    }
    void drawnSigns_sayWhatAllOfThemWould_data()
    {
        QTest::addColumn<int>("seeds");
        QTest::newRow("one word of signs") << 18;
        QTest::newRow("more than one") << 70;
    }
    void drawnSigns_sayWhatAllOfThemWould()
    {
        QFETCH(int, seeds);
        // Equal differences of which k are positive: the sum of signs is a binomial, so that p is known.
        std::vector<double> a(static_cast<std::size_t>(seeds), 0.0);
        const std::vector<double> b(a.size(), 0.0);
        const int positive = seeds / 2 + 4;
        for (int i = 0; i < seeds; ++i)
            a[static_cast<std::size_t>(i)] = i < positive ? 1 : -1;
        double tail = 0;
        for (int k = positive; k <= seeds; ++k)
            tail += std::exp(std::lgamma(seeds + 1) - std::lgamma(k + 1) - std::lgamma(seeds - k + 1) -
                             seeds * std::log(2.0));
        const auto difference = differenceOf(runsOf(1, a), runsOf(1, b));
        QVERIFY(!difference->permutation.exact);
        // 100,000 draws: four standard errors.
        const double error = 4 * std::sqrt(2 * tail * (1 - 2 * tail) / 1e5);
        QVERIFY2(std::abs(difference->permutation.p - 2 * tail) < error, qPrintable(QString::number(2 * tail)));
    }
};
GRADUS_SUITE(GroupTestsTest)
#include "group_tests_test.moc"
