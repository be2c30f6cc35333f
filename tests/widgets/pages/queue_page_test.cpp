// SPDX-License-Identifier: GPL-3.0-or-later
// The Queue page over a real store: real keys, clicks and drops, and what the store holds afterwards.
#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/queue/launch_panel.h"
#include "pages/queue/plan_view.h"
#include "pages/queue/queue_page.h"
#include "pages/queue/run_report.h"
#include "pages/shared/run_look.h"
#include "store/queue_order.h"
#include "store/run_queue.h"
#include "store/store_reader.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace gradus;
using pages::QueueModel;
using pages::QueuePage;
using store::RunState;

namespace {

constexpr int kWait = 8000 * tests::kPatience;

spec::Experiment experimentOf(const std::string& name, std::int64_t seeds)
{
    spec::Experiment experiment;
    experiment.experiment.name = name;
    experiment.experiment.seeds.clear();
    for (std::int64_t seed = 1; seed <= seeds; ++seed)
        experiment.experiment.seeds.push_back(seed);
    return experiment;
}

/// A store with queued runs and a page that follows it. What stands for the program writes down how it was called.
class Bench
{
public:
    explicit Bench(std::int64_t seeds, const std::string& name = "queued", const std::string& device = "cpu")
        : commands({.workspace = folder.path(), .program = folder.filePath("program")}),
          theme(*qApp, common::Theme::Light), page(watcher, commands, theme)
    {
        QFile program(folder.filePath("program"));
        if (!program.open(QIODevice::WriteOnly)) qFatal("no program");
        program.write("#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/calls\"\n");
        program.close();
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        auto queue = store::RunQueue::openOrCreate(path());
        if (!queue) qFatal("%s", queue.error().message.c_str());
        spec::Experiment experiment = experimentOf(name, seeds);
        experiment.compute.device = device;
        auto ids = queue->add(experiment, "source", *spec::expand(experiment), std::nullopt);
        if (!ids) qFatal("%s", ids.error().message.c_str());
        runs = *ids;
        page.resize(1360, 840);
        page.openStore(QString::fromStdString(path()));
        watcher.open(QString::fromStdString(path()));
        page.show();
        if (!QTest::qWaitForWindowExposed(&page)) qFatal("not shown");
    }

