// SPDX-License-Identifier: GPL-3.0-or-later
// Shares of a run's sources as they were drawn and as they voted.
#include "viewmodels/run_mix.h"

#include "support/suite.h"

#include <QTest>

#include <numeric>

using namespace gradus;
using namespace gradus::viewmodels;

class RunMixTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shares_sumToOneOrAreNone()
    {
        spec::SignalSource never{.name = "never"};
        never.weight.keys.front().y = 0;
        spec::SignalSource half{.name = "half"};
        half.weight.keys.front().y = 0.5;
        LiveRun run;
        run.setVotes({{2, "half", 3}, {2, "never", 1000}, {2, "a stranger", 5}});
        QVERIFY(!mixSharesOf(run, {never, never}, 2));
        const auto shares = mixSharesOf(run, {half, never, half}, 2);
        QVERIFY(shares && shares->actual);
        QCOMPARE(std::accumulate(shares->drawn.begin(), shares->drawn.end(), 0.0), 1.0);
        QCOMPARE(std::accumulate(shares->actual->begin(), shares->actual->end(), 0.0), 1.0);
        QCOMPARE((*shares->actual)[1], 0.0);
        QVERIFY(!mixSharesOf(run, {half, never}, 3)->actual); // nobody has voted yet
        QVERIFY(mixSources("not TOML [").empty());
    }
    void farthestShare_isBeyondTheToleranceOrNone()
    {
        QCOMPARE(farthestShare({.drawn = {0.5, 0.3, 0.2}, .actual = std::vector<double>{0.4, 0.3, 0.3}}),
                 std::optional<std::size_t>(0)); // the first of two
        QVERIFY(!farthestShare({.drawn = {0.5, 0.5}, .actual = std::vector<double>{0.51, 0.49}}));
        QVERIFY(!farthestShare({.drawn = {0.5, 0.5}, .actual = std::nullopt}));
        QVERIFY(!farthestShare({}));
    }
};
GRADUS_SUITE(RunMixTest)
#include "run_mix_test.moc"
