// SPDX-License-Identifier: GPL-3.0-or-later
// Curves over runs: hand-computed centres and bands, ragged steps, gaps, and that nothing shown beside changes them.
#include "compare/over_runs.h"

#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::compare;

namespace {

using Values = std::vector<double>;

const double kNan = std::numeric_limits<double>::quiet_NaN();

bool near(double a, double b, double tolerance = 1e-12)
{
    return std::abs(a - b) <= tolerance;
}

OverRuns mean(const std::vector<Trace>& traces, Between between = Between::Line)
{
    return overRuns(traces, {.between = between, .centre = Centre::Mean, .band = Band::StudentT});
}

} // namespace

class OverRunsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void centres_areThoseOfTheBooks()
    {
        const Values five{5, 1, 2, 100, 4};
        QCOMPARE(centreOf(five, Centre::Mean), 22.4);
        QCOMPARE(centreOf(five, Centre::Median), 4.0);
        QCOMPARE(centreOf(Values{4, 1, 3, 2}, Centre::Median), 2.5);
        // Of 1 2 4 5 100 a quarter is 1.25 runs: 2 and 5 count .75 each, 4 whole; divided by 2.5.
        QVERIFY(near(centreOf(five, Centre::InterquartileMean), (0.75 * 2 + 4 + 0.75 * 5) / 2.5));
        QVERIFY(near(centreOf(Values{1, 2, 3, 40}, Centre::InterquartileMean), 2.5));
        QCOMPARE(centreOf(Values{7}, Centre::InterquartileMean), 7.0);
        QVERIFY(std::isnan(centreOf(Values{}, Centre::Mean)));
    }
    void sharedSteps_giveMeanTIntervalAndN()
    {
        const OverRuns curve = mean({{{1, 2}, {0.80, 1}}, {{1, 2}, {0.82, 3}}});
        QCOMPARE(curve.x, (Values{1, 2}));
        QVERIFY(near(curve.centre[0], 0.81));
        // s = .0141421, t(.975, 1) = 12.7062: half = 12.7062 * .0141421 / sqrt 2 = .127062
        QVERIFY(near(curve.high[0] - 0.81, 0.127062, 1e-6));
        QVERIFY(near(0.81 - curve.low[0], 0.127062, 1e-6));
        QCOMPARE(curve.n, (std::vector<int>{2, 2}));
    }
    void raggedSteps_countEachRunWhereItsLineIsKnown()
    {
        // The second run logs at other steps and ends later: 10 + x on [1, 5].
        const OverRuns curve = mean({{{0, 2, 4}, {0, 2, 4}}, {{1, 5}, {11, 15}}});
        QCOMPARE(curve.x, (Values{0, 1, 2, 4, 5}));
        QCOMPARE(curve.n, (std::vector<int>{1, 2, 2, 2, 1}));
        QVERIFY(near(curve.centre[0], 0));
        QVERIFY(near(curve.centre[1], 6));
        QVERIFY(near(curve.centre[2], 7));
        QVERIFY(near(curve.centre[3], 9));
        QVERIFY(near(curve.centre[4], 15));
        QVERIFY2(std::isnan(curve.low[0]) && std::isnan(curve.high[4]), "one run has no spread");
        QVERIFY(!std::isnan(curve.low[1]));
    }
    void gaps_takeTheRunOutUntilItIsKnownAgain()
    {
        const OverRuns curve = mean({{{0, 1, 2, 3}, {1, kNan, 1, 1}}, {{0, 1, 1.5, 2, 3}, {3, 3, 3, 3, 3}}});
        QCOMPARE(curve.n, (std::vector<int>{2, 1, 1, 2, 2}));
        QVERIFY(near(curve.centre[1], 3));
        QVERIFY2(near(curve.centre[2], 3), "no line runs through a gap");
        QVERIFY(near(curve.centre[3], 2));
        const OverRuns nobody = mean({{{0, 1}, {1, kNan}}});
        QCOMPARE(nobody.n[1], 0);
        QVERIFY(std::isnan(nobody.centre[1]));
    }
    void holding_keepsTheEarlierValueUntilTheRunsLastPoint()
    {
        const std::vector<Trace> traces{{{0, 4, 6}, {1, 2, 2}}, {{0, 2}, {5, 7}}};
        const OverRuns curve = mean(traces, Between::Hold);
        QCOMPARE(curve.n, (std::vector<int>{2, 2, 1, 1}));
        QVERIFY(near(curve.centre[1], 4)); // 1 held, 7
        QVERIFY(near(curve.centre[2], 2));
    }
    void group_isTheSameWhateverStandsBesideIt()
    {
        Rng rng(tests::propertySeed(), "over runs");
        for (int trial = 0; trial < 50; ++trial) {
            std::vector<Trace> traces(2 + rng.below(5));
            for (Trace& trace : traces)
                for (double x = static_cast<double>(rng.below(3)); x < 30; x += 1 + static_cast<double>(rng.below(4))) {
                    trace.x.push_back(x);
                    trace.y.push_back(rng.uniform() < 0.1 ? kNan : rng.normal());
                }
            const OverRunsOptions options{.between = Between::Line, .centre = Centre::Median, .band = Band::Bootstrap};
            const OverRuns alone = overRuns(traces, options);
            std::vector<Trace> shuffled(traces.rbegin(), traces.rend());
            const OverRuns again = overRuns(shuffled, options);
            QCOMPARE(again.n, alone.n);
            for (std::size_t i = 0; i < alone.x.size(); ++i) {
                int known = 0;
                for (const Trace& trace : traces)
                    known += valueAt(trace, alone.x[i], Between::Line).has_value() ? 1 : 0;
                QCOMPARE(alone.n[i], known);
                QVERIFY(known == 0 || near(alone.centre[i], again.centre[i]));
                QVERIFY(known < 2 || (alone.low[i] <= alone.centre[i] && alone.centre[i] <= alone.high[i]));
            }
        }
    }
    void bootstrap_coversAndRangeIsTheRange()
    {
        Rng rng(tests::propertySeed(), "coverage");
        int covered = 0;
        constexpr int kTrials = 400;
        for (int trial = 0; trial < kTrials; ++trial) {
            std::vector<Trace> traces;
            for (int run = 0; run < 30; ++run)
                traces.push_back({{0}, {rng.normal()}});
            const OverRuns curve = overRuns(traces, {.between = Between::Line,
                                                     .centre = Centre::Mean,
                                                     .band = Band::Bootstrap,
                                                     .seed = static_cast<std::uint64_t>(trial),
                                                     .draws = 400});
            covered += curve.low[0] <= 0 && 0 <= curve.high[0] ? 1 : 0;
        }
        QVERIFY2(covered > 0.89 * kTrials && covered < 0.985 * kTrials, qPrintable(QString::number(covered)));
        const OverRuns range = overRuns(std::vector<Trace>{{{0}, {3}}, {{0}, {-1}}, {{0}, {2}}}, {.band = Band::Range});
        QCOMPARE(range.low[0], -1.0);
        QCOMPARE(range.high[0], 3.0);
    }
    void tIntervals_standRoundMeansOnly()
    {
        const std::vector<Trace> traces{{{0}, {3}}, {{0}, {-1}}};
        QVERIFY(!fits(Band::StudentT, Centre::Median));
        QVERIFY(std::isnan(overRuns(traces, {.centre = Centre::Median, .band = Band::StudentT}).low[0]));
    }
    void pairedDifference_cancelsWhatASeedHasInCommon()
    {
        const Trace first = difference({{0, 1}, {1.1, 2.1}}, {{0, 1}, {1, 2}}, Between::Line);
        const Trace second = difference({{0, 1}, {5.1, 9.1}}, {{0, 1}, {5, 9}}, Between::Line);
        const OverRuns curve = mean({first, second});
        QVERIFY(near(curve.centre[0], 0.1, 1e-9));
        QVERIFY(near(curve.high[1] - curve.low[1], 0, 1e-9));
        const Trace partly = difference({{0, 2}, {1, 3}}, {{1, 2}, {1, 1}}, Between::Line);
        QVERIFY(std::isnan(partly.y[0]));
        QVERIFY(near(partly.y[1], 1));
    }
    void unpairedDifference_hasWelchsBand()
    {
        const std::vector<Trace> group{{{0}, {1}}, {{0}, {2}}, {{0}, {3}}};
        const std::vector<Trace> base{{{0}, {0}}, {{0}, {1}}};
        const OverRuns curve = unpairedDifference(group, base, {});
        QVERIFY(near(curve.centre[0], 1.5));
        // Variances 1 and .5: se = sqrt(1/3 + 1/4) = .76376; df = (7/12)^2 / (1/18 + 1/16) = 2.88235; t = 3.25718
        QVERIFY2(near(curve.high[0] - 1.5, 2.4877, 2e-3), qPrintable(QString::number(curve.high[0] - 1.5)));
        QCOMPARE(curve.n[0], 2);
    }
};
GRADUS_SUITE(OverRunsTest)
#include "over_runs_test.moc"
