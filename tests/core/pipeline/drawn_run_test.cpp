// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that are drawn over the run: what every generation was trained with.
#include "pipeline/competence_stage.h"
#include "pipeline/generation_context.h"
#include "pipeline/plan.h"
#include "pipeline/procedure.h"
#include "small_runs.h"
#include "spec/drawn.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

const schedule::Curve kRising{{{.x = 0, .y = 1, .interpolation = schedule::Interpolation::Linear},
                               {.x = 1, .y = 4, .interpolation = schedule::Interpolation::Linear}}};
const schedule::Curve kFalling{{{.x = 0, .y = 0.02}, {.x = 1, .y = 0.001}}};

spec::RunSpec drawnRun()
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.signals.anchors = 0;
    run.experiment.drawn = {{"training.epochs", kRising}, {"training.learning_rate", kFalling}};
    run.experiment.training.epochs = 1;
    run.experiment.training.learningRate = 0.02;
    return run;
}

std::vector<double> series(const Recorder& recorder, const std::string& name)
{
    std::vector<double> values;
    for (const events::MetricPoint& point : recorder.points)
        if (point.series == name) values.push_back(point.value);
    return values;
}

} // namespace

class DrawnRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyGeneration_isTrainedWithWhatWasDrawnForIt()
    {
        const spec::RunSpec run = drawnRun();
        const Bench bench(run);
        const auto done = runProcedure(bench.context, {});
        QVERIFY2(done.ok(), done ? "" : done.error().message.c_str());
        // What ran is the evaluator's value to the last bit.
        const std::vector<double> epochs = series(bench.recorder, "setting/training.epochs");
        const std::vector<double> expectedEpochs{1, 1, 4};
        QVERIFY(epochs == expectedEpochs);
        const schedule::Evaluator at(kFalling);
        const std::vector<double> rates{at(0), at(0), at(1)};
        QVERIFY(series(bench.recorder, "setting/training.learning_rate") == rates);
        // 96 items in batches of 32, once, once and four times.
        std::vector<std::int64_t> steps;
        for (const events::GenerationRecord& record : bench.recorder.generations)
            if (record.lastStep) steps.push_back(*record.lastStep - record.firstStep);
        const std::vector<std::int64_t> expected{3, 3, 12};
        QVERIFY(steps == expected);
    }
    void aLevelCurve_trainsTheSameWeightsAsTheNumber()
    {
        spec::RunSpec once = smallRun("fixed");
        once.experiment.signals.anchors = 0;
        spec::RunSpec level = once;
        const double rate = once.experiment.training.learningRate;
        level.experiment.drawn = {{"training.learning_rate", {{{.x = 0, .y = rate}, {.x = 1, .y = rate}}}}};
        const Bench first(once);
        const Bench second(level);
        QVERIFY(runProcedure(first.context, {}).ok() && runProcedure(second.context, {}).ok());
        QVERIFY(!first.recorder.generations.back().checkpointHash.empty());
        QCOMPARE(second.recorder.generations.back().checkpointHash, first.recorder.generations.back().checkpointHash);
    }
    /// A decay drawn as the straight line that "linear" is differs from it by where the last step stands, and a level
    /// one is "constant" to the bit.
    void aLevelDecay_trainsTheSameWeightsAsConstant()
    {
        spec::RunSpec named = smallRun("fixed");
        named.experiment.signals.anchors = 0;
        named.experiment.training.decay = "constant";
        spec::RunSpec drawn = named;
        drawn.experiment.training.decay = spec::kDrawnDecay;
        drawn.experiment.training.decayCurve = {{{.x = 0, .y = 1}, {.x = 1, .y = 1}}};
        const Bench first(named);
        const Bench second(drawn);
        QVERIFY(runProcedure(first.context, {}).ok() && runProcedure(second.context, {}).ok());
        QCOMPARE(second.recorder.generations.back().checkpointHash, first.recorder.generations.back().checkpointHash);
    }
    void thePlan_countsEveryGenerationsOwnSteps()
    {
        const spec::RunSpec run = drawnRun();
        const Bench bench(run);
        const auto parts = plannedParts(run.experiment, bench.context.task, bench.context.ladder, 200);
        double steps = 0;
        for (const auto& [rung, part] : parts)
            steps += part.steps;
        QCOMPARE(steps, 3.0 + 2 * 3 + 2 * 12); // ceilings too
    }
    /// A step of twice the items is priced as what it is in steps of the experiment's own batch.
    void thePlan_pricesADrawnBatch()
    {
        spec::RunSpec run = smallRun("fixed");
        run.experiment.signals.anchors = 0;
        run.experiment.training.labels = 128;
        run.experiment.ladder.generations = 3;
        const Bench bench(run);
        const auto total = [&](const spec::Experiment& experiment) {
            double work = 0;
            for (const auto& [rung, part] : plannedParts(experiment, bench.context.task, bench.context.ladder, 200))
                work += part.steps * tuningWork(bench.context.ladder.at(rung), 1, experiment.training.batch);
            return work;
        };
        spec::Experiment drawn = run.experiment;
        const double batch = drawn.training.batch;
        drawn.drawn = {{"training.batch", {{{.x = 0, .y = batch}, {.x = 1, .y = 2 * batch}}}}};
        spec::Experiment last = run.experiment;
        last.training.batch *= 2;
        // Generation 3 alone has the larger batch; the sum lies between all small and all large.
        QVERIFY(total(drawn) < total(run.experiment) && total(drawn) > total(last));
    }
    void enteringAGeneration_changesWhatHoldersOfTheContextRead()
    {
        const spec::RunSpec run = drawnRun();
        const Bench bench(run);
        GenerationContext entered(bench.context);
        const StageContext& held = entered.context();
        QCOMPARE(held.spec.experiment.training.epochs, 1);
        entered.enter(3);
        QCOMPARE(held.spec.experiment.training.epochs, 4);
        QVERIFY(held.spec.experiment.drawn.empty());
        QCOMPARE(held.seedFor("a"), bench.context.seedFor("a"));
    }
};

GRADUS_SUITE(DrawnRunTest)
#include "drawn_run_test.moc"
