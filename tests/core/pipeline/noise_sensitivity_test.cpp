// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/noise_sensitivity.h"

#include "pipeline/procedure.h"
#include "pipeline/run_items.h"
#include "pipeline/supervision.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;
using spec::SignalSource;

namespace {

spec::RunSpec noiseRun(const std::string& noise, double rate)
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.experiment.procedure = spec::kNoiseSensitivity;
    run.experiment.ladder.generations = 1;
    run.experiment.ladder.start = 3;
    run.experiment.signals.anchors = 0;
    run.experiment.signals.sources = {{.name = "labels", .kind = "synthetic", .noise = noise, .rate = rate}};
    return run;
}

/// A run worked through from nothing, with what it told.
struct Told
{
    explicit Told(const spec::RunSpec& run) : spec(run), bench(spec), result(runProcedure(bench.context, {})) {}
    const std::vector<int>& labels() const { return bench.recorder.voted.front().labels; }
    const events::GenerationRecord& record() const { return bench.recorder.generations.back(); }
    const events::RunEvent* event(const std::string& kind) const
    {
        for (const events::RunEvent& event : bench.recorder.said)
            if (event.kind == kind) return &event;
        return nullptr;
    }

    const spec::RunSpec spec;
    const Bench bench;
    const Result<void> result;
};

std::vector<bool> wrongIn(const Told& told)
{
    const std::vector<int> truth = truthOf(poolOf(told.bench.context, 1));
    std::vector<bool> wrong;
    for (std::size_t i = 0; i < truth.size(); ++i)
        wrong.push_back(told.labels()[i] != truth[i]);
    return wrong;
}

} // namespace

class NoiseSensitivityTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wrongLabels_areThoseOfTheRateAndNestedOverRates()
    {
        const Told few(noiseRun("wrong-only", 0.25));
        const Told more(noiseRun("wrong-only", 0.5));
        QVERIFY2(few.result.ok() && more.result.ok(), "a run failed");
        const std::vector<bool> a = wrongIn(few);
        const std::vector<bool> b = wrongIn(more);
        QCOMPARE(std::count(a.begin(), a.end(), true), 24); // of 96
        QCOMPARE(std::count(b.begin(), b.end(), true), 48);
        for (std::size_t i = 0; i < a.size(); ++i)
            QVERIFY(!a[i] || (b[i] && few.labels()[i] == more.labels()[i]));
        QCOMPARE(few.bench.recorder.last("noise/wrong"), 0.25);
        const auto* said = few.event(kNoiseEvent);
        QVERIFY(said != nullptr && said->sentence.starts_with("25.0 % of the 96 labels are wrong: wrong-only noise"));
        QVERIFY(said->detailsJson.find("\"uninformative_rate\":0.5") != std::string::npos);
    }
    void withoutNoise_theStudentIsTheFirstGenerationOfALadder()
    {
        const Told clean(noiseRun("uniform", 0));
        spec::RunSpec ladder = clean.spec;
        ladder.experiment.experiment.procedure = "progressive";
        ladder.experiment.signals.sources.clear();
        const Told taught(ladder);
        QVERIFY(clean.result.ok() && taught.result.ok());
        QVERIFY(!clean.record().checkpointHash.empty());
        QCOMPARE(clean.record().checkpointHash, taught.record().checkpointHash);
        QVERIFY(!clean.record().memorisation); // there is no wrong label to repeat
        QCOMPARE(clean.record().lastStep, taught.record().lastStep);
    }
    void labelsAllWrong_areTaughtAllWrong()
    {
        spec::RunSpec run = noiseRun("wrong-only", 1);
        run.experiment.training.epochs = 12;
        run.experiment.training.bodyScale = 0.2;
        const Told told(run);
        QVERIFY(told.result.ok());
        const std::vector<bool> wrong = wrongIn(told);
        QVERIFY(std::all_of(wrong.begin(), wrong.end(), [](bool each) { return each; }));
        const Recorder& sink = told.bench.recorder;
        QVERIFY(sink.last("train/accuracy_noisy") > 0.6);
        QVERIFY(std::abs(sink.last("train/accuracy_noisy") + sink.last("train/accuracy_clean") - 1) < 1e-9);
        QCOMPARE(told.record().memorisation->value, sink.last("train/accuracy_noisy"));
        QCOMPARE(told.record().weak->value, 0.0);
    }
    void curves_haveIntervalsAndNothingThatNeedsACeiling()
    {
        const Told told(noiseRun("uniform", 0.6));
        QVERIFY(told.result.ok());
        const Recorder& sink = told.bench.recorder;
        for (const std::string series :
             {"train/accuracy_noisy", "train/accuracy_clean", "memorisation", "test/accuracy"}) {
            const auto points = std::count_if(sink.points.begin(), sink.points.end(),
                                              [&](const events::MetricPoint& point) { return point.series == series; });
            QVERIFY2(points >= 3, series.c_str());
            QVERIFY2(sink.last(series + "/ci_low") < sink.last(series), series.c_str());
            QVERIFY2(sink.last(series + "/ci_high") > sink.last(series), series.c_str());
        }
        QCOMPARE(sink.last("test/accuracy"), told.record().utility->value);
        QVERIFY(!told.record().ceiling && !told.record().pgr && !told.record().excessImitation);
        QCOMPARE(sink.last("utility/ceiling"), -1.0);
        for (const events::RunEvent& event : sink.said)
            QVERIFY2(!event.kind.starts_with("signature."), event.kind.c_str());
        QCOMPARE(sink.progressed.back().fraction, 1.0);
    }
    void aTeacherWithoutWeight_shapesTheNoiseAndIsPaidFor()
    {
        spec::RunSpec run = noiseRun("teacher-lowest", 0.25);
        run.experiment.signals.sources[0].like = "teacher";
        run.experiment.signals.sources.push_back({.name = "teacher", .weight = {{{.x = 0, .y = 0}}}, .rung = 1});
        const Told shaped(run);
        QVERIFY2(shaped.result.ok(), shaped.result.ok() ? "" : shaped.result.error().message.c_str());
        const std::vector<bool> wrong = wrongIn(shaped);
        QCOMPARE(std::count(wrong.begin(), wrong.end(), true), 24);
        QCOMPARE(shaped.bench.recorder.voted.size(), std::size_t{1}); // the teacher labels nothing
        const Told plain(noiseRun("wrong-only", 0.25));
        QVERIFY(wrong != wrongIn(plain));
        QVERIFY(*shaped.record().flops > *plain.record().flops);
    }
    void aFinishedStudent_isNotTrainedAgain()
    {
        const Told told(noiseRun("uniform", 0.4));
        QVERIFY(told.result.ok());
        const std::size_t points = told.bench.recorder.points.size();
        Past past;
        past.finished = {told.record()};
        QVERIFY(runNoiseSensitivity(told.bench.context, past).ok());
        QCOMPARE(told.bench.recorder.points.size(), points);
        past.finished[0].checkpointHash = std::string(64, '0'); // weights that are not what was recorded
        QVERIFY(runNoiseSensitivity(told.bench.context, past).ok());
        QVERIFY(told.bench.recorder.points.size() > points);
    }
};
GRADUS_SUITE(NoiseSensitivityTest)
#include "noise_sensitivity_test.moc"
