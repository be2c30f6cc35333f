// SPDX-License-Identifier: GPL-3.0-or-later
// From the source's steps and names to ours: what is planned is what will be written.
#include "import_support.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::imports;
using namespace gradus::tests;

namespace {

/// One run whose metric "m" counts micro-batches: 0, 8, 16, ... with an epoch beside it.
ForeignSource microBatches()
{
    ForeignRun run{.name = "calm", .project = "p", .key = "k"};
    ForeignSeries metric{.name = "m"};
    ForeignSeries epoch{.name = "epoch"};
    for (std::int64_t i = 0; i < 10; ++i) {
        metric.points.push_back({8 * i, 0, 0.1 * static_cast<double>(i)});
        if (i != 9) epoch.points.push_back({8 * i, 0, std::floor(static_cast<double>(i) / 3)});
    }
    run.series = {metric, epoch};
    return {.format = "W&B export", .stepName = "_step", .stepsMayGoBack = false, .runs = {run}};
}

ForeignRun runWith(const std::string& name, std::vector<std::pair<std::string, std::string>> parameters)
{
    ForeignRun run{.name = name, .project = "p", .key = name, .parameters = std::move(parameters)};
    run.series = {{.name = "m", .points = {{0, 0, 1.0}}}};
    return run;
}

void expectRefusal(const ForeignSource& source, const MappingOptions& options, const char* mustSay)
{
    const auto plan = planImport(source, "f", options);
    QVERIFY2(!plan, mustSay);
    QVERIFY2(plan.error().kind == ErrorKind::BadInput, plan.error().message.c_str());
    QVERIFY2(plan.error().message.find(mustSay) != std::string::npos, plan.error().message.c_str());
}

} // namespace

class MappingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stepsArePutInOurUnits()
    {
        const ImportPlan plan = must(planImport(microBatches(), "f", {.perStep = 8, .startsAt = 100}));
        const auto& points = plan.runs.at(0).series.at(0).points;
        QCOMPARE(points.size(), std::size_t{10});
        for (std::size_t i = 0; i < points.size(); ++i)
            QCOMPARE(points[i].step, static_cast<std::int64_t>(100 + i));
        QCOMPARE(plan.axis, std::string("_step 72 becomes step 109"));
        QCOMPARE(plan.points(), std::int64_t{19});
    }
    void anotherSeriesMayBeTheAxis()
    {
        const ImportPlan plan = must(planImport(microBatches(), "f", {.step = "epoch"}));
        QCOMPARE(plan.series.size(), std::size_t{1}); // the axis is no series then
        QCOMPARE(plan.series[0].offAxis, std::int64_t{1});
        QCOMPARE(plan.series[0].repeated, std::int64_t{6});
        const auto& points = plan.runs.at(0).series.at(0).points;
        QCOMPARE(points.size(), std::size_t{3});
        QCOMPARE(points[1].step, std::int64_t{1});
        QCOMPARE(points[1].value, 0.5); // the last of the epoch counts
        QVERIFY(plan.notes.size() == 1);
        expectRefusal(microBatches(), {.step = "tokens"}, "it has \"_step\", \"m\", \"epoch\"");
    }
    void anAxisThatGoesBack_isRefusedInATableAndSortedInALog()
    {
        ForeignSource source = microBatches();
        std::swap(source.runs[0].series[0].points[3], source.runs[0].series[0].points[6]);
        expectRefusal(source, {}, "goes back from 48 to 32");
        source.stepsMayGoBack = true;
        QCOMPARE(must(planImport(source, "f", {})).runs[0].series[0].points[3].step, std::int64_t{24});
        ForeignSource back = microBatches();
        back.runs[0].series[1].points[4].value = 0;
        back.runs[0].series[1].points[3].value = 1;
        expectRefusal(back, {.step = "epoch"}, "goes back from 1 to 0");
        back.runs[0].series[1].points[3].value = std::nan("");
        expectRefusal(back, {.step = "epoch"}, "is no number");
    }
    void namesAreTheFieldsOrTheUsers()
    {
        QCOMPARE(ourName("train_loss"), std::string("train/loss"));
        QCOMPARE(ourName("eval/acc"), std::string("test/accuracy"));
        QCOMPARE(ourName("grad_norm"), std::string("grad_norm"));
        QCOMPARE(ourName("<img src=x>\x1b[31m"), std::string("_img src=x_\\x1b[31m"));
        ImportPlan plan =
            must(planImport(microBatches(), "f", {.names = {{"m", "utility/competence"}, {"epoch", ""}}}));
        QCOMPARE(plan.series[0].becomes, std::string("utility/competence"));
        QVERIFY(plan.series[1].becomes.empty());
        QCOMPARE(plan.runs[0].series.size(), std::size_t{1});
        expectRefusal(microBatches(), {.names = {{"m", "x"}, {"epoch", "x"}}}, "would become x");
        expectRefusal(microBatches(), {.names = {{"other", "x"}}}, "no series \"other\"");
        expectRefusal(microBatches(), {.names = {{"m", ""}, {"epoch", ""}}}, "leaves no point");
    }
    void seedsAndConditions_comeFromParametersAndNames()
    {
        ForeignSource source{.format = "MLflow"};
        source.runs = {runWith("calm-1", {{"lr", "0.1"}, {"seed", "1"}, {"depth", "4"}}),
                       runWith("wild-2", {{"lr", "0.1"}, {"seed", "2"}, {"depth", "4"}}),
                       runWith("mild-3", {{"lr", "0.2"}, {"seed", "1"}, {"depth", "4"}})};
        auto runs = must(planImport(source, "f", {})).runs;
        QCOMPARE(runs[0].condition, std::string("lr = 0.1"));
        QCOMPARE(runs[1].condition, std::string("lr = 0.1"));
        QCOMPARE(runs[1].seed, std::int64_t{2});
        QCOMPARE(runs[2].condition, std::string("lr = 0.2"));
        source.runs = {runWith("small-seed1", {}), runWith("small-seed2", {}), runWith("large_s7", {}),
                       runWith("gpt2", {})};
        runs = must(planImport(source, "f", {})).runs;
        QCOMPARE(runs[0].condition, std::string("small"));
        QCOMPARE(runs[1].condition, std::string("small"));
        QCOMPARE(runs[1].seed, std::int64_t{2});
        QCOMPARE(runs[2].condition, std::string("large"));
        QCOMPARE(runs[2].seed, std::int64_t{7});
        QCOMPARE(runs[3].condition, std::string("gpt2"));
        // Two that are alike in everything are not one run repeated.
        source.runs = {runWith("calm", {{"lr", "1"}}), runWith("wild", {{"lr", "1"}})};
        runs = must(planImport(source, "f", {})).runs;
        QVERIFY(runs[0].condition != runs[1].condition);
    }
    void theSameRun_hasTheSameUuid()
    {
        const auto first = must(planImport(microBatches(), "f", {})).runs[0].uuid;
        QCOMPARE(must(planImport(microBatches(), "elsewhere", {.perStep = 8})).runs[0].uuid, first);
        QCOMPARE(first.size(), std::size_t{36});
        QCOMPARE(first[14], '8');
        ForeignSource other = microBatches();
        other.runs[0].key = "k2";
        QVERIFY(must(planImport(other, "f", {})).runs[0].uuid != first);
    }
    void sentence_tellsTheNumbersThatAreWritten()
    {
        ForeignSource source = microBatches();
        source.runs[0].series[0].points[2].value = std::nan("");
        QCOMPARE(sentenceOf(must(planImport(source, "f", {}))),
                 std::string("Dry run: 1 run, 2 series, 19 points, 1 NaN kept."));
    }
};
GRADUS_SUITE(MappingTest)
#include "mapping_test.moc"
