// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of ladders and intervals over them, by hand.
#include "evals/group_intervals.h"

#include "evals/statistics.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::evals;

class GroupIntervalsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void groups_joinSeedsAndSharedMembersThroughOthers()
    {
        const std::vector<Bundle> bundles{{1, {0, 1}}, {2, {2, 3}}, {1, {4, 5}}, {3, {6}}, {4, {6, 7}}, {5, {5, 8}}};
        QCOMPARE(groupsOf(bundles), (std::vector<int>{0, 1, 0, 2, 2, 0}));
        QVERIFY(groupsOf({}).empty());
    }
    void jackknife_ofAMeanIsItsTInterval()
    {
        // Groups of one observation each: the jackknife of a mean is the ordinary t interval.
        const std::vector<double> values{1, 4, 2, 7};
        const std::vector<int> alone{0, 1, 2, 3};
        const GroupStatistic mean = [&](const std::vector<bool>& used) -> std::optional<double> {
            double sum = 0;
            double of = 0;
            for (std::size_t i = 0; i < values.size(); ++i)
                if (used[i]) {
                    sum += values[i];
                    of += 1;
                }
            if (of == 0) return std::nullopt;
            return sum / of;
        };
        const auto jackknifed = overGroups(alone, mean);
        const Estimate direct = meanWithInterval(values);
        QVERIFY(std::abs(jackknifed->value - 3.5) < 1e-12);
        QVERIFY(std::abs(jackknifed->low - direct.low) < 1e-9 && std::abs(jackknifed->high - direct.high) < 1e-9);
        QCOMPARE(jackknifed->n, 4);
        // Two groups of two: means 2.5 and 4.5, t(1) = 12.706, half = 12.706.
        const auto grouped = overGroups(std::vector<int>{5, 5, 9, 9}, mean);
        QCOMPARE(grouped->n, 2);
        QVERIFY(std::abs(grouped->high - grouped->value - 12.7062) < 1e-3);
        const auto one = overGroups(std::vector<int>{1, 1, 1, 1}, mean);
        QVERIFY(one->n == 1 && one->low == one->value && one->high == one->value);
        QCOMPARE(meanOverGroups(std::vector<int>{5, 5, 9, 9}, values).value, 3.5);
        QCOMPARE(meanOverGroups(std::vector<int>{5, 9, 9, 9}, std::vector<double>{1, 2, 2, 2}).value, 1.5);
    }
    void oneGroup_hasNoInterval()
    {
        const std::vector<int> groups{3, 3, 3, 3};
        const Estimate share = shareOverGroups(groups, {true, true, false, true});
        QCOMPARE(share.value, 0.75);
        QCOMPARE(share.low, 0.75);
        QCOMPARE(share.high, 0.75);
        QCOMPARE(share.n, 1);
    }
    void shares_areWorthNoMoreThanTheirGroupsSay()
    {
        // Copies: three observations a group that always agree are worth two groups, not six observations.
        const Estimate copies =
            shareOverGroups(std::vector<int>{0, 0, 0, 1, 1, 1}, {true, true, true, false, false, false});
        QCOMPARE(copies.value, 0.5);
        QCOMPARE(copies.n, 2);
        QVERIFY2(copies.high - copies.low > 0.8, qPrintable(QString::number(copies.high - copies.low)));
        // Everyone inside: Wilson of the groups alone, 2 of 2 gives [.342, 1].
        const Estimate all = shareOverGroups(std::vector<int>{0, 0, 1}, {true, true, true});
        QVERIFY(std::abs(all.low - 0.3424) < 1e-3 && all.high == 1);
    }
};
GRADUS_SUITE(GroupIntervalsTest)
#include "group_intervals_test.moc"
