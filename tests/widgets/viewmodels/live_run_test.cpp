// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/figures.h"
#include "viewmodels/generations_model.h"
#include "viewmodels/live_run.h"
#include "viewmodels/values_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

store::RunDetail twoGenerations()
{
    store::RunDetail detail;
    detail.run.id = 1;
    detail.run.state = store::RunState::Running;
    detail.run.startedAt = 1000;
    detail.run.generation = 2;
    detail.run.generations = 4;
    events::GenerationRecord first;
    first.generation = 1;
    first.firstStep = 0;
    first.lastStep = 100;
    first.utility = Estimate{0.69, 0.67, 0.71, 2000};
    events::GenerationRecord second;
    second.generation = 2;
    second.firstStep = 100;
    second.pgrRefusal = "PGR not shown: ceiling minus weak is below 2 SE";
    detail.generations = {first, second};
    using events::StageKind;
    using events::StageState;
    const auto stage = [](int generation, StageKind kind, StageState state, std::int64_t from, std::int64_t to) {
        store::StageRow row;
        row.generation = generation;
        row.kind = kind;
        row.state = state;
        row.firstStep = from;
        row.lastStep = to;
        row.note = state == StageState::Skipped ? "no sandboxed domain configured" : "";
        return row;
    };
    detail.stages = {stage(1, StageKind::Competence, StageState::Finished, 0, 100),
                     stage(1, StageKind::Discovery, StageState::Skipped, 100, 100),
                     stage(1, StageKind::Alignment, StageState::Skipped, 100, 100),
                     stage(1, StageKind::Gap, StageState::Finished, 100, 100),
                     stage(2, StageKind::Competence, StageState::Running, 100, 100)};
    return detail;
}

PointBatch points(const std::string& name, const std::vector<std::pair<std::int64_t, double>>& values, bool fromStart)
{
    PointBatch batch{.runId = 1, .fromStart = fromStart, .newestWall = 0, .series = {}};
    store::SeriesPoints series{.name = name, .points = {}};
    for (const auto& [step, value] : values)
        series.points.push_back({step, 1000 + 0.5 * static_cast<double>(step), value});
    batch.series = {series};
    return batch;
}

} // namespace

class LiveRunTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void generations_areNeverBridged()
    {
        LiveRun run;
        run.setDetail(twoGenerations());
        run.append(points("utility/competence", {{50, 0.6}, {100, 0.69}, {150, 0.55}, {160, 0.57}}, true));
        const Polyline line = run.line("utility/competence", XAxis::Step, 0, 1000, 0);
        QCOMPARE(line.x, QVector<double>({50, 100, 100, 150, 160}));
        QVERIFY(std::isnan(line.y[2]));
        QCOMPARE(run.valueAt("utility/competence", 120), std::nullopt); // no evaluation in generation 2 yet
        QCOMPARE(run.valueAt("utility/competence", 100), 0.69);
        QCOMPARE(run.valueAt("utility/competence", 155), 0.55);
        QCOMPARE(run.valueAt("utility/competence", 10), std::nullopt);
        QCOMPARE(run.generationAt(100), 1);
        QCOMPARE(run.generationAt(101), 2);
    }
    void nan_isAGap()
    {
        LiveRun run;
        run.append(points("train/loss", {{1, 0.5}, {2, std::nan("")}, {3, INFINITY}, {4, 0.4}}, true));
        const Polyline line = run.line("train/loss", XAxis::Step, 0, 10, 0);
        QCOMPARE(line.y.size(), 4);
        QVERIFY(std::isnan(line.y[1]) && std::isnan(line.y[2]));
    }
    void repeatedSteps_replaceTheOldValue()
    {
        LiveRun run;
        run.append(points("train/loss", {{1, 0.5}, {2, 0.4}, {3, 0.3}}, true));
        run.append(points("train/loss", {{2, 0.41}, {3, 0.31}}, false));
        QCOMPARE(run.line("train/loss", XAxis::Step, 0, 10, 0).y, QVector<double>({0.5, 0.41, 0.31}));
        QCOMPARE(run.lastStep(), 3);
    }
    void restart_forgetsOlderPoints()
    {
        LiveRun run;
        run.append(points("train/loss", {{1, 0.5}}, true));
        run.append(points("train/accuracy_clean", {{2, 0.9}}, true));
        QVERIFY(!run.has("train/loss"));
    }
    void wallTime_isSecondsSinceTheStart()
    {
        LiveRun run;
        run.setDetail(twoGenerations());
        run.append(points("train/loss", {{10, 0.5}, {20, 0.4}, {40, 0.3}}, true));
        QCOMPARE(run.xOf(20, XAxis::WallTime), 10.0);
        QCOMPARE(run.xOf(30, XAxis::WallTime), 15.0);
        QCOMPARE(run.stepAt(15, XAxis::WallTime), 30.0);
        QCOMPARE(run.xOf(99, XAxis::WallTime), 20.0); // holds beyond the newest
        QCOMPARE(run.stepAt(run.xOf(37, XAxis::WallTime), XAxis::WallTime), 37.0);
    }
    void thinning_keepsExtremesAndEnds()
    {
        LiveRun run;
        std::vector<std::pair<std::int64_t, double>> values;
        for (int i = 0; i < 100000; ++i)
            values.emplace_back(i, std::sin(i * 0.001));
        values[50001].second = 9;
        values[70001].second = -9;
        run.append(points("train/loss", values, true));
        const Polyline line = run.line("train/loss", XAxis::Step, 0, 100000, 500);
        QVERIFY(line.x.size() <= 1100);
        QVERIFY(line.y.contains(9) && line.y.contains(-9));
        QVERIFY(std::is_sorted(line.x.begin(), line.x.end()));
        const Polyline part = run.line("train/loss", XAxis::Step, 1000, 1100, 500);
        QCOMPARE(part.x.first(), 999.0);
        QCOMPARE(part.x.last(), 1101.0);
    }
    void band_needsBothEnds()
    {
        LiveRun run;
        run.append(points("pgr/ci_low", {{1, 0.1}, {2, 0.2}}, true));
        QVERIFY(run.band("pgr", XAxis::Step).x.isEmpty());
        run.append(points("pgr/ci_high", {{2, 0.4}}, false));
        QCOMPARE(run.band("pgr", XAxis::Step).x, QVector<double>({2}));
        QCOMPARE(run.halfWidthAt("pgr", 5), 0.1);
    }
    void clock_goesOnWithTheBatchAndAsFinelyAsTheDensestSeries()
    {
        LiveRun run;
        run.setDetail(twoGenerations());
        run.append(points("utility/competence", {{50, 0.6}, {100, 0.69}}, true));
        // It came later, has many more points and bends where the other one is straight.
        PointBatch dense = points("train/loss", {}, false);
        for (int step = 1; step <= 400; ++step)
            dense.series[0].points.push_back({step, step <= 200 ? 1000 + 1.0 * step : 1200 + 3.0 * (step - 200), 0.5});
        run.append(dense);
        QCOMPARE(run.xOf(200, XAxis::WallTime), 200.0);
        QCOMPARE(run.xOf(300, XAxis::WallTime), 500.0);
        PointBatch more = points("train/loss", {}, false);
        more.series[0].points.push_back({401, 2000, 0.5});
        run.append(more);
        QCOMPARE(run.xOf(401, XAxis::WallTime), 1000.0);
        // Resumed from step 400: the same step once more, later.
        PointBatch again = points("train/loss", {}, false);
        again.series[0].points.push_back({400, 3000, 0.4});
        run.append(again);
        QCOMPARE(run.xOf(400, XAxis::WallTime), 2000.0);
    }
    void thinning_seesAValueThatWasTakenBack()
    {
        LiveRun run;
        std::vector<std::pair<std::int64_t, double>> values;
        for (int i = 0; i < 20000; ++i)
            values.emplace_back(i, 0.5);
        values[15000].second = 9;
        run.append(points("train/loss", values, true));
        std::vector<std::pair<std::int64_t, double>> again;
        for (int i = 14000; i < 20000; ++i)
            again.emplace_back(i, 0.25);
        run.append(points("train/loss", again, false));
        const Polyline line = run.line("train/loss", XAxis::Step, 0, 20000, 200);
        QVERIFY(!line.y.contains(9));
        QVERIFY(line.y.contains(0.25) && line.y.contains(0.5));
    }
    void stages2And3_lastAsLongAsTheyDidOnTheClock()
    {
        LiveRun run;
        store::RunDetail detail = twoGenerations();
        detail.stages[1].state = events::StageState::Finished;
        detail.stages[1].begunAt = 1060;
        detail.stages[1].endedAt = 1090;
        run.setDetail(detail);
        const StageBand discovery = run.stageBands()[1];
        QCOMPARE(run.secondsOf(*discovery.begunAt), 60.0);
        QCOMPARE(run.secondsOf(*discovery.endedAt), 90.0);
    }
    void stages_showSkippedOnesAndThePlan()
    {
        LiveRun run;
        run.setDetail(twoGenerations());
        run.append(points("train/loss", {{150, 0.5}}, true));
        const std::vector<StageBand> bands = run.stageBands();
        QCOMPARE(bands.size(), 7U); // 1, skipped 2 and 3, 1 running; the rest of G2, G3, G4 planned
        QCOMPARE(bands[1].stage, 2);
        QCOMPARE(bands[1].state, events::StageState::Skipped);
        QCOMPARE(bands[1].note, "no sandboxed domain configured");
        QCOMPARE(bands[3].lastStep, 150.0);
        QVERIFY(bands[4].planned);
        QCOMPARE(bands[4].generation, 2);
        QCOMPARE(bands[6].generation, 4);
        QCOMPARE(run.expectedLastStep(), 400.0);
    }
    void emptyRun_answersEverything()
    {
        const LiveRun run;
        QVERIFY(!run.hasRun() && !run.hasPoints());
        QCOMPARE(run.generationAt(5), 1);
        QVERIFY(run.stageBands().empty());
        QCOMPARE(run.xOf(5, XAxis::WallTime), 0.0);
        QVERIFY(run.line("x", XAxis::Step, 0, 1, 10).x.isEmpty());
    }
    void valuesTable_listsWhatTheRunHas()
    {
        LiveRun run;
        ValuesModel model(run);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.refresh(0);
        QCOMPARE(model.rowCount(), 0);
        run.setDetail(twoGenerations());
        run.append(points("utility/competence", {{50, 0.6}, {90, 0.7}}, true));
        run.append(points("train/loss", {{60, 0.25}}, false));
        model.refresh(55);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, ValuesModel::CursorColumn).data().toString(), "0.600");
        QCOMPARE(model.index(0, ValuesModel::NowColumn).data().toString(), "0.700");
        QCOMPARE(model.index(0, ValuesModel::HalfWidthColumn).data().toString(), "–");
        QCOMPARE(model.index(1, ValuesModel::CursorColumn).data().toString(), "–");
    }
    void generationsTable_refusesPgrWithItsReason()
    {
        GenerationsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRecords(twoGenerations().generations);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, GenerationsModel::UtilityColumn).data().toString(), "0.690");
        QCOMPARE(model.index(0, GenerationsModel::GapColumn).data().toString(), "–");
        QCOMPARE(model.index(1, GenerationsModel::PgrColumn).data().toString(), "–");
        QVERIFY(model.index(1, GenerationsModel::PgrColumn).data(Qt::ToolTipRole).toString().contains("2 SE"));
        model.setRecords({});
        QCOMPARE(model.rowCount(), 0);
    }
    void figures_areWrittenForReaders()
    {
        QCOMPARE(clockText(42.9), "0:42");
        QCOMPARE(clockText(5052), "1:24:12");
        QVERIFY(plainToolTip(std::string("a <b>bold</b> word")).contains("&lt;b&gt;"));
        QCOMPARE(plainToolTip(std::string("a < b")), "a < b");
        QCOMPARE(countText(1234), "1.2k");
        QCOMPARE(countText(203000), "203k");
        QCOMPARE(countText(999), "999");
        QCOMPARE(countText(14'000'000'000), "14B");
    }
};
GRADUS_SUITE(LiveRunTest)
#include "live_run_test.moc"