    std::string path() const { return folder.filePath("gradus.db").toStdString(); }
    bool settle()
    {
        return QTest::qWaitFor([&] { return page.isReady() && !commands.isBusy(); }, kWait);
    }
    std::vector<std::int64_t> order() const
    {
        std::vector<std::int64_t> ids;
        const auto reader = store::StoreReader::open(path());
        const auto queue = reader->queue();
        for (const store::QueueRow& row : queue->rows)
            ids.push_back(row.run.id);
        return ids;
    }
    std::vector<std::int64_t> shown()
    {
        std::vector<std::int64_t> ids;
        for (const store::QueueRow& row : page.model().queue().rows)
            ids.push_back(row.run.id);
        return ids;
    }
    void become(std::int64_t run, RunState state, const std::string& failure = {})
    {
        auto writer = store::StoreWriter::open(path());
        if (state == RunState::Running) {
            if (!(*writer)->claim(run)) qFatal("claim");
        } else {
            (*writer)->setState(run, state, failure);
        }
        if (!(*writer)->flush()) qFatal("flush");
    }
    bool waitFor(std::int64_t run, RunState state)
    {
        return QTest::qWaitFor(
            [&] {
                const store::QueueRow* row = page.model().find(run);
                return row && row->run.state == state;
            },
            kWait);
    }
    /// What the program says from now on.
    void answer(const QByteArray& json)
    {
        QFile program(folder.filePath("program"));
        if (!program.open(QIODevice::WriteOnly)) qFatal("no program");
        program.write("#!/bin/sh\ncat <<'END'\n" + json + "\nEND\n");
    }
    QString calls() const
    {
        QFile file(folder.filePath("calls"));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    QPushButton* button(const char* name) { return page.findChild<QPushButton*>(QLatin1String(name)); }
    QAction* action(const char* name) { return page.findChild<QAction*>(QLatin1String(name)); }

    QTemporaryDir folder;
    viewmodels::StoreWatcher watcher;
    viewmodels::QueueCommands commands;
    common::ThemeController theme;
    std::vector<std::int64_t> runs;
    QueuePage page;
};

} // namespace

class QueuePageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyAct_hasALineToCopy()
    {
        Bench bench(3);
        QVERIFY(bench.settle());
        bench.page.choose(bench.runs[1]);
        auto* menu = bench.page.findChild<QMenu*>("queueCopyCommand");
        QVERIFY(menu != nullptr && bench.page.table()->actions().contains(menu->menuAction()));
        const auto copied = [&](const QString& act) -> QString {
            Q_EMIT menu->aboutToShow();
            for (QAction* action : menu->actions())
                if (action->text() == act) {
                    QGuiApplication::clipboard()->clear();
                    action->trigger();
                    return QGuiApplication::clipboard()->text();
                }
            return {};
        };
        const auto uuid = [&](std::size_t i) {
            return QString::fromStdString(bench.page.model().find(bench.runs[i])->run.uuid);
        };
        const QString store = " --store " + bench.folder.filePath("gradus.db");
        QCOMPARE(copied("Earlier"), "gradus queue move " + uuid(1) + " --by -1" + store);
        QCOMPARE(copied("Later"), "gradus queue move " + uuid(1) + " --by 1" + store);
        QCOMPARE(copied("First"), "gradus queue move " + uuid(1) + " --by -1" + store);
        QCOMPARE(copied("Last"), "gradus queue move " + uuid(1) + " --by 1" + store);
        QCOMPARE(copied("Run after nothing"), "gradus queue after " + uuid(1) + store);
        QCOMPARE(copied("Run after " + pages::nameOf(bench.page.model().find(bench.runs[0])->run)),
                 "gradus queue after " + uuid(1) + " --run " + uuid(0) + store);
        QCOMPARE(copied("Remove"), "gradus queue remove " + uuid(1) + store);
        QCOMPARE(copied("Pause queue"), "gradus queue pause" + store);
        QCOMPARE(copied("Start a worker"), "gradus queue work" + store);
        // What cannot be done now is not offered.
        for (const char* act : {"Stop", "Retry", "Go on", "Remove finished"})
            QVERIFY2(copied(act).isEmpty(), act);
        QSignalSpy said(&bench.page, &QueuePage::commandCopied);
        bench.become(bench.runs[1], RunState::Running);
        QVERIFY(bench.waitFor(bench.runs[1], RunState::Running));
        bench.page.choose(bench.runs[1]);
        QCOMPARE(copied("Stop"), "gradus stop " + uuid(1) + store);
        QCOMPARE(said.size(), 1);
        bench.become(bench.runs[1], RunState::Failed, "The disk is full; free some space and retry the run.");
        QVERIFY(bench.waitFor(bench.runs[1], RunState::Failed));
        bench.page.choose(bench.runs[1]);
        QCOMPARE(copied("Retry"), "gradus queue retry " + uuid(1) + " --start" + store);
        bench.commands.setPaused(true);
        QTRY_VERIFY(bench.page.model().queue().pausedAt.has_value());
        QCOMPARE(copied("Go on"), "gradus queue resume --start" + store);
    }
    void emptyQueue_saysWhatWillAppear()
    {
        Bench bench(1);
        QVERIFY(bench.settle());
        bench.page.choose(bench.runs[0]);
        QTest::keyClick(bench.page.table(), Qt::Key_Delete);
        QTRY_VERIFY_WITH_TIMEOUT(bench.order().empty() && bench.page.model().rowCount() == 0, kWait);
        QSignalSpy wanted(&bench.page, &QueuePage::designRequested);
        for (QPushButton* button : bench.page.findChildren<QPushButton*>())
            if (button->text() == "Go to Design") QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    void keys_moveTheChosenRunAndKeepItChosen()
    {
        Bench bench(4);
        QVERIFY(bench.settle());
        const auto r = bench.runs;
        const QModelIndex last = bench.page.model().indexOf(r[3]);
        QTest::mouseClick(bench.page.table()->viewport(), Qt::LeftButton, {},
                          bench.page.table()->visualRect(last.siblingAtColumn(QueueModel::RunColumn)).center());
        QCOMPARE(bench.page.chosenRun(), r[3]);
        // Faster than the store answers: every press counts.
        QTest::keyClick(bench.page.table(), Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(bench.page.table(), Qt::Key_Up, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[0], r[3], r[1], r[2]}), kWait);
        QCOMPARE(bench.page.chosenRun(), r[3]);
        QTest::keyClick(bench.page.table(), Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[0], r[1], r[3], r[2]}), kWait);
        bench.page.choose(r[0]);
        QVERIFY(!bench.action("queue.earlier")->isEnabled());
        QVERIFY(bench.action("queue.later")->isEnabled());
    }

    void drop_movesAmongTheWaitingOnly()
    {
        Bench bench(4);
        QVERIFY(bench.settle());
        const auto r = bench.runs;
        bench.become(r[0], RunState::Running);
        QVERIFY(bench.waitFor(r[0], RunState::Running));
        QueueModel& model = bench.page.model();
        const QModelIndex waiting = model.indexOf(r[1]).parent();
        const std::unique_ptr<QMimeData> data(model.mimeData({model.indexOf(r[3])}));
        QVERIFY(!model.canDropMimeData(data.get(), Qt::MoveAction, 0, 0, model.indexOf(r[0]).parent()));
        QVERIFY(!model.flags(model.indexOf(r[0])).testFlag(Qt::ItemIsDragEnabled));
        model.dropMimeData(data.get(), Qt::MoveAction, 0, 0, waiting);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[0], r[3], r[1], r[2]}), kWait);
        const std::unique_ptr<QMimeData> first(model.mimeData({model.indexOf(r[3])}));
        model.dropMimeData(first.get(), Qt::MoveAction, 2, 0, model.indexOf(r[1]).parent());
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[0], r[1], r[3], r[2]}), kWait);
    }

    void pause_isSaidAndGoingOnStartsAWorker()
    {
        Bench bench(2);
        QVERIFY(bench.settle());
        QTest::mouseClick(bench.button("pauseQueue"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.stripText().startsWith("Paused"), kWait);
        QCOMPARE(bench.button("pauseQueue")->text(), QString("Go on"));
        QVERIFY(bench.calls().isEmpty());
        QTest::mouseClick(bench.button("stripButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().startsWith("queue work --store"), kWait);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.page.model().queue().pausedAt, kWait);
    }

    void nobodyAtWork_isNoticed()
    {
        Bench bench(1);
        QVERIFY(bench.settle());
        QVERIFY(bench.page.stripText().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(bench.page.stripText(), QString("Runs could begin and nobody works on this queue."),
                                  kWait);
        QTest::mouseClick(bench.button("stripButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().startsWith("queue work"), kWait);
        QVERIFY(bench.page.stripText().isEmpty());
    }

    void failedRun_showsItsCauseAndItsLogAndIsRetried()
    {
        Bench bench(2);
        QVERIFY(bench.settle());
        const std::string uuid = bench.page.model().find(bench.runs[1])->run.uuid;
        QDir(bench.folder.path()).mkdir("logs");
        QFile log(bench.folder.filePath("logs/" + QString::fromStdString(uuid) + ".log"));
        QVERIFY(log.open(QIODevice::WriteOnly));
        for (int i = 0; i < 80; ++i)
            log.write("step " + QByteArray::number(i) + "\n");
        log.write("<b>loss</b> is \x1b[31mNaN\n");
        log.close();
        bench.become(bench.runs[1], RunState::Failed, "The loss is NaN at step 80.");
        QVERIFY(bench.waitFor(bench.runs[1], RunState::Failed));
        QTRY_COMPARE_WITH_TIMEOUT(bench.page.chosenRun(), bench.runs[1], kWait); // it needs somebody: chosen by itself
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.report()->logText().contains("<b>loss</b> is "), kWait);
        QCOMPARE(bench.page.report()->logText().count('\n') + 1, pages::RunReport::kLines);
        QVERIFY(!bench.page.report()->logText().contains('\x1b'));
        QTest::mouseClick(bench.page.report()->retryButton(), Qt::LeftButton);
        QVERIFY(bench.waitFor(bench.runs[1], RunState::Queued));
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().startsWith("queue work"), kWait);
    }

    void runAfter_isChosenFromAMenuAndShown()
    {
        Bench bench(3);
        QVERIFY(bench.settle());
        bench.page.choose(bench.runs[0]);
        QMenu* menu = bench.button("runAfter")->menu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), 4); // nothing, a line, two runs
        menu->actions()[3]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.model().find(bench.runs[0])->after == bench.runs[2], kWait);
        const QModelIndex index = bench.page.model().indexOf(bench.runs[0]);
        QCOMPARE(index.data(QueueModel::ReasonRole).toString(), QString("after queued, seed 3 (queued)"));
        // A circle is refused in words, and nothing changes.
        QSignalSpy said(&bench.commands, &viewmodels::QueueCommands::said);
        bench.commands.setAfter(bench.runs[2], bench.runs[0]);
        QTRY_COMPARE_WITH_TIMEOUT(said.count(), 1, kWait);
        QVERIFY(said[0][0].toString().contains("would wait for itself") && said[0][1].toBool());
    }

    void order_isUndoneAndRedone_byWhatTheMovesCameTo()
    {
        Bench bench(4);
        QVERIFY(bench.settle());
        const auto r = bench.runs;
        bench.page.choose(r[1]);
        // Twice, faster than the store answers: the second finds no place left.
        QTest::keyClick(bench.page.table(), Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(bench.page.table(), Qt::Key_Up, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[1], r[0], r[2], r[3]}), kWait);
        QVERIFY(bench.settle());
        QTest::keyClick(bench.page.table(), Qt::Key_End, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[0], r[2], r[3], r[1]}), kWait);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(bench.page.table(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), r, kWait);
        QVERIFY(bench.settle());
        QVERIFY(!bench.action("queue.undo")->isEnabled());
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(bench.page.table(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[0], r[2], r[3], r[1]}), kWait);
        QTest::keyClick(bench.page.table(), Qt::Key_Home, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[1], r[0], r[2], r[3]}), kWait);
    }

    void drop_isUndoneToo()
    {
        Bench bench(3);
        QVERIFY(bench.settle());
        const auto r = bench.runs;
        QueueModel& model = bench.page.model();
        const std::unique_ptr<QMimeData> data(model.mimeData({model.indexOf(r[2])}));
        model.dropMimeData(data.get(), Qt::MoveAction, 0, 0, model.indexOf(r[0]).parent());
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), (std::vector{r[2], r[0], r[1]}), kWait);
        QTest::keyClick(bench.page.table(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(bench.shown(), r, kWait);
    }

    void runThatWaitsForTheGpu_saysWhoHasIt()
    {
        Bench bench(3, "trained", "cuda");
        QVERIFY(bench.settle());
        const auto r = bench.runs;
        bench.become(r[0], RunState::Running);
        QVERIFY(bench.waitFor(r[0], RunState::Running));
        QueueModel& model = bench.page.model();
        const auto reason = [&](std::int64_t run) {
            return model.data(model.indexOf(run), QueueModel::ReasonRole).toString();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(reason(r[1]).contains("cuda"), qPrintable(reason(r[1])), kWait);
        QVERIFY(!reason(r[0]).contains("cuda"));
        // The plan puts them one behind the other, however many cores there are.
        const auto& plan = bench.page.plan().plan();
        QVERIFY(plan.find(r[1])->begin >= plan.find(r[0])->end);
        QVERIFY(plan.find(r[2])->begin >= plan.find(r[1])->end);
        bench.become(r[0], RunState::Finished);
        QTRY_VERIFY_WITH_TIMEOUT(!reason(r[1]).contains("cuda"), kWait);
    }

    void plan_showsWhatRunsAndWaits_andAClickChoosesIt()
    {
        Bench bench(3);
        QVERIFY(bench.settle());
        const auto r = bench.runs;
        bench.become(r[0], RunState::Running);
        QVERIFY(bench.waitFor(r[0], RunState::Running));
        pages::PlanView& plan = bench.page.plan();
        QCOMPARE(plan.plan().bars.size(), std::size_t{3});
        QVERIFY(plan.plan().find(r[0])->isRunning);
        QVERIFY(plan.summary().startsWith("3 runs"));
        const QRectF bar = plan.barOf(r[1]);
        QVERIFY(!bar.isEmpty() && plan.rect().contains(bar.center().toPoint()));
        QTest::mouseClick(&plan, Qt::LeftButton, {}, bar.center().toPoint());
        QCOMPARE(bench.page.chosenRun(), r[1]);
        // The bar of what runs grows with the clock.
        const double end = plan.plan().find(r[0])->end;
        QTRY_VERIFY_WITH_TIMEOUT(plan.barOf(r[0]).width() > 0 && plan.plan().find(r[0])->end >= end, 3000);
    }

    void crashedRun_saysWhyInPlainWords()
    {
        Bench bench(1);
        QVERIFY(bench.settle());
        const auto uuid = bench.page.model().find(bench.runs[0])->run.uuid;
        QDir(bench.folder.path()).mkpath("logs");
        QFile log(bench.folder.filePath("logs/" + QString::fromStdString(uuid) + ".log"));
        QVERIFY(log.open(QIODevice::WriteOnly));
        log.write("generation 1, step 40\nThe process was ended by signal 9.\n");
        log.close();
        bench.become(bench.runs[0], RunState::Crashed);
        QVERIFY(bench.waitFor(bench.runs[0], RunState::Crashed));
        bench.page.choose(bench.runs[0]);
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.report()->logText().contains("signal 9"), kWait);
        const QString cause = bench.page.report()->causeText();
        QVERIFY2(cause.contains("as the system does where memory runs out"), qPrintable(cause));
    }

    void panel_letsWarningsPassOnceTheyAreTicked()
    {
        Bench bench(1);
        QVERIFY(bench.settle());
        bench.answer("{\"runs\": 3, \"seconds\": 75, \"disk_bytes\": 8100000, \"ticks\": ["
                     "{\"id\": \"seeds\", \"title\": \"Seeds\", \"state\": \"warn\", \"sentence\": \"few\", "
                     "\"cure\": \"more\"}]}");
        pages::LaunchPanel& panel = bench.page.launchPanel();
        QSignalSpy queued(&panel, &pages::LaunchPanel::queueRequested);
        panel.setDraft("mine", "text one");
        QVERIFY(!panel.mayLaunch());
        QTRY_VERIFY_WITH_TIMEOUT(panel.reasonText().startsWith("Tick the warning"), kWait);
        QVERIFY2(panel.summaryText().startsWith("3 runs"), qPrintable(panel.summaryText()));
        QVERIFY(!bench.button("panelQueue")->isEnabled());
        auto* accept = panel.findChild<QCheckBox*>("accept.seeds");
        QVERIFY(accept != nullptr);
        QTest::mouseClick(accept, Qt::LeftButton, {}, QPoint(8, accept->height() / 2));
        QVERIFY(panel.mayLaunch());
        QTest::mouseClick(bench.button("panelQueue"), Qt::LeftButton);
        QCOMPARE(queued.count(), 1);
        QCOMPARE(queued[0][0].toString(), QString("text one"));
        panel.setDraft("mine", "text two"); // what was accepted was accepted of the older text
        QVERIFY(!panel.mayLaunch());
        QTRY_VERIFY_WITH_TIMEOUT(panel.reasonText().startsWith("Tick the warning"), kWait);
        QVERIFY(!panel.mayLaunch());
    }

    void panel_letsNothingPastARefusal()
    {
        Bench bench(1);
        QVERIFY(bench.settle());
        bench.answer("{\"runs\": 3, \"ticks\": [{\"id\": \"disk\", \"title\": \"Disk\", \"state\": \"fail\"}]}");
        pages::LaunchPanel& panel = bench.page.launchPanel();
        panel.setDraft("mine", "text");
        QTRY_COMPARE_WITH_TIMEOUT(panel.reasonText(), QString("Disk stands in the way."), kWait);
        QVERIFY(!bench.button("panelQueue")->isEnabled());
        QVERIFY(!bench.button("panelLaunch")->isEnabled());
    }

    void narrowPage_hidesThePanelUntilItIsAskedFor()
    {
        Bench bench(1);
        QVERIFY(bench.settle());
        QVERIFY(bench.page.launchPanel().isVisible());
        bench.page.resize(840, 700);
        QVERIFY(!bench.page.launchPanel().isVisible());
        QTest::keyClick(bench.page.table(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.page.launchPanel().isVisible());
    }

    void blockedPage_changesNothing()
    {
        Bench bench(2);
        QVERIFY(bench.settle());
        bench.page.setBlocked("read only");
        bench.page.choose(bench.runs[1]);
        QTest::keyClick(bench.page.table(), Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(bench.page.table(), Qt::Key_Delete);
        QTest::qWait(300);
        QVERIFY(!bench.commands.isBusy());
        QCOMPARE(bench.order(), bench.runs);
        QVERIFY(!bench.button("pauseQueue")->isEnabled());
    }

    void add_startsTheProgramWithTheFrozenFile()
    {
        Bench bench(1);
        QSignalSpy said(&bench.commands, &viewmodels::QueueCommands::said);
        bench.commands.add("[experiment]\nname = \"drawn here\"\n");
        QTRY_COMPARE_WITH_TIMEOUT(said.count(), 1, kWait);
        QVERIFY2(bench.calls().contains("queue add " + bench.folder.path() + "/experiments/drawn-here-"),
                 qPrintable(bench.calls()));
        QVERIFY(bench.calls().trimmed().endsWith("--start"));
        bench.commands.add("[experiment\n");
        QCOMPARE(said.count(), 2);
        QVERIFY(said[1][1].toBool());
    }

    void hostileNames_areShownAsText()
    {
        Bench bench(1, "<img src=x> & friends");
        QVERIFY(bench.settle());
        const QModelIndex index = bench.page.model().indexOf(bench.runs[0]);
        QVERIFY(index.siblingAtColumn(QueueModel::RunColumn).data().toString().startsWith("<img src=x> & friends"));
    }

    void crowdedQueue_keepsItsPlaceWhileNumbersChange()
    {
        Bench bench(400);
        QVERIFY(bench.settle());
        bench.page.choose(bench.runs[200]);
        bench.page.table()->scrollTo(bench.page.model().indexOf(bench.runs[200]));
        bench.become(bench.runs[0], RunState::Running);
        QVERIFY(bench.waitFor(bench.runs[0], RunState::Running));
        const int place = bench.page.table()->verticalScrollBar()->value();
        auto writer = store::StoreWriter::open(bench.path());
        (*writer)
            ->sink(bench.runs[0])
            .progress({.fraction = 0.25, .secondsLeft = 60, .generation = 1, .generations = 4, .activity = "at work"});
        QVERIFY((*writer)->flush());
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.model().find(bench.runs[0])->run.progress > 0.2, kWait);
        QCOMPARE(bench.page.table()->verticalScrollBar()->value(), place);
        QCOMPARE(bench.page.chosenRun(), bench.runs[200]);
    }
};

GRADUS_SUITE(QueuePageTest)
#include "queue_page_test.moc"
