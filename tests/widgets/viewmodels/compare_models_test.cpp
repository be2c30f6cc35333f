// SPDX-License-Identifier: GPL-3.0-or-later
// The models behind Compare: eyes, table, diff; and curves of runs that differ in length, alignment and gaps.
#include "support/suite.h"

#include "viewmodels/compare_curves.h"
#include "viewmodels/comparison_table_model.h"
#include "viewmodels/contrast_list.h"
#include "viewmodels/curves_text.h"
#include "viewmodels/diff_model.h"
#include "viewmodels/run_choice_model.h"
#include "viewmodels/sweep_grid.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

store::RunRow rowOf(std::int64_t id, const std::string& experiment, const std::string& condition, std::int64_t seed)
{
    store::RunRow row;
    row.id = id;
    row.uuid = "run-" + std::to_string(id);
    row.experimentName = experiment;
    row.experimentHash = "hash of " + experiment;
    row.condition = condition;
    row.seed = seed;
    row.state = store::RunState::Finished;
    row.progress = 1;
    return row;
}

/// Two generations of `length` steps each; utility at every tenth step is `level` plus the step's share.
compare::ComparedRun runOf(std::int64_t id, const std::string& controller, std::int64_t seed, double level,
                           std::int64_t length)
{
    spec::Experiment experiment;
    experiment.experiment.name = "compare";
    experiment.experiment.seeds = {seed};
    experiment.gap.controller = controller;
    store::RunDetail detail;
    detail.run = rowOf(id, "compare", "gap.controller = " + controller, seed);
    detail.specToml = spec::canonicalToml(experiment);
    store::SeriesPoints utility{"utility/competence", {}};
    for (int generation = 1; generation <= 2; ++generation) {
        events::GenerationRecord record;
        record.generation = generation;
        record.firstStep = (generation - 1) * length;
        record.lastStep = generation * length;
        record.utility = Estimate{level + generation * 0.1, level, level + 0.3, 100};
        record.imitation = Estimate{0.5 - 0.1 * generation, 0.3, 0.6, 50};
        if (generation == 2) record.gap = 0.5;
        detail.generations.push_back(record);
        for (std::int64_t step = record.firstStep + length / 10; step <= *record.lastStep; step += length / 10)
            utility.points.push_back({step, 0, level + 0.001 * static_cast<double>(step)});
    }
    return compare::comparedRun(std::move(detail), {utility, {"gap/delta", {{length, 0, 0.5}}}});
}

ComparedData dataOf(std::vector<compare::ComparedRun> runs)
{
    ComparedData data;
    data.runs = std::move(runs);
    data.grouping = compare::grouped(data.runs);
    for (int i = 0; i < static_cast<int>(data.grouping.groups.size()); ++i)
        data.styles.append(i);
    return data;
}

} // namespace

class CompareModelsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void choice_isOfRunsAndGroups()
    {
        RunsModel runs;
        runs.setRows({rowOf(3, "sweep", "b", 1), rowOf(2, "sweep", "a", 2), rowOf(1, "sweep", "a", 1)});
        RunChoiceModel choice(runs);
        const QAbstractItemModelTester tester(&choice, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy changed(&choice, &RunChoiceModel::chosenChanged);
        choice.setChosen({1});
        const QModelIndex a = choice.index(0, 0);
        QCOMPARE(a.data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
        QVERIFY(choice.setData(a, Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(choice.chosen(), (QSet<std::int64_t>{1, 2}));
        QVERIFY(choice.setData(choice.index(1, 0, a), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(choice.chosen(), (QSet<std::int64_t>{1}));
        QCOMPARE(changed.size(), 3);
        runs.setRows({rowOf(4, "sweep", "b", 2), rowOf(3, "sweep", "b", 1), rowOf(1, "sweep", "a", 1)});
        QCOMPARE(choice.chosen(), (QSet<std::int64_t>{1}));
    }
    void usualChoice_isTheNewestExperimentThatMeasured()
    {
        store::RunRow fresh = rowOf(5, "new", "", 1);
        QVector<store::RunRow> rows{fresh, rowOf(2, "old", "", 2), rowOf(1, "old", "", 1)};
        QCOMPARE(usualChoice(rows), (QSet<std::int64_t>{5}));
        rows[1].lastUtility = rows[2].lastUtility = 0.5;
        QCOMPARE(usualChoice(rows), (QSet<std::int64_t>{1, 2}));
        QVERIFY(usualChoice({}).isEmpty());
    }
    void tableModel_sortsWithWhatIsMissingLast()
    {
        auto runs =
            std::vector{runOf(1, "fixed", 1, .2, 100), runOf(2, "schedule", 1, .4, 100), runOf(3, "jump", 1, .3, 100)};
        runs[1].detail.generations.clear();
        const ComparedData data = dataOf(runs);
        ComparisonTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setTable(compare::comparisonTable(data.runs, data.grouping, {.byRun = true}), data.styles);
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            model.sort(ComparisonTableModel::FirstMetric, order);
            QCOMPARE(model.index(2, 0).data().toString(), QStringLiteral("schedule, seed 1"));
            QCOMPARE(model.index(0, 0).data().toString(),
                     order == Qt::AscendingOrder ? QStringLiteral("fixed, seed 1") : QStringLiteral("jump, seed 1"));
            QCOMPARE(model.shownTable().rows[2].label, std::string("gap.controller = schedule"));
        }
        QCOMPARE(model.index(2, ComparisonTableModel::FirstMetric).data().toString(), QStringLiteral("–"));
        QCOMPARE(model.index(0, ComparisonTableModel::FirstMetric).data(ComparisonTableModel::HeatRole).toDouble(),
                 1.0);
    }
    void intervalCutWhereAShareEnds_isToldByItsEnds()
    {
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .79, 100), runOf(2, "fixed", 2, .75, 100),
                                          runOf(3, "jump", 1, .31, 100), runOf(4, "jump", 2, .311, 100)});
        ComparisonTableModel model;
        model.setTable(compare::comparisonTable(data.runs, data.grouping, {}), data.styles);
        const auto interval = [&](int row) {
            return model.index(row, ComparisonTableModel::FirstMetric)
                .data(ComparisonTableModel::IntervalRole)
                .toString();
        };
        QVERIFY2(interval(0).contains(QStringLiteral(", 1.000]")), qPrintable(interval(0)));
        QVERIFY2(interval(1).contains(QStringLiteral("± 0.006")), qPrintable(interval(1)));
    }
    void contrasts_areRowsBelowThatStayWhereTheyAre()
    {
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .21, 100), runOf(2, "fixed", 2, .24, 100),
                                          runOf(3, "jump", 1, .31, 100), runOf(4, "jump", 2, .32, 100),
                                          runOf(5, "schedule", 1, .41, 100), runOf(6, "schedule", 2, .46, 100)});
        ComparisonTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        compare::TableOptions options;
        options.contrasts = {{2, 1}};
        const auto table = compare::comparisonTable(data.runs, data.grouping, options);
        model.setTable(table, {4, 5, 6});
        QCOMPARE(model.rowCount(), 4);
        const auto cell = [&](int column, int role = Qt::DisplayRole) { return model.index(3, column).data(role); };
        QCOMPARE(cell(0).toString(), QStringLiteral("schedule minus jump"));
        QCOMPARE(cell(0, ComparisonTableModel::MinusRole).toString(), QStringLiteral("minus jump"));
        QCOMPARE(cell(0, ComparisonTableModel::StyleRole).toInt(), 6);
        QCOMPARE(cell(0, ComparisonTableModel::MinusStyleRole).toInt(), 5);
        QCOMPARE(cell(1).toString(), QStringLiteral("2 pairs"));
        QCOMPARE(cell(2).toString(), QStringLiteral("+0.120")); // (.10 + .14) / 2
        QVERIFY(
            cell(2, ComparisonTableModel::IntervalRole).toString().contains(QStringLiteral("± 0.254"))); // 12.706 x .02
        QCOMPARE(cell(2, ComparisonTableModel::DifferenceRole).toString(),
                 QStringLiteral("p ") + pText(*table.contrasts[0].cells[0].p));
        QVERIFY(cell(2, Qt::ToolTipRole).toString().startsWith(QStringLiteral("schedule minus jump +0.120 [")));
        QVERIFY(!cell(2, ComparisonTableModel::BestRole).toBool() &&
                !cell(2, ComparisonTableModel::HeatRole).isValid());
        const QPersistentModelIndex kept = model.index(3, 2);
        model.sort(ComparisonTableModel::FirstMetric, Qt::DescendingOrder);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("schedule"));
        QCOMPARE(cell(0).toString(), QStringLiteral("schedule minus jump"));
        QCOMPARE(kept.row(), 3);
        QCOMPARE(model.shownTable().contrasts.size(), std::size_t(1));
        QVERIFY(model.index(0, 0).data(ComparisonTableModel::MinusRole).toString().isEmpty());
    }
    void entries_areTheFilesAndThenWhatWasAdded()
    {
        ComparedData data =
            dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "jump", 1, .3, 100), runOf(3, "schedule", 1, .4, 100)});
        data.asked = {.contrasts = {{2, 1}}, .absent = {"pi minus jump"}};
        const std::string jump = compare::typedText({1, 2}, data.grouping);
        const auto entries = contrastEntries(data, {jump, "nobody=jump", compare::typedText({2, 1}, data.grouping)});
        QCOMPARE(entries.size(), 4); // what a file asks for stands once
        QVERIFY(entries[0].typed.empty() && entries[0].contrast == (compare::Contrast{2, 1}));
        QVERIFY(!entries[1].contrast && entries[1].typed.empty());
        QCOMPARE(entries[2].label, QStringLiteral("jump minus schedule"));
        QVERIFY(!entries[3].contrast && entries[3].typed == "nobody=jump");
        QCOMPARE(askedOf(entries).contrasts, (std::vector<compare::Contrast>{{2, 1}, {1, 2}}));
        QCOMPARE(askedOf(entries).absent, (std::vector<std::string>{"pi minus jump", "nobody=jump"}));
        QCOMPARE(againstOptions(entries), QStringList{QStringLiteral("--against=") + QString::fromStdString(jump)});
    }
    void diffModel_filtersAndNeverShowsControlCharacters()
    {
        DiffModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setKeys({{"task", "task.name", {"\"a\x1b[2J\"", "\"b\""}, {"\"a\x1b[2J\"", "\"b\""}, true},
                       {"gap", "gap.value", {"1", "1"}, {"1", "1"}, false}},
                      {"A", "B"}, 0, {});
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(!model.index(0, 1).data().toString().contains(QChar(0x1b)));
        QVERIFY(model.index(0, 2).data(DiffModel::ChangedRole).toBool());
        QVERIFY(!model.index(0, 1).data(DiffModel::ChangedRole).toBool());
        model.setDifferencesOnly(false);
        QCOMPARE(model.rowCount(), 2);
        model.setSearch("VALUE");
        QCOMPARE(model.rowCount(), 1);
    }
    void curves_breakBetweenGenerationsAndCountEveryRun()
    {
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "fixed", 2, .4, 100)});
        const ComparedCurves curves = comparedCurves(data, {});
        QCOMPARE(curves.series.size(), 2);
        const GroupCurve& group = curves.series[0].groups[0];
        const auto place = std::find(group.curve.x.begin(), group.curve.x.end(), 100.5) - group.curve.x.begin();
        QVERIFY(place < static_cast<std::ptrdiff_t>(group.curve.x.size()));
        QVERIFY(std::isnan(group.curve.centre[static_cast<std::size_t>(place)]));
        QVERIFY(std::abs(group.curve.centre.back() - (0.3 + 0.2)) < 1e-12);
        QCOMPARE(group.curve.n.back(), 2);
        QCOMPARE(group.ends, (QVector<double>{100, 200}));
        QCOMPARE(curves.boundaries, (QVector<double>{0, 100}));
        QVERIFY(curves.series[1].holds);
    }
    void alignment_laysRunsOfDifferentLengthOverEachOther()
    {
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "fixed", 2, .2, 200)});
        QVERIFY(comparedCurves(data, {}).boundaries.isEmpty());
        for (const Alignment alignment : {Alignment::ShareOfRun, Alignment::Generation}) {
            CurveOptions options;
            options.alignment = alignment;
            const ComparedCurves curves = comparedCurves(data, options);
            const auto& curve = curves.series[0].groups[0].curve;
            QCOMPARE(curve.x.back(), alignment == Alignment::ShareOfRun ? 100.0 : 3.0);
            QCOMPARE(curve.n.back(), 2);
            QCOMPARE(curves.boundaries.size(), 2);
        }
        QCOMPARE(alignedX(data.runs[1], 300, Alignment::Generation), 2.5);
    }
    void differences_pairBySeedOrSubtractMeans()
    {
        CurveOptions options;
        options.difference = true;
        const ComparedData paired = dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "fixed", 2, .4, 100),
                                            runOf(3, "jump", 1, .3, 100), runOf(4, "jump", 2, .5, 100)});
        const auto& together = comparedCurves(paired, options).series[0].groups[0];
        QCOMPARE(together.group, 1);
        QCOMPARE(together.runs.size(), 2);
        QVERIFY2(together.curve.high.back() - together.curve.low.back() < 1e-9, "seeds cancel");
        const ComparedData apart = dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "fixed", 2, .4, 100),
                                           runOf(3, "jump", 8, .3, 100), runOf(4, "jump", 9, .5, 100)});
        const auto& unpaired = comparedCurves(apart, options).series[0].groups[0];
        QVERIFY(unpaired.runs.isEmpty());
        QVERIFY(std::abs(unpaired.curve.centre.back() - 0.1) < 1e-12);
        QVERIFY(unpaired.curve.high.back() - unpaired.curve.low.back() > 0.1);
    }
    /// Programs and word problems start .5 apart: less the other task's small gap a curve says which task is harder.
    void differences_subtractTheBaselineOfTheirOwnTask()
    {
        std::vector<compare::ComparedRun> runs;
        std::int64_t id = 0;
        for (const char* task : {"builtin:registers/code", "builtin:registers/math"})
            for (const char* controller : {"fixed", "jump"})
                for (const std::int64_t seed : {1, 2}) {
                    const bool math = std::string(task) == "builtin:registers/math";
                    compare::ComparedRun run =
                        runOf(++id, controller, seed, (math ? .2 : .7) + (controller[0] == 'j' ? .1 : 0), 100);
                    spec::Experiment experiment = *run.spec;
                    experiment.task.name = task;
                    run.detail.run.condition = std::string(task) + ", " + controller;
                    run.detail.specToml = spec::canonicalToml(experiment);
                    runs.push_back(compare::comparedRun(std::move(run.detail), std::move(run.series)));
                }
        const ComparedData data = dataOf(std::move(runs));
        QCOMPARE(data.grouping.groups.size(), std::size_t(4));
        CurveOptions options;
        options.difference = true;
        const ComparedCurves curves = comparedCurves(data, options);
        QCOMPARE(curves.baselines, (QVector<int>{0, 2}));
        const QVector<GroupCurve>& drawn = curves.series[0].groups;
        QCOMPARE(drawn.size(), 2); // the baselines are the zero line
        QCOMPARE(drawn[0].group, 1);
        QCOMPARE(drawn[0].against, 0);
        QCOMPARE(drawn[1].group, 3);
        QCOMPARE(drawn[1].against, 2);
        for (const GroupCurve& curve : drawn)
            QVERIFY2(std::abs(curve.curve.centre.back() - .1) < 1e-12,
                     qPrintable(QString::number(curve.curve.centre.back())));
        const std::string text = provenanceOf(data, options, "1");
        QVERIFY2(text.find(" or ") != std::string::npos && text.find(", each its own") != std::string::npos,
                 text.c_str());
    }
    void nanPoints_areGaps()
    {
        compare::ComparedRun run = runOf(1, "fixed", 1, .2, 100);
        run.series[0].points[3].value = kNan;
        const auto curve = comparedCurves(dataOf({run}), {}).series[0].groups[0].curve;
        QVERIFY(std::isnan(curve.centre[3]) && curve.n[3] == 0);
    }
    void smoothing_beginsAnewInEachGeneration_inEveryKind()
    {
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .2, 100)});
        const auto raw = traceOf(data.runs[0], "utility/competence", {});
        const auto beginning = static_cast<double>(data.runs[0].detail.generations[1].firstStep);
        for (const SmoothingKind kind : {SmoothingKind::Ema, SmoothingKind::TimeEma, SmoothingKind::Gaussian,
                                         SmoothingKind::Mean, SmoothingKind::Median}) {
            compare::ComparedRun run = data.runs[0];
            CurveOptions options;
            options.smoothing = {kind, 50};
            const auto before = traceOf(run, "utility/competence", options);
            QCOMPARE(before.x, raw.x);
            // What the first generation was is of no meaning for the second one.
            for (store::PointRow& point : run.series[0].points)
                if (static_cast<double>(point.step) <= beginning) point.value = 100;
            const auto after = traceOf(run, "utility/competence", options);
            int compared = 0;
            for (std::size_t i = 0; i < after.x.size(); ++i) {
                if (after.x[i] <= beginning + 0.5) continue;
                QCOMPARE(after.y[i], before.y[i]);
                ++compared;
            }
            QVERIFY(compared > 0);
        }
    }
    void provenance_namesRunsAndWhatWasDone()
    {
        CurveOptions options;
        options.smoothing = {SmoothingKind::Ema, 60};
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "jump", 1, .4, 100)});
        const std::string text = provenanceOf(data, options, "1.2.3");
        QVERIFY2(text.find("Gradus 1.2.3; mean, 95 % t interval over runs; x: training step; smoothing: EMA 0.60") == 0,
                 text.c_str());
        QVERIFY(text.find("gap.controller = jump: runs run-2") != std::string::npos);
    }
    void plane_followsGenerations()
    {
        const ComparedData data = dataOf({runOf(1, "fixed", 1, .2, 100), runOf(2, "fixed", 2, .4, 100)});
        const auto groups =
            planeOf(data, *compare::findFinalMetric("imitation/rate"), *compare::findFinalMetric("utility/competence"));
        QCOMPARE(groups.size(), 1);
        QCOMPARE(groups[0].points.size(), 2);
        QCOMPARE(groups[0].path.size(), 2);
        QVERIFY(std::abs(groups[0].path[0].y() - 0.4) < 1e-12);
        QVERIFY(std::abs(groups[0].path[1].x() - 0.3) < 1e-12);
        QVERIFY(std::abs(groups[0].mean->y() - 0.5) < 1e-12);
    }
};
GRADUS_SUITE(CompareModelsTest)
#include "compare_models_test.moc"
