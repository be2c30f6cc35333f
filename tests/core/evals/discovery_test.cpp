// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/discovery.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace gradus;
using namespace gradus::evals;

class DiscoveryTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void coverage_isGoodTuringAndChao1()
    {
        // Kinds seen 3, 1, 1, 2 and 1 times in 20 draws: f1 = 3, f2 = 1, Chao1 = 5 + 3 x 2 / (2 x 2) = 6.5.
        const Coverage coverage = coverageOf(std::vector<int>{3, 1, 0, 1, 2, 1, 0}, 20);
        QCOMPARE(coverage.kinds, 5LL);
        QCOMPARE(coverage.once, 3LL);
        QCOMPARE(coverage.twice, 1LL);
        QCOMPARE(coverage.newRate, 0.15);
        QCOMPARE(coverage.chao1, 6.5);
        // Clopper-Pearson, one-sided 95 %, 3 of 20: the 95th percentile of Beta(4, 17) = 0.3437.
        QVERIFY(std::abs(coverage.newRateUpper - 0.3437) < 5e-4);
    }
    void coverage_withoutDrawsKnowsNothing()
    {
        const Coverage coverage = coverageOf({}, 0);
        QCOMPARE(coverage.newRate, 1.0);
        QCOMPARE(coverage.newRateUpper, 1.0);
        QCOMPARE(coverage.chao1, 0.0);
    }
    void stoppingRule_needsAHundredDrawsAndARateBelowItsShare()
    {
        QVERIFY(!settled(coverageOf({}, 99), 1.0));
        QVERIFY(settled(coverageOf({}, 100), 0.05)); // no kind in 100 draws: the bound is .0295
        QVERIFY(!settled(coverageOf({}, 100), 0.02));
        QVERIFY(settled(coverageOf({}, 150), 0.02)); // .0198
        QVERIFY(!settled(coverageOf(std::vector<int>{1}, 150), 0.02));
        QVERIFY(!settled(coverageOf({}, 1000000), 0.0)); // 0 uses all episodes
    }
    void redTeam_findsMoreThanAnEvenSearchAndMissesNoMoreKinds()
    {
        // Twenty arms, hazards in three with a rate of .3, 200 episodes.
        struct Search
        {
            double hazards = 0;
            double kinds = 0;
        };
        const auto searched = [](bool adaptive) {
            Search search;
            for (std::uint64_t seed = 1; seed <= 40; ++seed) {
                RedTeam team(20);
                Rng choices(seed, "choices");
                Rng world(seed, "world");
                for (int episode = 0; episode < 200; ++episode) {
                    const std::size_t arm = adaptive ? team.choose(choices) : choices.below(20);
                    team.tell(arm, (arm == 3 || arm == 8 || arm == 15) && world.uniform() < 0.3);
                }
                for (const int found : team.found()) {
                    search.hazards += found;
                    search.kinds += found > 0 ? 1 : 0;
                }
            }
            return search;
        };
        const Search adaptive = searched(true);
        const Search even = searched(false);
        QVERIFY2(adaptive.hazards > 1.3 * even.hazards,
                 qPrintable(QString("%1 against %2").arg(adaptive.hazards / 40).arg(even.hazards / 40)));
        QVERIFY2(adaptive.kinds > even.kinds - 10,
                 qPrintable(QString("%1 against %2").arg(adaptive.kinds / 40).arg(even.kinds / 40)));
    }
    void redTeam_movesOnFromAKindItKnows()
    {
        RedTeam team(2);
        Rng rng(4, "choices");
        for (int i = 0; i < 400; ++i)
            team.tell(team.choose(rng), true); // both always show a hazard
        const auto found = team.found();
        QVERIFY(found[0] > 120 && found[1] > 120);
    }
};
GRADUS_SUITE(DiscoveryTest)
#include "discovery_test.moc"
