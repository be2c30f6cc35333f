// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a living run is obeyed between two steps, is answered, and changes nothing of what the run becomes.
#include "pipeline/command_desk.h"

#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <chrono>
#include <set>
#include <thread>

using namespace gradus;
using namespace gradus::tests;

namespace {

/// Passes on to a recorder and asks for things when the run says a certain loss.
class AskingSink final : public events::EventSink
{
public:
    explicit AskingSink(Recorder& inner) : m_inner(inner) {}
    std::int64_t at = -1; ///< step of train/loss
    std::function<void()> ask;
    void point(const events::MetricPoint& point) override
    {
        m_inner.point(point);
        if (point.series == "train/loss" && point.step == at && ask) std::exchange(ask, {})();
    }
    void stage(const events::StageEvent& event) override { m_inner.stage(event); }
    void generation(const events::GenerationRecord& record) override { m_inner.generation(record); }
    void event(const events::RunEvent& event) override { m_inner.event(event); }
    void progress(const events::Progress& progress) override { m_inner.progress(progress); }
    void votes(const events::VoteRecord& votes) override { m_inner.votes(votes); }

private:
    Recorder& m_inner;
};

spec::RunSpec askedRun()
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.ladder.generations = 2;
    run.experiment.training.epochs = 8; // 24 steps a generation
    run.experiment.training.checkpointEvery = 10;
    run.experiment.training.evaluateEvery = 12;
    return run;
}

/// A run that can be asked something, with what it said.
struct Asked
{
    explicit Asked(const spec::RunSpec& run) : bench(run), sink(bench.recorder), meter(sink, 2), desk(sink, meter, stop)
    {
    }
    StageContext context()
    {
        return {.spec = bench.context.spec,
                .task = bench.context.task,
                .ladder = bench.context.ladder,
                .folder = bench.context.folder,
                .sink = sink,
                .stop = stop,
                .settle = [] { return Result<void>(); },
                .meter = meter,
                .desk = &desk};
    }
    std::vector<events::RunEvent> answers() const
    {
        std::vector<events::RunEvent> all;
        for (const events::RunEvent& event : bench.recorder.said)
            if (event.kind.starts_with("command.")) all.push_back(event);
        return all;
    }
    Bench bench;
    AskingSink sink;
    StopFlag stop;
    ProgressMeter meter;
    CommandDesk desk;
};

/// What must not depend on what was asked.
struct Outcome
{
    std::vector<std::string> weights;
    std::vector<double> losses;
    std::set<std::string> events;
    bool operator==(const Outcome&) const = default;
};

Outcome outcomeOf(const Recorder& recorder)
{
    Outcome outcome;
    for (const events::GenerationRecord& record : recorder.generations)
        if (!record.checkpointHash.empty()) outcome.weights.push_back(record.checkpointHash);
    for (const events::MetricPoint& point : recorder.points)
        if (point.series == "train/loss") outcome.losses.push_back(point.value);
    for (const events::RunEvent& event : recorder.said)
        if (!event.kind.starts_with("command."))
            outcome.events.insert(event.kind + std::to_string(event.step) + event.sentence + event.detailsJson);
    return outcome;
}

} // namespace

