// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/dry_run.h"

#include "support/suite.h"

#include <QElapsedTimer>
#include <QTest>

using namespace gradus;
using namespace gradus::controller;

namespace {

const std::vector<double> kCapacities{3.0, 3.4, 3.8, 4.3, 4.9, 5.4};

spec::Experiment experimentWith(const std::string& controller, double gap)
{
    spec::Experiment experiment;
    experiment.ladder.generations = 5;
    experiment.ladder.start = 0;
    experiment.gap.controller = controller;
    experiment.gap.value = gap;
    experiment.signals.anchors = 200;
    return experiment;
}

} // namespace

class DryRunTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fixedGap_takesTheRungsThatThePlanTakes()
    {
        const spec::Experiment experiment = experimentWith("fixed", 0.4);
        const DryRun run = dryRun(experiment, kCapacities, 1);
        QCOMPARE(run.generations.size(), std::size_t{5});
        for (std::size_t i = 0; i < run.generations.size(); ++i) {
            QCOMPARE(run.generations[i].rung, static_cast<int>(i));
            QCOMPARE(run.generations[i].generation, static_cast<int>(i) + 1);
        }
        QVERIFY(run.ending.empty());
    }

    void ladderThatEnds_saysSo()
    {
        const DryRun run = dryRun(experimentWith("jump", 1), kCapacities, 1);
        QCOMPARE(run.generations.size(), std::size_t{2});
        QCOMPARE(run.generations.back().rung, 5);
        QVERIFY(!run.ending.empty());
    }

    void sameSeed_isTheSameRun()
    {
        const spec::Experiment experiment = experimentWith("pi", 0.5);
        const DryRun a = dryRun(experiment, kCapacities, 7);
        const DryRun b = dryRun(experiment, kCapacities, 7);
        const DryRun c = dryRun(experiment, kCapacities, 8);
        QCOMPARE(a.generations.size(), b.generations.size());
        for (std::size_t i = 0; i < a.generations.size(); ++i)
            QCOMPARE(a.generations[i].utility, b.generations[i].utility);
        QVERIFY(a.generations[1].utility != c.generations[1].utility);
    }

    /// The one thing the picture is for: a gap that is too wide recovers less than small steps do.
    void wideGap_endsLowerThanSmallOnes()
    {
        const DrySummary jump = dryRuns(experimentWith("jump", 1), kCapacities, 40);
        const DrySummary steps = dryRuns(experimentWith("fixed", 0.4), kCapacities, 40);
        QVERIFY(jump.steps.back().utility < steps.steps.back().utility);
        for (const DrySummary::Step& step : steps.steps) {
            QVERIFY(step.low <= step.utility && step.utility <= step.high);
            QVERIFY(step.utility <= step.ceiling + 0.03);
        }
    }

    void everyController_ends_inWellUnderASecond()
    {
        for (const char* name : {"fixed", "schedule", "jump", "pi", "bandit", "adaptive"}) {
            QElapsedTimer timer;
            timer.start();
            const DrySummary summary = dryRuns(experimentWith(name, 0.5), kCapacities, 60);
            QVERIFY2(!summary.steps.empty() && summary.steps.front().runs == 60, name);
            QVERIFY2(timer.elapsed() < 1000 * tests::kPatience, name);
        }
    }

    void oneRung_isOneGeneration()
    {
        const DryRun run = dryRun(experimentWith("fixed", 0.4), {4.0}, 1);
        QCOMPARE(run.generations.size(), std::size_t{1});
    }
};

GRADUS_SUITE(DryRunTest)
#include "dry_run_test.moc"
