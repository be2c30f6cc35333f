// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "pipeline/plan.h"
#include "pipeline/progress_meter.h"

#include "support/suite.h"

#include <QTest>

#include <thread>

using namespace gradus;
using namespace gradus::pipeline;

namespace {

class Recorder final : public events::EventSink
{
public:
    std::vector<events::Progress> seen;
    void point(const events::MetricPoint&) override {}
    void stage(const events::StageEvent&) override {}
    void generation(const events::GenerationRecord&) override {}
    void event(const events::RunEvent&) override {}
    void progress(const events::Progress& progress) override { seen.push_back(progress); }
};

const std::vector<double> kCapacities{3.0, 3.5, 3.8, 4.4, 5.0, 5.3};

} // namespace

class PlanTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fixedSmall_climbsRungByRung()
    {
        spec::Experiment experiment;
        experiment.ladder.start = 1;
        experiment.ladder.generations = 4;
        experiment.gap.controller = "fixed";
        experiment.gap.value = 0.3;
        const auto plan = planGenerations(experiment, kCapacities);
        QCOMPARE(plan.size(), 4U);
        QCOMPARE(plan[0].rung, 1);
        QVERIFY(!plan[0].gap);
        QCOMPARE(plan[1].rung, 2);
        QCOMPARE(plan[2].rung, 3);
        QCOMPARE(plan[3].rung, 4);
    }
    void directJump_endsAtTheTopOfTheLadder()
    {
        spec::Experiment experiment;
        experiment.ladder.start = 1;
        experiment.ladder.generations = 4;
        experiment.gap.controller = "fixed";
        experiment.gap.value = 9;
        const auto plan = planGenerations(experiment, kCapacities);
        QCOMPARE(plan.size(), 2U);
        QCOMPARE(plan[1].rung, 5);
    }
    void meter_countsSkippedWorkAsDoneButNotAsSpeed()
    {
        Recorder recorder;
        ProgressMeter meter(recorder, 2);
        meter.setTotal(100);
        meter.begin(1, "a", 0);
        meter.skip(50);
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
        meter.advance(25, "b", 1, 0);
        QCOMPARE(recorder.seen.back().fraction, 0.75);
        // 25 units took a quarter of a second, 25 are left.
        QVERIFY(recorder.seen.back().secondsLeft > 0.2 && recorder.seen.back().secondsLeft < 2.0);
        meter.finish(2, 3);
        QCOMPARE(recorder.seen.back().fraction, 1.0);
    }
    void meter_doesNotFloodItsListener()
    {
        Recorder recorder;
        ProgressMeter meter(recorder, 1);
        meter.setTotal(1e6);
        meter.begin(1, "a", 0);
        for (int i = 0; i < 10000; ++i)
            meter.advance(1, "b", i, 0);
        QVERIFY(recorder.seen.size() < 20);
    }
};
GRADUS_SUITE(PlanTest)
#include "plan_test.moc"