class CommandDeskTest : public QObject
{
    Q_OBJECT
    Outcome m_calm;

private Q_SLOTS:
    void initTestCase()
    {
        const spec::RunSpec run = askedRun();
        Asked calm(run);
        const auto done = runProgressive(calm.context(), Past{.finished = {}});
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().message.c_str());
        m_calm = outcomeOf(calm.bench.recorder);
        QCOMPARE(m_calm.losses.size(), std::size_t{48});
    }

    void pausedSavedAndEvaluated_endsBitEqual()
    {
        const spec::RunSpec run = askedRun();
        Asked asked(run);
        std::thread other;
        asked.sink.at = 29; // of generation 2, between two evaluations
        asked.sink.ask = [&] {
            asked.desk.post({.id = 1, .verb = "pause"});
            other = std::thread([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(1300));
                asked.desk.post({.id = 2, .verb = "checkpoint"});
                asked.desk.post({.id = 3, .verb = "evaluate"});
                asked.desk.post({.id = 4, .verb = "pause"}); // it is held already
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
                asked.desk.post({.id = 5, .verb = "continue"});
            });
        };
        const auto done = runProgressive(asked.context(), Past{.finished = {}});
        other.join();
        asked.desk.close(false);
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().message.c_str());
        QVERIFY(outcomeOf(asked.bench.recorder) == m_calm);
        QVERIFY(!asked.desk.hasWaiting());
        const auto answers = asked.answers();
        QCOMPARE(answers.size(), std::size_t{5});
        for (const events::RunEvent& answer : answers) {
            const auto note = events::commandOf(answer.detailsJson);
            QVERIFY(note && answer.generation == 2 && answer.step == 29);
            QCOMPARE(answer.kind == events::kCommandRefused, note->id == 4);
            QCOMPARE(note->isExtraPoint, note->id == 3);
        }
        // The measurement stands where it was asked for.
        const auto isExtra = [](const events::MetricPoint& point) {
            return point.series == "utility/competence" && point.step == 29;
        };
        QVERIFY(std::ranges::any_of(asked.bench.recorder.points, isExtra));
        const auto isPaused = [](const events::Progress& progress) { return progress.activity.starts_with("paused"); };
        QVERIFY(std::ranges::any_of(asked.bench.recorder.progressed, isPaused));
    }

    void stop_goesOnFromThatStep_andStopNowFromTheCheckpointBefore()
    {
        for (const bool now : {false, true}) {
            const spec::RunSpec run = askedRun();
            Asked asked(run);
            asked.sink.at = 16;
            asked.sink.ask = [&] { asked.desk.post({.id = 9, .verb = now ? "stop-now" : "stop"}); };
            const auto ended = runProgressive(asked.context(), Past{.finished = {}});
            QVERIFY(!ended && ended.error().kind == ErrorKind::Stopped);
            asked.desk.close(true);
            QCOMPARE(asked.answers().size(), std::size_t{1});
            QVERIFY(asked.answers().front().kind == events::kCommandDone);
            Recorder& recorder = asked.bench.recorder;
            recorder.points.clear();
            StopFlag never;
            ProgressMeter meter(recorder, 2);
            const StageContext& first = asked.bench.context;
            const auto resumed = runProgressive({.spec = run,
                                                 .task = first.task,
                                                 .ladder = first.ladder,
                                                 .folder = first.folder,
                                                 .sink = recorder,
                                                 .stop = never,
                                                 .settle = [] { return Result<void>(); },
                                                 .meter = meter},
                                                Past{.finished = {}});
            QVERIFY(resumed.ok());
            std::int64_t begun = -1;
            for (const events::MetricPoint& point : recorder.points)
                if (begun < 0 && point.series == "train/loss") begun = point.step;
            QCOMPARE(begun, std::int64_t{now ? 11 : 17});
            QCOMPARE(outcomeOf(recorder).weights, m_calm.weights);
        }
    }

    void whatCannotBeObeyed_isRefusedWithItsReason()
    {
        Recorder recorder;
        StopFlag stop;
        ProgressMeter meter(recorder, 2);
        CommandDesk desk(recorder, meter, stop);
        meter.begin(2, "looking for hazards", 40);
        desk.post({.id = 1, .verb = "checkpoint"});
        desk.post({.id = 2, .verb = "evaluate"});
        desk.post({.id = 3, .verb = "continue"});
        desk.post({.id = 4, .verb = "dance"});
        desk.atSafePoint();
        desk.post({.id = 5, .verb = "pause"}); // comes too late
        desk.post({.id = 6, .verb = "stop"});
        desk.close(false);
        QCOMPARE(recorder.said.size(), std::size_t{6});
        const QStringList reasons{"looking for hazards", "no student",   "not paused",
                                  "no such command",     "ended before", "had ended by itself"};
        for (std::size_t i = 0; i < recorder.said.size(); ++i) {
            const events::RunEvent& said = recorder.said[i];
            QVERIFY(said.kind == events::kCommandRefused && said.generation == 2 && said.step == 40);
            QVERIFY2(said.sentence.find(reasons[static_cast<int>(i)].toStdString()) != std::string::npos,
                     said.sentence.c_str());
        }
        QVERIFY(stop.requested());
    }

    void stopWhilePaused_ends()
    {
        Recorder recorder;
        StopFlag stop;
        ProgressMeter meter(recorder, 2);
        CommandDesk desk(recorder, meter, stop);
        desk.post({.id = 1, .verb = "pause"});
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            desk.post({.id = 2, .verb = "stop"});
        });
        desk.atSafePoint(); // returns
        other.join();
        QVERIFY(stop.requested());
    }

    void checkpointThatFails_endsTheRun()
    {
        Recorder recorder;
        StopFlag stop;
        ProgressMeter meter(recorder, 2);
        CommandDesk desk(recorder, meter, stop);
        desk.post({.id = 1, .verb = "checkpoint"});
        const auto seen = desk.afterStep([] { return Result<void>(failed("The disk is full.")); });
        QVERIFY(!seen && seen.error().message == "The disk is full.");
        desk.close(false);
        QCOMPARE(recorder.said.size(), std::size_t{1});
        QVERIFY(recorder.said.front().kind == events::kCommandRefused);
    }
};
GRADUS_SUITE(CommandDeskTest)
#include "command_desk_test.moc"
