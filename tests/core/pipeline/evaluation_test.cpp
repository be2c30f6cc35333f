// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a student is held against: whoever labelled for what it imitates, its predecessor for what it gained.
#include "pipeline/evaluation.h"

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
};

GRADUS_SUITE(EvaluationTest)
#include "evaluation_test.moc"
