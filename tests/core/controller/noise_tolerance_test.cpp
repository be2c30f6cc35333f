// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/noise_tolerance.h"

#include "controller/gap_controller.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::controller;

namespace {

/// Seeds whose accuracy falls from 0.8 by loss(rate), each by a hair more or less than the others.
template <typename Loss>
std::vector<NoisyResult> sweep(const std::vector<double>& rates, int seeds, double spread, Loss loss)
{
    std::vector<NoisyResult> results;
    for (int seed = 0; seed < seeds; ++seed) {
        const double own = seeds > 1 ? spread * (2.0 * seed / (seeds - 1) - 1) : 0;
        for (const double rate : rates)
            results.push_back({seed, rate, 0.8 - (rate > 0 ? loss(rate) + own : 0)});
    }
    return results;
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-9;
}

} // namespace

class NoiseToleranceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aStraightLoss_crossesWhereItMust()
    {
        const auto results = sweep({0, 0.2, 0.4, 0.8}, 5, 0.001, [](double rate) { return 0.1 * rate; });
        const auto found = noiseTolerance(results, 0.03);
        QVERIFY(found.ok());
        QVERIFY2(near(found->rate, 0.3), std::to_string(found->rate).c_str());
        QVERIFY(found->reached && found->bounded);
        QVERIFY(found->low < 0.3 && found->low > 0.25 && found->high > 0.3 && found->high < 0.35);
        QCOMPARE(found->seeds, std::size_t{5});
        QCOMPARE(found->losses.size(), std::size_t{3});
        QVERIFY(near(found->losses[1].loss.value, 0.04));
        // Half of what a t interval of five seeds is wide there, over the slope of the loss.
        QVERIFY(noiseTolerance(results, 0.05)->rate > found->rate);
    }
    void widerSeeds_widenTheInterval()
    {
        const auto loss = [](double rate) { return 0.1 * rate; };
        const auto narrow = noiseTolerance(sweep({0, 0.2, 0.4, 0.8}, 5, 0.001, loss), 0.03);
        const auto wide = noiseTolerance(sweep({0, 0.2, 0.4, 0.8}, 5, 0.02, loss), 0.03);
        QVERIFY(wide->low < narrow->low && wide->high > narrow->high);
        const auto open = noiseTolerance(sweep({0, 0.2, 0.4, 0.8}, 5, 0.3, loss), 0.03);
        QVERIFY(!open->bounded && near(open->high, 0.8));
        QVERIFY(open->low <= open->rate && open->rate <= open->high);
    }
    void aDipBackUp_isSmoothedAndNotTakenForRecovery()
    {
        // Losses .04 at .2 and 0 at .4 pool to .02: reached there, and not before .2.
        const auto found = noiseTolerance(
            sweep({0, 0.2, 0.4, 0.8}, 5, 0.001, [](double rate) { return rate == 0.2   ? 0.04
                                                                         : rate == 0.4 ? 0
                                                                                       : 0.2; }),
            0.05);
        QVERIFY2(found->rate > 0.4 && found->rate < 0.8, std::to_string(found->rate).c_str());
    }
    void whatWasNeverLost_isALowerBound()
    {
        const auto found = noiseTolerance(sweep({0, 0.5, 1}, 4, 0.001, [](double) { return -0.01; }), 0.02);
        QVERIFY(!found->reached && !found->bounded);
        QVERIFY(near(found->rate, 1) && near(found->low, 1) && near(found->high, 1));
    }
    void oneSeed_hasNoInterval()
    {
        const auto found = noiseTolerance(sweep({0, 0.5, 1}, 1, 0, [](double rate) { return 0.1 * rate; }), 0.02);
        QCOMPARE(found->seeds, std::size_t{1});
        QVERIFY(near(found->low, found->rate) && near(found->high, found->rate) && near(found->rate, 0.2));
    }
    void seedsWithoutACleanRun_doNotCount()
    {
        auto results = sweep({0, 0.5}, 3, 0.001, [](double rate) { return 0.1 * rate; });
        results.push_back({9, 0.5, 0.1});
        QCOMPARE(noiseTolerance(results, 0.02)->seeds, std::size_t{3});
        const std::vector<NoisyResult> alone{{1, 0.5, 0.7}, {2, 0, 0.8}};
        const auto refused = noiseTolerance(alone, 0.02);
        QVERIFY(!refused && refused.error().kind == ErrorKind::BadInput);
        QVERIFY(!noiseTolerance(results, 0));
    }
    void betweenSizes_itIsReadOffAFallingLine()
    {
        const std::vector<std::pair<double, double>> measured{{4, 0.3}, {5, 0.1}};
        QVERIFY(near(toleranceAt(measured, 3), 0.3));
        QVERIFY(near(toleranceAt(measured, 4.25), 0.25));
        QVERIFY(near(toleranceAt(measured, 5), 0.1));
        QVERIFY(near(toleranceAt(measured, 6), 0.1));
        // A larger size that seems to bear more is pooled with the smaller one.
        QVERIFY(near(toleranceAt({{4, 0.1}, {5, 0.3}}, 4.5), 0.2));
        QVERIFY(near(toleranceAt({{4, 0.1}}, 4.5), 0.1));
    }
    void adaptive_takesTheMeasuredToleranceForItsCap()
    {
        spec::Gap gap;
        gap.controller = "adaptive";
        gap.value = 2;
        GapState state;
        state.rungNames = {"a", "b", "c"};
        state.capacities = {4.0, 4.5, 5.0};
        state.generations = 3;
        Attempt first;
        first.utility = {.value = 0.75, .low = 0.70, .high = 0.80, .n = 200};
        first.noiseUpper = 0.2;
        state.history = {first};
        const Estimate gain{.value = 0.1, .low = 0.06, .high = 0.14, .n = 200};
        for (const int rung : {1, 2})
            state.forecasts.push_back(
                {.rung = rung, .utility = first.utility, .gain = gain, .lossByFlips = {{0, 0}, {1, 0}}});
        QCOMPARE(makeController(gap)->nextGap(state).rung, 2); // forecasts lose nothing to noise
        gap.tolerance = {{4.0, 0.4}, {5.0, 0.1}};              // .25 at 4.5, .1 at 5
        const Decision capped = makeController(gap)->nextGap(state);
        QCOMPARE(capped.rung, 1);
        QVERIFY2(capped.sentence.find("the noise cap 0.50") != std::string::npos, capped.sentence.c_str());
        QVERIFY(capped.detailsJson.find("\"measured_tolerance\":0.25") != std::string::npos);
        gap.tolerance = {{4.0, 0.15}};
        const Decision refused = makeController(gap)->nextGap(state);
        QVERIFY(refused.refused && !refused.rung);
    }
};
GRADUS_SUITE(NoiseToleranceTest)
#include "noise_tolerance_test.moc"
