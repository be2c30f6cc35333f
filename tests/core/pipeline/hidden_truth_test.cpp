// SPDX-License-Identifier: GPL-3.0-or-later
// Truth lives with the evaluator: what a student is taught does not change with the truth of its own items.
#include "data/worlds.h"
#include "pipeline/progressive.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::pipeline;

namespace {

/// The built-in world, with the truth of later generations' items turned round on request.
class World final : public data::Task
{
public:
    explicit World(bool lies) : m_inner(data::findWorld("builtin:registers/code")->open(200)), m_lies(lies) {}
    data::Read read() const override { return m_inner->read(); }
    int classes() const override { return m_inner->classes(); }
    int vocabulary() const override { return m_inner->vocabulary(); }
    int maxTokens() const override { return m_inner->maxTokens(); }
    data::ItemSet pool(int generation, int count, std::uint64_t seed) const override
    {
        data::ItemSet set = m_inner->pool(generation, count, seed);
        if (m_lies && generation > 1)
            for (data::Item& item : set.items)
                item.truth = 1 - item.truth;
        return set;
    }
    data::ItemSet test() const override { return m_inner->test(); }
    data::ItemSet anchors(int count, std::uint64_t seed) const override { return m_inner->anchors(count, seed); }
    std::vector<std::vector<std::int32_t>> pretrainingTexts() const override { return {}; }
    std::string note() const override { return {}; }

private:
    std::unique_ptr<data::Task> m_inner;
    bool m_lies;
};

class Recorder final : public events::EventSink
{
public:
    std::vector<events::GenerationRecord> generations;
    std::vector<events::MetricPoint> points;
    std::vector<events::RunEvent> said;
    void point(const events::MetricPoint& point) override { points.push_back(point); }
    void stage(const events::StageEvent&) override {}
    void generation(const events::GenerationRecord& record) override { generations.push_back(record); }
    void event(const events::RunEvent& event) override { said.push_back(event); }
    void progress(const events::Progress&) override {}

    double last(const std::string& series) const
    {
        double value = -1;
        for (const events::MetricPoint& point : points)
            if (point.series == series) value = point.value;
        return value;
    }
};

spec::RunSpec smallRun(const std::string& controller)
{
    spec::RunSpec run;
    run.seed = 3;
    run.experiment.ladder.generations = 3;
    run.experiment.gap.controller = controller;
    run.experiment.gap.value = 0.3;
    run.experiment.signals.anchors = 60;
    run.experiment.task.testItems = 200;
    run.experiment.training.labels = 96;
    run.experiment.training.epochs = 2;
    return run;
}

} // namespace

class HiddenTruthTest : public QObject
{
    Q_OBJECT

    static void climb(const spec::RunSpec& run, bool lies, Recorder& recorder)
    {
        QTemporaryDir folder;
        const World task(lies);
        const auto ladder = Ladder::open(run.experiment, task, folder.filePath("models").toStdString());
        QVERIFY(ladder);
        StopFlag stop;
        ProgressMeter meter(recorder, run.experiment.ladder.generations);
        const StageContext context{.spec = run,
                                   .task = task,
                                   .ladder = *ladder,
                                   .folder = folder.filePath("run").toStdString(),
                                   .sink = recorder,
                                   .stop = stop,
                                   .settle = [] { return Result<void>(); },
                                   .meter = meter};
        const auto done = runProgressive(context, {});
        QVERIFY2(done.ok(), done ? "" : done.error().message.c_str());
    }

private Q_SLOTS:
    void student_isTheSameWhateverItsItemsTruthIs()
    {
        Recorder honest;
        Recorder lying;
        climb(smallRun("adaptive"), false, honest);
        climb(smallRun("adaptive"), true, lying);
        QCOMPARE(honest.generations.size(), lying.generations.size());
        for (std::size_t i = 0; i < honest.generations.size(); ++i) {
            QCOMPARE(honest.generations[i].checkpointHash, lying.generations[i].checkpointHash);
            QCOMPARE(honest.generations[i].rung, lying.generations[i].rung); // nor does the controller see it
        }
        // The lie did reach the evaluator: against its own items' truth the same student scores otherwise.
        QVERIFY(honest.last("train/accuracy_clean") != lying.last("train/accuracy_clean"));
    }
    void attempts_areJournalledAndCounted()
    {
        Recorder recorder;
        climb(smallRun("pi"), false, recorder);
        double before = 0;
        int attempts = 0;
        for (const events::RunEvent& event : recorder.said) {
            if (event.kind != kAttemptEvent) continue;
            const auto entry = fromJournal(event.detailsJson);
            QVERIFY(entry);
            QCOMPARE(entry->attempt.generation, ++attempts);
            QCOMPARE(entry->attempt.utility.n, 60LL);
            QVERIFY(entry->attempt.flops > before);
            QCOMPARE(entry->attempt.gain.has_value(), attempts > 1);
            before = entry->attempt.flops;
        }
        QCOMPARE(attempts, 3);
    }
};
GRADUS_SUITE(HiddenTruthTest)
#include "hidden_truth_test.moc"
