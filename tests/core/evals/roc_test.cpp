// SPDX-License-Identifier: GPL-3.0-or-later
// ROC figures against values worked out by hand.
#include "support/suite.h"

#include "evals/roc.h"

#include <QTest>

#include <vector>

using namespace gradus;
using namespace gradus::evals;

namespace {

/// Three positives, four negatives.
std::vector<ScoredCase> handMade()
{
    return {{0.9, true, 0},   {0.6, true, 1},  {0.2, true, 2}, // positives
            {0.95, false, 0}, {0.6, false, 1}, {0.1, false, 2}, {0.3, false, 3}};
}

} // namespace

class RocTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void area_countsPairsAndHalvesTies()
    {
        // 0.9 beats 0.6, 0.1, 0.3; 0.6 beats 0.1, 0.3 and ties 0.6; 0.2 beats 0.1: (3 + 2.5 + 1) / 12.
        QCOMPARE(rocArea(handMade()), 6.5 / 12);
        const std::vector<ScoredCase> perfect{{1, true, 0}, {0, false, 0}};
        QCOMPARE(rocArea(perfect), 1.0);
        const std::vector<ScoredCase> blind{{0.5, true, 0}, {0.5, false, 0}};
        QCOMPARE(rocArea(blind), 0.5);
        const std::vector<ScoredCase> one{{0.5, true, 0}};
        QCOMPARE(rocArea(one), 0.5);
    }
    void truePositiveRate_neverSplitsATie()
    {
        // Above 0.95 nothing; with one false alarm in four: 0.9; the tie at 0.6 brings a second alarm.
        QCOMPARE(truePositiveRate(handMade(), 0.0), 0.0);
        QCOMPARE(truePositiveRate(handMade(), 0.25), 1.0 / 3);
        QCOMPARE(truePositiveRate(handMade(), 0.49), 1.0 / 3);
        QCOMPARE(truePositiveRate(handMade(), 0.5), 2.0 / 3);
        QCOMPARE(truePositiveRate(handMade(), 1.0), 1.0);
        const std::vector<ScoredCase> blind{{0.5, true, 0}, {0.5, false, 0}, {0.5, true, 0}};
        QCOMPARE(truePositiveRate(blind, 0.05), 0.0);
    }
    void auditedShare_spendsTheBudgetFromTheTop()
    {
        const std::vector<ScoredCase> cases{{3, true, 0}, {2, false, 0}, {2, true, 0}, {1, false, 0}};
        // A stream with half positives: masses .25 (all of the first), then .25 positive with .25 negative, then .25.
        QCOMPARE(auditedShare(cases, 0.25, 0.5), 0.5);
        QCOMPARE(auditedShare(cases, 0.50, 0.5), 0.75);
        QCOMPARE(auditedShare(cases, 1.00, 0.5), 1.0);
        QCOMPARE(auditedShare(cases, 0.00, 0.5), 0.0);
        // Blind scores: the auditor finds what chance gives.
        const std::vector<ScoredCase> blind{{0, true, 0}, {0, false, 0}};
        QCOMPARE(auditedShare(blind, 0.05, 0.01), 0.05);
    }
    void interval_isOverClustersAndHoldsTheValue()
    {
        std::vector<ScoredCase> cases;
        for (int cluster = 0; cluster < 20; ++cluster)
            for (int copy = 0; copy < 5; ++copy) {
                cases.push_back({cluster < 15 ? 1.0 : 0.0, true, cluster});
                cases.push_back({0.0, false, cluster});
            }
        const RocQuality quality = rocQuality(cases, {});
        QCOMPARE(quality.area.value, 0.875);
        QCOMPARE(quality.area.n, 20LL);
        QCOMPARE(quality.positives, 100LL);
        QVERIFY(quality.area.low < 0.83 && quality.area.high > 0.92);
        // Five copies of a cluster add nothing: the interval is that of one copy each.
        std::vector<ScoredCase> once;
        for (std::size_t i = 0; i < cases.size(); i += 10) {
            once.push_back(cases[i]);
            once.push_back(cases[i + 1]);
        }
        QCOMPARE(rocQuality(once, {}).area.low, quality.area.low);
        QCOMPARE(rocQuality(cases, {}).area.high, quality.area.high); // the same seed, the same draws
        QCOMPARE(quality.atFivePercent.value, 0.75);
    }
    void clusteredShare_doesNotCountCopies()
    {
        std::vector<ScoredCase> cases;
        for (int cluster = 0; cluster < 10; ++cluster)
            for (int copy = 0; copy < 30; ++copy)
                cases.push_back({0, cluster < 5, cluster});
        const Estimate share = clusteredShare(cases);
        QCOMPARE(share.value, 0.5);
        QVERIFY(share.low <= 0.2 && share.high >= 0.8); // ten coins, not three hundred
        QCOMPARE(clusteredShare(std::vector<ScoredCase>()).n, 0LL);
    }
    void missingKind_hasNoIntervalAndDoesNotHang()
    {
        const std::vector<ScoredCase> ones{{0.3, true, 0}, {0.4, true, 1}};
        const RocQuality quality = rocQuality(ones, {});
        QCOMPARE(quality.area.low, 0.5);
        QCOMPARE(quality.negatives, 0LL);
        // Each kind in a cluster of its own: many draws lack one of them.
        const std::vector<ScoredCase> apart{{1, true, 0}, {0, false, 1}};
        const Estimate two = rocQuality(apart, {}).area;
        QCOMPARE(two.value, 1.0);
        QVERIFY(two.low < 0.4); // two clusters say little, however they agree
        QCOMPARE(rocQuality(std::vector<ScoredCase>(), {}).area.n, 0LL);
    }
};
GRADUS_SUITE(RocTest)
#include "roc_test.moc"
