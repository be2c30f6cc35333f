// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_settings.h"
#include "support/suite.h"
#include "viewmodels/runs_model.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <ctime>

using namespace gradus::viewmodels;
using gradus::store::RunRow;
using gradus::store::RunState;

namespace {

RunRow run(std::int64_t id, const std::string& experiment, const std::string& condition, std::int64_t seed)
{
    RunRow row;
    row.id = id;
    row.uuid = "uuid-" + std::to_string(id);
    row.experimentName = experiment;
    row.experimentHash = "hash of " + experiment;
    row.condition = condition;
    row.seed = seed;
    row.state = RunState::Finished;
    row.lastUtility = 0.5 + 0.01 * static_cast<double>(seed);
    row.utilityHistory = {0.4, 0.5};
    row.generations = 4;
    return row;
}

/// Newest first, as a reader sends them.
QVector<RunRow> twoExperiments()
{
    QVector<RunRow> rows;
    std::int64_t id = 0;
    for (const std::string experiment : {"old", "new"})
        for (const std::string condition : {"gap.controller = \"fixed\"", "gap.controller = \"schedule\""})
            for (std::int64_t seed = 1; seed <= 3; ++seed)
                rows.prepend(run(++id, experiment, condition, seed));
    return rows;
}

QString nameAt(const RunsModel& model, int row)
{
    return model.index(row, 0).data().toString();
}

} // namespace

class RunsModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void groups_areConditionsNewestExperimentFirst()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(twoExperiments());
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(nameAt(model, 0), "fixed");
        QCOMPARE(nameAt(model, 1), "schedule");
        QCOMPARE(model.index(0, 0).data(RunsModel::ContextRole).toString(), "new");
        QCOMPARE(model.index(2, 0).data(RunsModel::ContextRole).toString(), "old");
        QCOMPARE(model.rowCount(model.index(0, 0)), 3);
        QCOMPARE(model.index(1, 0, model.index(0, 0)).data().toString(), "seed 2");
        QCOMPARE(model.index(0, 0).data(RunsModel::CountRole).toInt(), 3);
        QCOMPARE(model.index(0, RunsModel::UtilityColumn).data().toString(), "0.520");
        QCOMPARE(model.shownRuns(), 12);
        // Colours are the order of creation: the old experiment has the first ones.
        QCOMPARE(model.index(2, 0).data(RunsModel::ColourRole).toInt(), 0);
        QCOMPARE(model.index(0, 0).data(RunsModel::ColourRole).toInt(), 2);
    }
    void groups_areWhatTheGroupingSays()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVector<RunRow> rows = twoExperiments();
        const auto settings = [](const char* controller) {
            return std::make_shared<const gradus::store::RunSettings>(
                std::string("[experiment]\nname = \"x\"\n\n[gap]\ncontroller = \"") + controller + "\"\n");
        };
        const auto fixed = settings("fixed"); // one object or several: the settings count
        for (RunRow& row : rows)
            row.settings = row.condition.find("fixed") != std::string::npos ? fixed : settings("pi");
        rows[0].tags = {"odd"};
        rows[5].tags = {"odd"};
        rows[6].state = RunState::Failed;
        model.setRows(rows);
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.differingSettings(), QStringList{"gap.controller"});
        QCOMPARE(model.knownTags(), QStringList{"odd"});

        model.setGrouping({.by = RunGrouping::By::AllButSeed});
        QCOMPARE(model.rowCount(), 2); // both experiments together
        QCOMPARE(model.rowCount(model.index(0, 0)), 6);

        model.setGrouping({.by = RunGrouping::By::Keys, .keys = {"tag", "gap.controller"}});
        QCOMPARE(model.rowCount(), 4);
        QSet<QString> names;
        for (int i = 0; i < model.rowCount(); ++i)
            names.insert(nameAt(model, i));
        QCOMPARE(names, (QSet<QString>{"odd, pi", "odd, fixed", "no tag, pi", "no tag, fixed"}));
        QVERIFY(model.index(0, 0, model.index(0, 0)).data().toString().endsWith("seed 1"));

        // A tag that is taken away moves one run, and nothing is reset.
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        rows[0].tags.clear();
        model.setRows(rows);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(model.rowCount(), 3);

        model.setGrouping({.by = RunGrouping::By::Keys});
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.rowCount(model.index(0, 0)), 12);
        model.setGrouping({});
        QCOMPARE(nameAt(model, 0), QString("fixed"));
    }
    void groupWithoutSweep_isTheExperiment()
    {
        RunsModel model;
        model.setRows({run(1, "plain", "", 1)});
        QCOMPARE(nameAt(model, 0), "plain");
    }
    void update_keepsSelectionAndPersistentIndexes()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVector<RunRow> rows = twoExperiments();
        model.setRows(rows);
        const QPersistentModelIndex kept = model.indexOf(8);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        rows.prepend(run(99, "newest", "", 1));
        rows.prepend(run(100, "new", "gap.controller = \"fixed\"", 0));
        rows.removeIf([](const RunRow& row) { return row.id == 1 || row.id == 2; });
        for (RunRow& row : rows)
            if (row.id == 8) row.lastUtility = 0.9;
        model.setRows(rows);
        QCOMPARE(resets.size(), 0);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data(RunsModel::RunIdRole).toLongLong(), 8);
        QCOMPARE(QModelIndex(kept).siblingAtColumn(RunsModel::UtilityColumn).data().toString(), "0.900");
        QCOMPARE(QModelIndex(kept), model.indexOf(8));
        QCOMPARE(model.totalRuns(), 12);
    }
    void meanOfSomeRuns_saysOfHowMany()
    {
        RunsModel model;
        QVector<RunRow> rows = {run(3, "e", "", 3), run(2, "e", "", 2), run(1, "e", "", 1)};
        rows[0].lastUtility.reset();
        rows[1].lastUtility = std::nan("");
        model.setRows(rows);
        const QModelIndex group = model.index(0, 0);
        QCOMPARE(group.data(RunsModel::CountRole).toInt(), 3);
        QCOMPARE(group.data(RunsModel::MeasuredRole).toInt(), 1);
        const QModelIndex mean = group.siblingAtColumn(RunsModel::UtilityColumn);
        QCOMPARE(mean.data().toString(), "0.510");
        QVERIFY(mean.data(Qt::AccessibleTextRole).toString().contains("1 of 3"));
    }
    void update_tellsOfWhatChangedAlone()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVector<RunRow> rows = twoExperiments();
        rows[3].lastUtility = std::nan(""); // not a number is no news of itself
        model.setRows(rows);
        QSignalSpy told(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy laidOut(&model, &QAbstractItemModel::layoutChanged);
        model.setRows(rows);
        QCOMPARE(told.size(), 0);
        rows[0].progress = 0.5;
        model.setRows(rows);
        QCOMPARE(told.size(), 2); // the run and its group
        QCOMPARE(told[0][0].toModelIndex(), model.indexOf(rows[0].id));
        QCOMPARE(told[0][1].toModelIndex().row(), model.indexOf(rows[0].id).row());
        QCOMPARE(model.runAt(model.indexOf(rows[0].id))->progress, 0.5);
        QCOMPARE(laidOut.size(), 0);

        QVector<RunRow> many;
        for (std::int64_t id = 200; id >= 1; --id)
            many.append(run(id, "e" + std::to_string(id / 2), "", id));
        model.setRows(many);
        told.clear();
        const QPersistentModelIndex kept = model.indexOf(7);
        for (RunRow& row : many)
            row.progress = 0.25;
        model.setRows(many);
        QCOMPARE(told.size(), 0);
        QCOMPARE(laidOut.size(), 1);
        QCOMPARE(QModelIndex(kept), model.indexOf(7));
        QCOMPARE(model.runAt(kept)->progress, 0.25);
    }
    void update_followsTheFilter()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVector<RunRow> rows = twoExperiments();
        model.setRows(rows);
        model.setFilter(*gradus::filter::RunFilter::parse("state:failed"));
        QCOMPARE(model.shownRuns(), 0);
        rows[4].state = RunState::Failed;
        model.setRows(rows);
        QCOMPARE(model.shownRuns(), 1);
        rows[4].activity = "still failed";
        model.setRows(rows);
        QCOMPARE(model.runAt(model.indexOf(rows[4].id))->activity, std::string("still failed"));
        rows[4].state = RunState::Finished;
        model.setRows(rows);
        QCOMPARE(model.shownRuns(), 0);
    }
    void randomUpdates_equalAFreshModel()
    {
        QRandomGenerator random(static_cast<quint32>(gradus::tests::propertySeed()));
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVector<RunRow> all;
        for (std::int64_t id = 60; id >= 1; --id)
            all.append(run(id, "e" + std::to_string(id / 20), "c = " + std::to_string(id % 3), id % 7));
        for (int round = 0; round < 60; ++round) {
            QVector<RunRow> some;
            for (const RunRow& row : all)
                if (random.bounded(3) != 0) some.append(row);
            model.setRows(some);
            RunsModel fresh;
            fresh.setRows(some);
            QCOMPARE(model.rowCount(), fresh.rowCount());
            for (int g = 0; g < fresh.rowCount(); ++g) {
                QCOMPARE(model.runsUnder(model.index(g, 0)), fresh.runsUnder(fresh.index(g, 0)));
                QCOMPARE(nameAt(model, g), nameAt(fresh, g));
            }
            for (const RunRow& row : some)
                QCOMPARE(model.indexOf(row.id).data(RunsModel::RunIdRole).toLongLong(), row.id);
        }
    }
    void filter_showsOnlyWhatMatches()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(twoExperiments());
        model.setFilter(*gradus::filter::RunFilter::parse("seed = 2 and new"));
        QCOMPARE(model.shownRuns(), 2);
        QCOMPARE(model.totalRuns(), 12);
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!model.indexOf(1).isValid());
        QVERIFY(model.findRun(1) != nullptr);
        QCOMPARE(model.index(0, 0).data(RunsModel::ColourRole).toInt(), 2); // colours do not move with the filter
        model.setFilter({});
        QCOMPARE(model.shownRuns(), 12);
    }
    void stateText_isAWordOnlyWhenNotFinished()
    {
        RunRow row = run(1, "e", "", 1);
        QCOMPARE(stateText(row), "");
        row.state = RunState::Running;
        row.generation = 2;
        QCOMPARE(stateText(row), "2 of 4");
        row.state = RunState::Crashed;
        QCOMPARE(stateText(row), "crashed");
    }
    void hostileNames_areMadeVisible()
    {
        RunsModel model;
        RunRow row = run(1,
                         "<b>bold</b>\x1b[31m\n\xe2\x80\xae"
                         "evil",
                         "", 1);
        row.failure = "bad\nline \x07";
        row.state = RunState::Failed;
        model.setRows({row});
        const QString name = nameAt(model, 0);
        QVERIFY(!name.contains(QChar(0x1b)) && !name.contains('\n') && !name.contains(QChar(0x202e)));
        QVERIFY(name.contains("<b>bold</b>"));
        const QString tip = model.index(0, 0, model.index(0, 0)).data(Qt::ToolTipRole).toString();
        QVERIFY(!tip.contains('\x07'));
    }
    void missingNumbers_areADashAndBrokenOnesSaySo()
    {
        RunsModel model;
        RunRow row = run(1, "e", "", 1);
        row.lastUtility = std::nullopt;
        RunRow nan = run(2, "e", "", 2);
        nan.lastUtility = std::nan("");
        model.setRows({nan, row});
        QCOMPARE(model.index(0, RunsModel::UtilityColumn).data().toString(), "–");
        QCOMPARE(model.index(0, RunsModel::UtilityColumn, model.index(0, 0)).data().toString(), "–");
        QCOMPARE(model.index(1, RunsModel::UtilityColumn, model.index(0, 0)).data().toString(), "NaN");
    }
    void fiftyThousandRuns_loadFilterAndUpdateQuickly()
    {
        QVector<RunRow> rows;
        for (std::int64_t id = 50000; id >= 1; --id)
            rows.append(
                run(id, "experiment " + std::to_string(id / 500), "gap.value = " + std::to_string(id % 25), id % 20));
        RunsModel model;
        // Processor time, not wall time: the other tests run beside this one.
        std::clock_t begun = std::clock();
        const auto lap = [&begun] {
            const std::clock_t now = std::clock();
            const qint64 milliseconds = (now - begun) * 1000 / CLOCKS_PER_SEC;
            begun = now;
            return milliseconds;
        };
        model.setRows(rows);
        const qint64 load = lap();
        rows[3].lastUtility = 0.1;
        rows.prepend(run(50001, "fresh", "", 1));
        model.setRows(rows);
        const qint64 update = lap();
        model.setFilter(*gradus::filter::RunFilter::parse("seed = 3 state:finished"));
        const qint64 filter = lap();
        qInfo("50,000 runs: load %lld ms, update %lld ms, filter %lld ms", load, update, filter);
        QVERIFY(load < 300 * gradus::tests::kPatience);
        QVERIFY(update < 300 * gradus::tests::kPatience);
        QVERIFY(filter < 300 * gradus::tests::kPatience);
    }
};
GRADUS_SUITE(RunsModelTest)
#include "runs_model_test.moc"
