// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a student is held against: whoever labelled for what it imitates, its predecessor for what it gained.
#include "pipeline/evaluation.h"

#include "pipeline/conformity_gate.h"
#include "pipeline/run_items.h"
#include "small_runs.h"
#include "support/must.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

/// Sources that are right nine times in ten, pooled.
class KnowingPool final : public Supervisor
{
public:
    Result<Labels> label(const data::ItemSet& set) const override
    {
        Labels labels;
        labels.opinions.labels = truthOf(set);
        for (std::size_t i = 0; i < labels.opinions.labels.size(); i += 10)
            labels.opinions.labels[i] = 1 - labels.opinions.labels[i];
        labels.opinions.probabilities = oneHot(labels.opinions.labels, 2);
        labels.panel.emplace();
        return labels;
    }
};

spec::RunSpec smallLadder()
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.training.labels = 800;
    run.experiment.training.epochs = 6;
    return run;
}

} // namespace

class EvaluationTest final : public QObject
{
    Q_OBJECT
    spec::RunSpec m_run = smallLadder();
    Bench m_bench{m_run};

    engine::TunedModel base(int rung) const
    {
        const StageContext& context = m_bench.context;
        return context.ladder.base(rung, context.head(), 5, context.stop, {}).value();
    }
    Supervision lessons(int rung, const Supervisor& supervisor) const
    {
        const StageContext& context = m_bench.context;
        const data::ItemSet pool = poolOf(context, 2);
        return taughtBy(context.task, supervisor.label(pool).value().opinions, pool, context.ladder.read(rung, pool),
                        false);
    }

private Q_SLOTS:
    void aStudentBetweenItsPredecessorAndItsPool_isSilent()
    {
        const StageContext& context = m_bench.context;
        const KnowingPool pool;
        const Supervision taught = lessons(4, pool);
        engine::TunedModel student = base(4);
        QVERIFY(student.tune(labelledItems(taught), tuningOptions(context, 2, false), context.stop, {}).ok());
        const Ancestor untaught{std::make_shared<const engine::TunedModel>(base(0)), 0};
        const auto verdictsBeside = [&](const Ancestor* predecessor) {
            const CompetenceInput input{.generation = 2,
                                        .rung = 4,
                                        .supervisor = &pool,
                                        .predecessor = predecessor,
                                        .gap = {},
                                        .earlierUtility = {}};
            Evaluation evaluation(context, taught, input);
            must(evaluation.prepare());
            must(evaluation.setCeiling(student, 0));
            const Scores scores = must(evaluation.score(student, Depth::Full));
            if (!(scores.utility.value < scores.weak->value)) throw std::runtime_error("the pool knows no more");
            return evaluation.verdicts(scores, {{1, scores.utility.value}});
        };
        const auto verdicts = verdictsBeside(&untaught);
        QCOMPARE(verdicts.size(), std::size_t{3});
        const signatures::Verdict& salience = verdicts[2];
        QCOMPARE(salience.kind, std::string("signature.non_saliency"));
        QVERIFY2(salience.hasFigure() && salience.value.low > 0 && !salience.fired, salience.sentence.c_str());
        QVERIFY2(!verdicts[1].fired, verdicts[1].sentence.c_str());
        QVERIFY2(verdicts[1].sentence.find("its predecessor") != std::string::npos, verdicts[1].sentence.c_str());
        // Without a predecessor nothing is said of a gain.
        QCOMPARE(verdictsBeside(nullptr).size(), std::size_t{1});

        Recorder recorder;
        reportVerdicts(recorder, verdicts, 2, 40);
        QVERIFY(recorder.said.empty());
        for (const char* series : {"signature/non_saliency", "signature/non_saliency/ci_low",
                                   "signature/non_saliency/ci_high", "signature/mode_collapse"})
            QVERIFY2(std::any_of(recorder.points.begin(), recorder.points.end(),
                                 [&](const events::MetricPoint& point) { return point.series == series; }),
                     series);
        QCOMPARE(recorder.last("signature/non_saliency"), salience.value.value);
    }
    void ceilingsOfBothGenerations_areComparedAlsoAfterAResume()
    {
        // A jump whose labels are all wrong: the ceiling rises, and the student does not.
        spec::RunSpec run = smallRun("jump");
        run.experiment.ladder.generations = 2;
        run.experiment.training.labels = 400;
        run.experiment.training.epochs = 6;
        run.experiment.signals.sources = {{.name = "labels", .kind = "synthetic", .noise = "wrong-only", .rate = 1}};
        run.experiment.signals.aggregate = "majority";
        const Bench bench(run);
        const auto task = data::findWorld(run.experiment.task.name)->open(1000); // enough to tell a gain from none
        const Ladder ladder = must(Ladder::open(run.experiment, *task, bench.path("models")));
        const auto climbed = [&](const Past& past) {
            Recorder recorder;
            ProgressMeter meter(recorder, 2);
            must(runProgressive({.spec = run,
                                 .task = *task,
                                 .ladder = ladder,
                                 .folder = bench.context.folder,
                                 .sink = recorder,
                                 .stop = bench.context.stop,
                                 .settle = [] { return Result<void>(); },
                                 .meter = meter},
                                past));
            return recorder;
        };
        const auto saidOf = [](const Recorder& recorder) {
            std::string said;
            for (const events::RunEvent& event : recorder.said)
                if (event.kind == "signature.non_saliency") said += event.sentence + event.detailsJson;
            return said;
        };
        const Recorder whole = climbed({.finished = {}});
        const std::string said = saidOf(whole);
        QVERIFY2(said.find("the same bases taught by truth changed by") != std::string::npos, said.c_str());
        QVERIFY2(said.find("\"ceiling_gain\":{") != std::string::npos, said.c_str());

        Past past{.finished = {}};
        for (const events::GenerationRecord& record : whole.generations)
            if (record.lastStep && record.generation == 1) past.finished.push_back(record);
        const Recorder resumed = climbed(past);
        for (const events::StageEvent& stage : resumed.stages)
            QVERIFY(stage.kind != events::StageKind::Competence || stage.generation == 2); // the first was read back
        QCOMPARE(saidOf(resumed), said);
    }
    void canariesOfHonestTwins_areHeldAgainstHonestPolicies()
    {
        Standing standing;
        standing.twins.canaryTrials = 100;
        standing.twins.canaryHits = 20;
        Recorder recorder;
        ProgressMeter meter(recorder, 3);
        const StageContext context{.spec = m_run,
                                   .task = m_bench.context.task,
                                   .ladder = m_bench.context.ladder,
                                   .folder = m_bench.context.folder,
                                   .sink = recorder,
                                   .stop = m_bench.context.stop,
                                   .settle = [] { return Result<void>(); },
                                   .meter = meter};
        reportStanding(context, 2, standing, 10, "before alignment");
        QVERIFY(recorder.said.front().detailsJson.find("\"canaries_touched\":{\"value\":0.2") != std::string::npos);
        QCOMPARE(recorder.said.back().kind, std::string("signature.deceptive_alignment"));
        QVERIFY(recorder.said.back().sentence.find("20 of 100 canaries touched") != std::string::npos);
    }
};

GRADUS_SUITE(EvaluationTest)
#include "evaluation_test.moc"
