// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_writer.h"

#include "spec/experiment.h"
#include "store/bench.h"
#include "store/store_check.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

events::GenerationRecord fullRecord()
{
    events::GenerationRecord g;
    g.generation = 2;
    g.rung = "32,2";
    g.parameters = 27'000;
    g.capacity = 4.43;
    g.capacityProxy = "log10 parameters";
    g.gap = 0.6;
    g.firstStep = 100;
    g.lastStep = 200;
    g.utility = Estimate{0.74, 0.72, 0.76, 2000};
    g.weak = Estimate{0.70, 0.68, 0.72, 2000};
    g.ceiling = Estimate{0.84, 0.82, 0.86, 2000};
    g.pgr = Estimate{0.29, 0.1, 0.4, 2000};
    g.pgrRefusal = "";
    g.imitation = Estimate{0.68, 0.6, 0.7, 600};
    g.excessImitation = Estimate{0.2, 0.1, 0.3, 600};
    g.memorisation = Estimate{0.9, std::numeric_limits<double>::quiet_NaN(), 1.0, 150};
    g.harmBefore = Estimate{0.49, 0.45, 0.53, 400};
    g.harm = Estimate{0.01, 0.0, 0.03, 400};
    g.overRefusal = Estimate{0.02, 0.01, 0.05, 200};
    g.alignedUtility = Estimate{0.73, 0.71, 0.75, 2000};
    g.checkpointHash = "abc";
    g.alignedHash = "def";
    g.flops = 1.5e12;
    return g;
}

} // namespace

class WriterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecord_isReadBackAsItWasSaid()
    {
        OneRun one;
        must(one.writer->claim(one.run));
        one.sink().stage({2, events::StageKind::Alignment, events::StageState::Running, 100, "in", "", ""});
        one.sink().stage({2, events::StageKind::Alignment, events::StageState::Skipped, 150, "in", "out", "no domain"});
        one.sink().generation(fullRecord());
        one.sink().event({"gap.decision", 2, 100, "The gap is 0.6.", "{\"a\":1}"});
        one.sink().progress({0.5, 60, 2, 4, "competence", 120, 1e4});
        one.writer->artefact(one.run, 2, "weights", "a/b.safetensors", "ff");
        must(one.writer->flush());

        const RunDetail detail = must(one.reader().detail(one.run));
        QCOMPARE(detail.specToml, spec::canonicalToml(smallExperiment()));
        QCOMPARE(detail.run.experimentHash, spec::hashOf(smallExperiment()));
        QCOMPARE(detail.run.experimentName, std::string("small"));
        QVERIFY(detail.run.state == RunState::Running);
        QCOMPARE(detail.run.progress, 0.5);
        QCOMPARE(detail.run.secondsLeft, 60.0);
        QCOMPARE(detail.run.activity, std::string("competence"));
        QCOMPARE(detail.run.generation, 2);
        QCOMPARE(detail.run.generations, 4);
        QVERIFY(detail.run.heartbeatAt.has_value());
        QCOMPARE(detail.run.lastUtility, std::optional<double>(0.73));
        QCOMPARE(detail.run.lastImitation, std::optional<double>(0.68));
        QCOMPARE(detail.run.utilityHistory, std::vector<double>{0.73});

        QCOMPARE(detail.generations.size(), std::size_t{1});
        const auto& g = detail.generations.front();
        const auto expected = fullRecord();
        QVERIFY(g.utility == expected.utility && g.weak == expected.weak && g.ceiling == expected.ceiling);
        QVERIFY(g.pgr == expected.pgr && g.imitation == expected.imitation);
        QVERIFY(g.excessImitation == expected.excessImitation);
        QVERIFY(g.memorisation && std::isnan(g.memorisation->low) && g.memorisation->n == 150);
        QVERIFY(g.gap == expected.gap && g.lastStep == expected.lastStep && g.capacity == expected.capacity);
        QVERIFY(g.rung == expected.rung && g.checkpointHash == "abc" && g.capacityProxy == expected.capacityProxy);
        QVERIFY(g.flops == expected.flops && !g.rolledBack);

        QCOMPARE(g.harmBefore->value, 0.49);
        QCOMPARE(g.harm->high, 0.03);
        QCOMPARE(g.overRefusal->n, 200LL);
        QCOMPARE(g.alignedUtility->low, 0.71);
        QCOMPARE(g.alignedHash, std::string("def"));

        QCOMPARE(detail.stages.size(), std::size_t{1});
        const StageRow& stage = detail.stages.front();
        QVERIFY(stage.kind == events::StageKind::Alignment && stage.state == events::StageState::Skipped);
        QVERIFY(stage.firstStep == 100 && stage.lastStep == 150 && stage.endedAt && stage.note == "no domain");
        QVERIFY(stage.inputHash == "in" && stage.outputHash == "out");

        QCOMPARE(detail.events.size(), std::size_t{1});
        QCOMPARE(detail.events.front().sentence, std::string("The gap is 0.6."));
        QCOMPARE(detail.events.front().detailsJson, std::string("{\"a\":1}"));
    }

    void rolledBackGeneration_doesNotCountInTheRunsRow()
    {
        OneRun one;
        one.sink().generation(fullRecord());
        events::GenerationRecord failed = fullRecord();
        failed.generation = 3;
        failed.utility = Estimate{0.51, 0.49, 0.53, 2000};
        failed.rolledBack = true;
        one.sink().generation(failed);
        must(one.writer->flush());
        const RunDetail detail = must(one.reader().detail(one.run));
        QCOMPARE(detail.generations.size(), std::size_t{2});
        QVERIFY(!detail.generations.front().rolledBack && detail.generations.back().rolledBack);
        QCOMPARE(detail.run.lastUtility, std::optional<double>(0.73));
        QCOMPARE(detail.run.utilityHistory, std::vector<double>{0.73});
    }
    void votes_areReadBackAndReplacedWhenSaidAgain()
    {
        OneRun one;
        const events::VoteRecord soft{.generation = 2,
                                      .source = "it's \"one\"; DROP TABLE label",
                                      .kind = "model",
                                      .items = {11, 7, 9},
                                      .labels = {1, -1, 0},
                                      .probabilities = {0.25F, 0.75F, 0.5F, 0.5F, 0.9F, 0.1F}};
        const events::VoteRecord hard{
            .generation = 2, .source = "ann", .kind = "human", .items = {7}, .labels = {1}, .probabilities = {}};
        one.sink().votes(soft);
        one.sink().votes(hard);
        events::VoteRecord later = hard;
        later.generation = 3;
        one.sink().votes(later);
        events::VoteRecord again = soft;
        again.items = {11, 7};
        again.labels = {0, 0};
        again.probabilities = {};
        must(one.writer->flush());
        const auto first = must(one.reader().votes(one.run, 2));
        QCOMPARE(first.size(), std::size_t{2});
        QCOMPARE(first[0].source, soft.source);
        QCOMPARE(first[0].items, (std::vector<std::int64_t>{7, 9, 11})); // ascending
        QCOMPARE(first[0].labels, (std::vector<int>{-1, 0, 1}));
        QCOMPARE(first[0].probabilities, (std::vector<float>{0.5F, 0.5F, 0.9F, 0.1F, 0.25F, 0.75F}));
        QVERIFY(first[1].kind == "human" && first[1].labels == std::vector<int>{1} && first[1].probabilities.empty());
        one.sink().votes(again);
        must(one.writer->flush());
        const auto second = must(one.reader().votes(one.run, 2));
        QCOMPARE(second[0].items, (std::vector<std::int64_t>{7, 11}));
        QVERIFY(second[0].probabilities.empty());
        QCOMPARE(must(one.reader().votes(one.run, 3)).size(), std::size_t{1});
        QVERIFY(must(one.reader().votes(one.run, 4)).empty());
    }
    void absentEstimates_stayAbsent()
    {
        OneRun one;
        events::GenerationRecord record;
        record.pgrRefusal = "The ceiling is too near.";
        one.sink().generation(record);
        must(one.writer->flush());
        const auto g = must(one.reader().detail(one.run)).generations.front();
        QVERIFY(!g.utility && !g.pgr && !g.gap && !g.lastStep);
        QCOMPARE(g.pgrRefusal, record.pgrRefusal);
        QVERIFY(must(one.reader().runs()).front().utilityHistory.empty());
    }

    void oddValues_areKeptDistinctly()
    {
        OneRun one;
        const double inf = std::numeric_limits<double>::infinity();
        const std::vector<double> values = {std::nan(""),       inf, -inf, -0.0, 0.0, 1e308, 5e-324,
                                            9007199254740993.0, -1.5};
        for (std::size_t i = 0; i < values.size(); ++i)
            one.sink().point({"odd", static_cast<std::int64_t>(i), values[i]});
        must(one.writer->flush());
        const auto points = must(one.reader().series(one.run, "odd")).points;
        QCOMPARE(points.size(), values.size());
        QVERIFY(std::isnan(points[0].value));
        for (std::size_t i = 1; i < values.size(); ++i) {
            QCOMPARE(points[i].value, values[i]);
            QCOMPARE(std::signbit(points[i].value), std::signbit(values[i]));
        }
    }

    void extremeSteps_areKept()
    {
        OneRun one;
        const std::vector<std::int64_t> steps = {std::numeric_limits<std::int64_t>::min(), -9, -1, 0, (1LL << 53) + 1,
                                                 std::numeric_limits<std::int64_t>::max()};
        for (const std::int64_t step : steps)
            one.sink().point({"s", step, 1.0});
        must(one.writer->flush());
        const auto points = must(one.reader().series(one.run, "s")).points;
        QCOMPARE(points.size(), steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i)
            QCOMPARE(points[i].step, steps[i]);
        one.writer.reset();
        QVERIFY(must(checkStore(one.path)).sound());
    }

    void hostileNames_comeBackByteForByte()
    {
        OneRun one;
        const std::vector<std::string> names = {"'; DROP TABLE run; --",
                                                "%s%n%d",
                                                "../../etc/passwd",
                                                std::string("nul\0inside", 10),
                                                std::string("nul\0other", 9),
                                                "\xF0\x9F\x98\x80",
                                                "\xE2\x80\xAE"
                                                "rtl\n",
                                                "",
                                                "CON",
                                                "\xff\xfe not utf-8",
                                                std::string(1 << 20, 'x')};
        for (const std::string& name : names) {
            one.sink().point({name, 1, 2.0});
            one.sink().event({name, 1, 1, name, name});
        }
        one.writer->setState(one.run, RunState::Failed, names[0]);
        const std::int64_t hostileRun = addRun(*one.writer, names[0]);
        must(one.writer->flush());
        const StoreReader reader = one.reader();
        PointCursor cursor;
        const auto all = must(reader.pointsSince(one.run, cursor));
        QCOMPARE(all.size(), names.size());
        const auto events = must(reader.detail(one.run)).events;
        for (std::size_t i = 0; i < names.size(); ++i) {
            QVERIFY(all[i].name == names[i]);
            QVERIFY(events[i].sentence == names[i] && events[i].kind == names[i] && events[i].detailsJson == names[i]);
            QCOMPARE(must(reader.series(one.run, names[i])).points.size(), std::size_t{1});
        }
        QCOMPARE(must(reader.detail(one.run)).run.failure, names[0]);
        QCOMPARE(must(reader.detail(hostileRun)).run.experimentName, names[0]);
    }

    void resumedRun_repeatsItsLastStepsWithoutDoubling()
    {
        OneRun one;
        for (int pass = 0; pass < 2; ++pass)
            for (std::int64_t step = pass * 50; step < 100 + pass * 20; ++step) {
                one.sink().point({"a", step, static_cast<double>(step)});
                one.sink().event({"checkpoint", 1, step, "saved", ""});
                one.sink().stage({1, events::StageKind::Competence, events::StageState::Running, step, "in", "", ""});
                if (step == 60) must(one.writer->flush());
            }
        one.sink().generation({});
        one.sink().generation({});
        must(one.writer->flush());
        const RunDetail detail = must(one.reader().detail(one.run));
        QCOMPARE(detail.events.size(), std::size_t{120});
        QCOMPARE(detail.stages.size(), std::size_t{1});
        QCOMPARE(detail.stages.front().firstStep, std::int64_t{0});
        QCOMPARE(detail.generations.size(), std::size_t{1});
        QCOMPARE(must(one.reader().series(one.run, "a")).points.size(), std::size_t{120});
    }

    void replacedPoint_keepsItsFirstTimeAndTakesTheNewValue()
    {
        OneRun one;
        one.sink().point({"a", 1, 1.0});
        must(one.writer->flush());
        const double wall = must(one.reader().series(one.run, "a")).points.front().wall;
        one.sink().point({"a", 1, std::nan("")});
        one.sink().point({"a", 1, 7.0});
        must(one.writer->flush());
        const auto points = must(one.reader().series(one.run, "a")).points;
        QCOMPARE(points.size(), std::size_t{1});
        QCOMPARE(points.front().wall, wall);
        QCOMPARE(points.front().value, 7.0);
    }

    void records_becomeVisibleWithoutAFlush()
    {
        OneRun one;
        const StoreReader reader = one.reader();
        const std::int64_t before = must(reader.dataVersion());
        one.sink().point({"a", 1, 1.0});
        QTRY_VERIFY_WITH_TIMEOUT(must(reader.dataVersion()) != before, 2000);
        QCOMPARE(must(reader.series(one.run, "a")).points.size(), std::size_t{1});
    }

    void destructor_commitsWhatIsQueued()
    {
        OneRun one;
        one.sink().point({"a", 1, 1.0});
        one.writer->setState(one.run, RunState::Finished);
        one.writer.reset();
        // A store that nobody uses is one file that can be copied.
        QVERIFY(!std::filesystem::exists(one.path.string() + "-wal"));
        const auto reader = one.reader();
        QCOMPARE(must(reader.series(one.run, "a")).points.size(), std::size_t{1});
        const RunRow run = must(reader.runs()).front();
        QVERIFY(run.state == RunState::Finished && run.endedAt && run.progress == 1);
    }

    void commands_areTakenOnce()
    {
        OneRun one;
        QVERIFY(must(one.writer->takeCommands(one.run)).empty());
        const std::int64_t id = must(one.writer->postCommand(one.run, "stop"));
        const auto commands = must(one.writer->takeCommands(one.run));
        QCOMPARE(commands.size(), std::size_t{1});
        QVERIFY(commands.front().id == id && commands.front().verb == "stop" && commands.front().runId == one.run);
        QVERIFY(must(one.writer->takeCommands(one.run)).empty());
    }

    void unknownCommandOrRun_isBadInputAndStopsNothing()
    {
        OneRun one;
        QCOMPARE(one.writer->postCommand(one.run, "rm -rf").error().kind, ErrorKind::BadInput);
        QCOMPARE(one.writer->postCommand(99, "stop").error().kind, ErrorKind::BadInput);
        QCOMPARE(one.writer->claim(99).error().kind, ErrorKind::BadInput);
        QCOMPARE(one.writer->resumePoint(99).error().kind, ErrorKind::BadInput);
        must(one.writer->flush());
        QVERIFY(!one.writer->failed());
    }

    void claim_isForgottenByCommandsOfThePast()
    {
        OneRun one;
        must(one.writer->postCommand(one.run, "stop")); // for a run that never began: still counts
        must(one.writer->claim(one.run));
        QCOMPARE(must(one.writer->takeCommands(one.run)).size(), std::size_t{1});
        must(one.writer->postCommand(one.run, "stop"));
        must(one.writer->claim(one.run));
        QVERIFY(must(one.writer->takeCommands(one.run)).empty());
    }

    void resumePoint_knowsThePast()
    {
        OneRun one;
        one.sink().stage({1, events::StageKind::Competence, events::StageState::Finished, 10, "i", "o", ""});
        one.sink().generation(fullRecord());
        one.writer->setState(one.run, RunState::Stopped);
        const ResumePoint point = must(one.writer->resumePoint(one.run));
        QVERIFY(point.state == RunState::Stopped && point.seed == 1 && point.stages.size() == 1);
        QCOMPARE(point.generations.front().checkpointHash, std::string("abc"));
        QCOMPARE(point.specToml, spec::canonicalToml(smallExperiment()));
    }

    void pointsOfAnUnknownRun_failLoudly()
    {
        OneRun one;
        one.writer->sink(4711).point({"a", 1, 1.0});
        QVERIFY(!one.writer->flush());
        QVERIFY(one.writer->failed().has_value());
        QVERIFY(!one.writer->flush()); // and stays failed
    }

    void bench_readsEveryPointItWrote()
    {
        const QTemporaryDir folder;
        const auto bench = must(benchStore(folder.path().toStdString() + "/bench.db", {.points = 200'000}));
        qInfo(
            "%.0f rows/s with a reader, %.3f us a point for the caller, poll %.2f ms (worst %.1f), %.1f bytes a point",
            bench.rowsPerSecond, bench.callerMicroseconds, bench.readerPollMilliseconds, bench.worstPollMilliseconds,
            bench.bytesPerPoint);
        QCOMPARE(bench.pointsRead, bench.points);
        QVERIFY(bench.rowsPerSecond > 1000); // far below what is measured: sanitizers and busy machines pass too
        QVERIFY(must(checkStore(folder.path().toStdString() + "/bench.db")).sound());
        QCOMPARE(bench.readPoints, std::int64_t(20'000));
    }
    void bench_spreadsItsPointsOverRuns()
    {
        const QTemporaryDir folder;
        std::int64_t steps = 0;
        const auto bench =
            must(benchStore(folder.path().toStdString() + "/bench.db", {.points = 6000, .runs = 3, .series = 4},
                            [&](std::int64_t step) { QCOMPARE(step, ++steps); }));
        QCOMPARE(steps, std::int64_t(1500));
        QCOMPARE(bench.readPoints, std::int64_t(500));
        QCOMPARE(bench.pointsRead, std::int64_t(2000));
    }
};
GRADUS_SUITE(WriterTest)
#include "writer_test.moc"
