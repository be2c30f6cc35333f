// SPDX-License-Identifier: GPL-3.0-or-later
// Which keys differ, which of them no sweep asked for, and how far drawn schedules lie apart.
#include "compare/diff_text.h"
#include "compare/run_origins.h"
#include "compare/spec_diff.h"

#include "support/compared_runs.h"

#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

namespace {

const DiffRow* rowOf(const std::vector<DiffRow>& rows, const std::string& key)
{
    for (const DiffRow& row : rows)
        if (row.key == key) return &row;
    return nullptr;
}

schedule::Curve line(double from, double to)
{
    return {{{.x = 0, .y = from, .interpolation = schedule::Interpolation::Linear}, {.x = 1, .y = to}}};
}

} // namespace

class SpecDiffTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKeyIsThere_andThoseThatDifferSaySo()
    {
        const std::vector<ComparedRun> runs{comparedRun("fixed", 1, .8, .5), comparedRun("schedule", 1, .8, .5),
                                            comparedRun("schedule", 2, .8, .5)};
        const auto rows = specDiff(runs, grouped(runs));
        const DiffRow* controller = rowOf(rows, "gap.controller");
        QVERIFY(controller && controller->differs);
        QCOMPARE(controller->section, std::string("gap"));
        QCOMPARE(controller->values, (std::vector<std::string>{"\"fixed\"", "\"schedule\""}));
        QVERIFY(!rowOf(rows, "training.epochs")->differs);
        QCOMPARE(rowOf(rows, "gap.curve")->brief[0], std::string("0.3 to 0.9, 2 keys"));
        QCOMPARE(rowOf(rows, "gap.controller")->brief, controller->values);
        QVERIFY2(rowOf(rows, "experiment.seeds") == nullptr, "seeds make runs of a group, not groups");
    }
    void sources_areSpreadIntoTheirFields()
    {
        const auto with = [](double rate, bool second) {
            return [=](spec::Experiment& experiment) {
                spec::SignalSource source{.name = "noisy", .kind = "synthetic"};
                source.rate = rate;
                experiment.signals.sources = {source};
                if (second) experiment.signals.sources.push_back({.name = "truth", .kind = "truth"});
            };
        };
        const std::vector<ComparedRun> runs{comparedRun("fixed", 1, .8, .5, with(.1, false)),
                                            comparedRun("schedule", 1, .8, .5, with(.3, true))};
        const auto rows = specDiff(runs, grouped(runs));
        QCOMPARE(rowOf(rows, "signals.source[0].rate")->values, (std::vector<std::string>{"0.1", "0.3"}));
        QVERIFY(!rowOf(rows, "signals.source[0].name")->differs);
        QCOMPARE(rowOf(rows, "signals.source[1].kind")->values, (std::vector<std::string>{"", "\"truth\""}));
        QVERIFY2(rowOf(rows, "signals.source[0].lean") == nullptr, "what no source sets is no row");
    }
    void text_keepsWholeValuesAndEscapesNames()
    {
        const std::vector<ComparedRun> runs{comparedRun("fixed", 1, .8, .5), comparedRun("schedule", 1, .8, .5)};
        compare::DiffTable table{.groups = {"=cmd|a", "b_c & d"}, .keys = {}, .origins = {}};
        for (const DiffRow& row : specDiff(runs, grouped(runs)))
            if (row.key == "gap.controller" || row.key == "gap.curve") table.keys.push_back(row);
        DiffRow missing{"x", "x.only", {"", "2"}, {"", "2"}, true};
        table.keys.push_back(missing);
        for (const compare::OriginRow& row : origins(runs, grouped(runs)))
            table.origins.push_back({{}, row.name, row.values, row.values, row.differs});
        const std::string csv = compare::textOf(table, compare::TextFormat::Csv);
        QVERIFY2(csv.find("part,key,differs,'=cmd|a,b_c & d\n") == 0, csv.c_str());
        QVERIFY(csv.find("configuration,gap.controller,yes,\"\"\"fixed\"\"\",\"\"\"schedule\"\"\"\n") !=
                std::string::npos);
        QVERIFY(csv.find("configuration,x.only,yes,,2\n") != std::string::npos);
        QVERIFY(csv.find("\nmade of,configuration,yes,") != std::string::npos);
        QVERIFY2(csv.find("0.3 to 0.9, 2 keys") == std::string::npos, "CSV has the curve, not its summary");
        const std::string markdown = compare::textOf(table, compare::TextFormat::Markdown);
        QVERIFY2(markdown.find("| =cmd\\|a | b\\_c & d |") != std::string::npos, markdown.c_str());
        QVERIFY(markdown.find("0.3 to 0.9, 2 keys") != std::string::npos);
        QVERIFY(markdown.find("| x.only | – | 2 |") != std::string::npos);
        const std::string latex = compare::textOf(table, compare::TextFormat::Latex);
        QVERIFY2(latex.find("b\\_c \\& d") != std::string::npos, latex.c_str());
        const std::string json = compare::textOf(table, compare::TextFormat::Json);
        QVERIFY2(json.find("null") != std::string::npos, json.c_str());
    }
    void keysThatNoSweepVaried_areConfounds()
    {
        std::vector<ComparedRun> runs{
            comparedRun("fixed", 1, .8, .5), comparedRun("schedule", 1, .8, .5),
            comparedRun("schedule", 1, .8, .5, [](spec::Experiment& e) { e.training.epochs = 9; })};
        for (ComparedRun& run : runs)
            run.detail.run.experimentHash = "first";
        runs[2].detail.run.experimentHash = "second";
        QCOMPARE(confounds(runs, grouped(runs)), (std::vector<std::string>{"training.epochs"}));
    }
    void tracks_areRankedByTheAreaBetweenThem()
    {
        const auto drawn = [](double to, double weight) {
            return [=](spec::Experiment& experiment) {
                experiment.gap.curve = line(0.4, to);
                spec::SignalSource source{.name = "noisy", .kind = "synthetic"};
                source.weight = line(weight, weight);
                experiment.signals.sources = {source};
            };
        };
        const std::vector<ComparedRun> runs{comparedRun("schedule", 1, .8, .5, drawn(0.4, 1)),
                                            comparedRun("schedule", 2, .8, .5, drawn(0.8, 0.4))};
        const auto tracks = drawnTracks(runs, grouped(runs));
        QCOMPARE(tracks.size(), std::size_t(2));
        const auto ranked = rankedTracks(tracks, 0, 1);
        QCOMPARE(ranked.size(), std::size_t(2));
        QCOMPARE(tracks[ranked[0].track].name, std::string("weight: noisy"));
        QVERIFY(std::abs(ranked[0].signedArea + 60) < 1e-9);
        QCOMPARE(ranked[0].from, 0.0);
        QCOMPARE(ranked[0].to, 1.0);
        // The gap rises by .4 over the run: .2 on average; over half of its largest tenth from 50 % on.
        const double range = tracks[ranked[1].track].most - tracks[ranked[1].track].least;
        QVERIFY(std::abs(ranked[1].signedArea - 100 * 0.2 / range) < 1e-9);
        QCOMPARE(ranked[1].from, 0.5);
        QCOMPARE(ranked[1].to, 1.0);
        QVERIFY(rankedTracks(tracks, 0, 0).empty());
    }
    void crossingCurves_cancelInTheSignedAreaAlone()
    {
        const std::vector<ComparedRun> runs{
            comparedRun("schedule", 1, .8, .5, [](spec::Experiment& e) { e.gap.curve = line(0.2, 0.8); }),
            comparedRun("schedule", 2, .8, .5, [](spec::Experiment& e) { e.gap.curve = line(0.8, 0.2); })};
        const auto ranked = rankedTracks(drawnTracks(runs, grouped(runs)), 0, 1);
        QCOMPARE(ranked.size(), std::size_t(1));
        QVERIFY(std::abs(ranked[0].signedArea) < 1e-9);
        QVERIFY(ranked[0].absoluteArea > 1);
    }
    void measuringControllers_drawNoGap()
    {
        const std::vector<ComparedRun> runs{comparedRun("fixed", 1, .8, .5), comparedRun("pi", 1, .8, .5)};
        const auto tracks = drawnTracks(runs, grouped(runs));
        QVERIFY(tracks[0].curves[0].has_value());
        QVERIFY(!tracks[0].curves[1].has_value());
        QVERIFY(rankedTracks(tracks, 0, 1).empty());
    }
    void origins_tellSharedFromSeedBySeed()
    {
        std::vector<ComparedRun> runs{comparedRun("fixed", 1, .8, .5), comparedRun("fixed", 2, .8, .5),
                                      comparedRun("schedule", 1, .8, .5)};
        for (ComparedRun& run : runs) {
            store::StageRow stage;
            stage.inputHash = "data";
            run.detail.stages = {stage};
            run.detail.generations[0].checkpointHash = "weights" + std::to_string(run.detail.run.seed);
        }
        const auto rows = origins(runs, grouped(runs));
        const auto find = [&](const std::string& name) {
            return *std::find_if(rows.begin(), rows.end(), [&](const OriginRow& row) { return row.name == name; });
        };
        QVERIFY(!find("input of generation 1").differs);
        QCOMPARE(find("weights of generation 1").values,
                 (std::vector<std::string>{"varies with the seed", "weights1"}));
        QVERIFY(find("configuration").differs);
        QCOMPARE(find("configuration").values[0].size(), std::size_t(64));
    }
};
GRADUS_SUITE(SpecDiffTest)
#include "spec_diff_test.moc"
