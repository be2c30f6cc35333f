// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/failure_words.h"
#include "viewmodels/preflight_check.h"
#include "viewmodels/queue_plan.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::viewmodels;
using store::RunState;

namespace {

constexpr double kNow = 1000;

store::QueueRow row(std::int64_t id, RunState state, const std::string& condition = "a")
{
    store::QueueRow one;
    one.run.id = id;
    one.run.uuid = "run-" + std::to_string(id);
    one.run.experimentHash = "e";
    one.run.condition = condition;
    one.run.state = state;
    return one;
}

store::QueueRow finished(std::int64_t id, double seconds, const std::string& condition = "a")
{
    store::QueueRow one = row(id, RunState::Finished, condition);
    one.run.startedAt = 0;
    one.run.endedAt = seconds;
    return one;
}

store::QueueRow running(std::int64_t id, double since, double left)
{
    store::QueueRow one = row(id, RunState::Running);
    one.run.startedAt = since;
    one.run.secondsLeft = left;
    return one;
}

} // namespace

class QueuePlanTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsOfOneDevice_standBehindEachOther()
    {
        store::QueueState queue;
        queue.rows = {finished(1, 100), running(2, 950, 40), row(3, RunState::Queued), row(4, RunState::Queued),
                      row(5, RunState::Queued)};
        store::DeviceSlots devices;
        for (const std::int64_t run : {2, 3, 5})
            devices.set(run, "cuda");
        devices.set(4, {});
        const QueuePlan plan = planQueue(queue, 4, kNow, devices);
        QCOMPARE(plan.find(4)->begin, kNow);
        QCOMPARE(plan.find(3)->begin, plan.find(2)->end);
        QCOMPARE(plan.find(5)->begin, plan.find(3)->end);
    }
    void waitingRuns_beginOnTheSlotThatIsFreeFirst()
    {
        store::QueueState queue;
        queue.rows = {finished(1, 100), running(2, 950, 40), running(3, 980, 70), row(4, RunState::Queued),
                      row(5, RunState::Queued)};
        const QueuePlan plan = planQueue(queue, 2, kNow);
        QCOMPARE(plan.bars.size(), std::size_t{4});
        QVERIFY(plan.find(1) == nullptr);
        QCOMPARE(plan.find(2)->end, kNow + 40);
        QCOMPARE(plan.find(2)->begin, 950.0);
        QVERIFY(plan.find(2)->isRunning);
        QCOMPARE(plan.find(4)->slot, plan.find(2)->slot);
        QCOMPARE(plan.find(4)->begin, kNow + 40);
        QCOMPARE(plan.find(5)->begin, kNow + 70);
        QCOMPARE(plan.find(5)->slot, plan.find(3)->slot);
        QCOMPARE(plan.end, plan.find(5)->end);
    }

    void lengths_areThoseOfTheSameCondition_withTheirSpread()
    {
        store::QueueState queue;
        queue.rows = {finished(1, 80),       finished(2, 100),         finished(3, 130),
                      finished(4, 500, "b"), row(5, RunState::Queued), row(6, RunState::Queued, "c")};
        const QueuePlan plan = planQueue(queue, 1, kNow);
        const PlanBar& same = *plan.find(5);
        QCOMPARE(same.end - same.begin, 100.0);
        QCOMPARE(same.earliest - same.begin, 80.0);
        QCOMPARE(same.latest - same.begin, 130.0);
        QVERIFY(same.isKnown);
        // No run of condition c has ended: those of its experiment tell.
        QCOMPARE(plan.find(6)->latest - plan.find(6)->begin, 500.0);
    }

    void nothingKnown_isSaid()
    {
        store::QueueState queue;
        queue.rows = {row(1, RunState::Queued)};
        QVERIFY(!planQueue(queue, 1, kNow).find(1)->isKnown);
        QCOMPARE(planQueue(queue, 1, kNow).find(1)->end, kNow + kUnknownLength);
        QCOMPARE(planQueue({}, 2, kNow).end, kNow);
    }

    void dependents_beginAfterTheRunTheyWaitFor_orNotAtAll()
    {
        store::QueueState queue;
        queue.rows = {finished(1, 50), running(2, 990, 200), row(3, RunState::Queued), row(4, RunState::Failed),
                      row(5, RunState::Queued)};
        queue.rows[2].after = 2;
        queue.rows[4].after = 4;
        const QueuePlan plan = planQueue(queue, 4, kNow);
        QCOMPARE(plan.find(3)->begin, kNow + 200);
        QVERIFY(plan.find(5) == nullptr);
        QCOMPARE(plan.blocked, 1);
    }

    void halfOfACrashedRun_takesHalfTheTime()
    {
        store::QueueState queue;
        queue.rows = {finished(1, 100), row(2, RunState::Crashed)};
        queue.rows[1].run.progress = 0.5;
        queue.rows[1].attempts = 1;
        const QueuePlan plan = planQueue(queue, 1, kNow);
        QCOMPARE(plan.find(2)->end - plan.find(2)->begin, 50.0);
    }

    void causes_areSaidInPlainWords()
    {
        store::QueueRow failed = row(1, RunState::Failed);
        failed.run.failure = "Writing weights failed: No space left on device.";
        failed.run.progress = 0.41;
        const FailureWords disk = failureWords(failed, {});
        QVERIFY2(disk.cause.startsWith("The disk is full."), qPrintable(disk.cause));
        QVERIFY(disk.cause.contains("Writing weights"));
        QVERIFY(disk.kept.contains("41 %"));
        QVERIFY(disk.cure.contains("Free"));
        failed.run.failure = "std::bad_alloc";
        QVERIFY(failureWords(failed, {}).cause.contains("memory"));
        // What the store itself says of a full disk is said once, with its cure.
        failed.run.failure = "The disk is full; free some space in the workspace and retry the run.";
        const FailureWords once = failureWords(failed, {});
        QCOMPARE(once.cause, QString::fromStdString(failed.run.failure));
        QVERIFY2(once.cure.isEmpty(), qPrintable(once.cure));
        failed.run.failure = "Something else.";
        QCOMPARE(failureWords(failed, {"bad_alloc long ago"}).cause, QString("Something else."));
        QVERIFY(failureWords(row(1, RunState::Running), {"nan"}).cause.isEmpty());
    }

    void crashedRuns_haveTheirLastWords()
    {
        store::QueueRow crashed = row(1, RunState::Crashed);
        crashed.attempts = 3;
        const FailureWords killed = failureWords(crashed, {"step 7", "The process was ended by signal 9."});
        QVERIFY2(killed.cause.contains("killed"), qPrintable(killed.cause));
        QVERIFY(!killed.cure.isEmpty());
        const FailureWords silent = failureWords(crashed, {"generation 2\x1b[31m", ""});
        QVERIFY(silent.cause.contains("without a word"));
        QVERIFY(silent.cause.contains("generation 2"));
        QVERIFY(!silent.cause.contains(QChar(0x1b)));
        QVERIFY(silent.cure.startsWith("Retry"));
        crashed.attempts = 1;
        QVERIFY(failureWords(crashed, {}).cure.contains("by itself"));
    }

    void preflight_isReadFromTheCommandsJson()
    {
        const PreflightReport report = readPreflight(
            "{\"runs\": 15, \"seconds\": 125.5, \"disk_bytes\": 8e6, \"notes\": [\"rungs\"], \"ticks\": "
            "[{\"id\": \"seeds\", \"title\": \"Seeds\", \"state\": \"warn\", \"figure\": \"1\", \"sentence\": \"s\", "
            "\"cure\": \"c\"}, {\"id\": \"disk\", \"title\": \"Disk\", \"state\": \"pass\"}]}",
            {});
        QCOMPARE(report.runs, 15);
        QCOMPARE(report.seconds, 125.5);
        QCOMPARE(report.ticks.size(), 2);
        QVERIFY(report.ticks[0].state == TickState::Warned);
        QVERIFY(!report.isRefused());
        const PreflightReport none = readPreflight("", "gradus: draft:3:1: Key gap.valve is not known.\n");
        QVERIFY(none.isRefused());
        QCOMPARE(none.problem, QString("draft:3:1: Key gap.valve is not known."));
        // A state that is not known is the careful one.
        QVERIFY(readPreflight("{\"ticks\": [{\"id\": \"x\", \"state\": \"?\"}]}", {}).isRefused());
    }

    void newerDraft_endsTheCheckOfTheOlderOne()
    {
        QTemporaryDir folder;
        QFile program(folder.filePath("program"));
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write("#!/bin/sh\ncase \"$(cat \"$2\")\" in slow*) sleep 30;; esac\n"
                      "echo \"{\\\"runs\\\": 2, \\\"ticks\\\": [{\\\"id\\\": \\\"$(cat \"$2\")\\\"}]}\"\n");
        program.close();
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        PreflightCheck check({.workspace = folder.path(), .program = folder.filePath("program")});
        QList<PreflightReport> reports;
        connect(&check, &PreflightCheck::answered, this, [&](const PreflightReport& one) { reports.append(one); });
        check.setDraft("slow");
        QTest::qWait(PreflightCheck::kQuiet + 200);
        QVERIFY(check.isRunning());
        check.setDraft("quick");
        QTRY_COMPARE_WITH_TIMEOUT(reports.size(), 1, 10'000);
        QCOMPARE(reports[0].ticks[0].id, QString("quick"));
        QVERIFY(!check.isRunning());
    }

    void missingProgram_isSaid()
    {
        QTemporaryDir folder;
        PreflightCheck check({.workspace = folder.path(), .program = folder.filePath("nothing")});
        QString problem;
        connect(&check, &PreflightCheck::answered, this, [&](const PreflightReport& one) { problem = one.problem; });
        check.setDraft("x");
        QTRY_VERIFY_WITH_TIMEOUT(problem.contains("could not be started"), 10'000);
    }
};

GRADUS_SUITE(QueuePlanTest)
#include "queue_plan_test.moc"
