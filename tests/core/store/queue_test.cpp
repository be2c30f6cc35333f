// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/queue_order.h"
#include "store/run_queue.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

/// A new store with three runs that wait, one core each.
struct Three
{
    QTemporaryDir folder;
    std::filesystem::path path = folder.path().toStdString() + "/gradus.db";
    RunQueue queue = must(RunQueue::openOrCreate(path));
    std::vector<std::int64_t> runs;

    Three()
    {
        spec::Experiment experiment = smallExperiment();
        experiment.experiment.seeds = {1, 2, 3};
        runs = must(queue.add(experiment, "source", must(spec::expand(experiment)), std::nullopt));
    }
    std::vector<std::int64_t> order()
    {
        std::vector<std::int64_t> ids;
        for (const QueueRow& row : must(queue.state()).rows)
            ids.push_back(row.run.id);
        return ids;
    }
    void become(std::int64_t run, RunState state, const std::string& failure = {})
    {
        auto writer = must(StoreWriter::open(path));
        if (state == RunState::Running)
            must(writer->claim(run));
        else
            writer->setState(run, state, failure);
        must(writer->flush());
    }
    QueueRow row(std::int64_t run)
    {
        for (QueueRow& each : must(queue.state()).rows)
            if (each.run.id == run) return each;
        throw std::runtime_error("not in the queue");
    }
};

QueueRow rowOf(std::int64_t id, RunState state, int threads = 1)
{
    QueueRow row;
    row.run.id = id;
    row.run.uuid = "0000000" + std::to_string(id) + "-";
    row.run.state = state;
    row.threads = threads;
    return row;
}

} // namespace

class QueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addedRuns_waitInTheirOrder()
    {
        Three three;
        QCOMPARE(three.order(), three.runs);
        const QueueState state = must(must(StoreReader::open(three.path)).queue());
        QCOMPARE(state.rows.size(), std::size_t{3});
        QCOMPARE(state.rows[1].run.seed, std::int64_t{2});
        QVERIFY(state.rows[1].run.state == RunState::Queued);
        QVERIFY(!state.pausedAt);
    }

    void move_changesPlacesWithWaitingRunsOnly()
    {
        Three three;
        const auto [a, b, c] = std::tuple(three.runs[0], three.runs[1], three.runs[2]);
        must(three.queue.move(c, -1));
        QCOMPARE(three.order(), (std::vector{a, c, b}));
        must(three.queue.move(a, 99));
        QCOMPARE(three.order(), (std::vector{c, b, a}));
        three.become(c, RunState::Finished);
        must(three.queue.move(a, -99)); // c keeps its place at the top
        QCOMPARE(three.order(), (std::vector{c, a, b}));
        QVERIFY(!three.queue.move(c, 1));
        QVERIFY(!three.queue.move(777, 1));
    }

    void after_holdsBackAndRefusesCircles()
    {
        Three three;
        const auto [a, b, c] = std::tuple(three.runs[0], three.runs[1], three.runs[2]);
        must(three.queue.setAfter(a, b));
        must(three.queue.setAfter(b, c));
        const auto circle = three.queue.setAfter(c, a);
        QVERIFY(!circle);
        QVERIFY(circle.error().message.find("would wait for itself") != std::string::npos);
        QVERIFY(!three.queue.setAfter(c, c));
        QCOMPARE(nextRun(must(three.queue.state()), 8, {}), std::optional(c));
        three.become(c, RunState::Failed, "no");
        const QueueState state = must(three.queue.state());
        QCOMPARE(nextRun(state, 8, {}), std::optional<std::int64_t>());
        QVERIFY(!hasWork(state));
        QVERIFY(waitsFor(state, three.row(b)).find("which is failed; retry that one") != std::string::npos);
        must(three.queue.retry(c));
        QCOMPARE(nextRun(must(three.queue.state()), 8, {}), std::optional(c));
        three.become(c, RunState::Finished);
        QCOMPARE(nextRun(must(three.queue.state()), 8, {}), std::optional(b));
    }

    void pause_beginsNothingNew()
    {
        Three three;
        must(three.queue.setPaused(true));
        must(three.queue.setPaused(true));
        QVERIFY(!nextRun(must(three.queue.state()), 8, {}));
        QVERIFY(!hasWork(must(three.queue.state())));
        must(three.queue.setPaused(false));
        QVERIFY(nextRun(must(three.queue.state()), 8, {}));
    }

    void nextRun_fillsTheCoresAndNoMore()
    {
        QueueState queue;
        queue.rows = {rowOf(1, RunState::Running, 2), rowOf(2, RunState::Queued, 2), rowOf(3, RunState::Queued, 1)};
        QCOMPARE(nextRun(queue, 4, {}), std::optional<std::int64_t>(2));
        QCOMPARE(nextRun(queue, 4, {2}), std::optional<std::int64_t>());
        QCOMPARE(nextRun(queue, 5, {2}), std::optional<std::int64_t>(3));
        // One that wants four does not starve behind small ones: nobody overtakes it.
        queue.rows[1].threads = 4;
        QCOMPARE(nextRun(queue, 4, {}), std::optional<std::int64_t>());
        // What wants more than the machine has begins alone.
        queue.rows = {rowOf(1, RunState::Queued, 64)};
        QCOMPARE(nextRun(queue, 2, {}), std::optional<std::int64_t>(1));
    }

    void device_isOneRunsAtATime_andTheOthersSayWhoHasIt()
    {
        QueueState queue;
        queue.rows = {rowOf(1, RunState::Running), rowOf(2, RunState::Queued), rowOf(3, RunState::Queued),
                      rowOf(4, RunState::Queued)};
        DeviceSlots slots;
        for (const std::int64_t run : {1, 2, 4})
            slots.set(run, "cuda");
        slots.set(3, {});
        QVERIFY(slots.knows(queue));
        QCOMPARE(nextRun(queue, 8, {}, slots), std::optional<std::int64_t>(3)); // it needs no GPU
        QCOMPARE(nextRun(queue, 8, {3}, slots), std::optional<std::int64_t>());
        QVERIFY2(waitsFor(queue, queue.rows[1], slots).find("cuda, which 00000001") != std::string::npos,
                 waitsFor(queue, queue.rows[1], slots).c_str());
        QCOMPARE(waitsFor(queue, queue.rows[2], slots), std::string("a free slot"));
        queue.rows[0].run.state = RunState::Finished;
        QCOMPARE(nextRun(queue, 8, {}, slots), std::optional<std::int64_t>(2));    // first again
        QCOMPARE(nextRun(queue, 8, {2, 3}, slots), std::optional<std::int64_t>()); // begun, though not claimed yet
    }
    void devices_areReadFromTheFrozenExperiments()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("gradus.db").toStdString();
        auto queue = must(RunQueue::openOrCreate(path));
        spec::Experiment experiment = smallExperiment();
        std::vector<std::int64_t> runs;
        for (const char* device : {"cuda", "cpu", "cuda"}) {
            experiment.compute.device = device;
            runs.push_back(must(queue.add(experiment, "source", must(spec::expand(experiment)), std::nullopt)).front());
        }
        DeviceSlots slots;
        const QueueState state = must(queue.state());
        QVERIFY(!slots.knows(state));
        must(slots.read(path, state));
        QVERIFY(slots.knows(state));
        QCOMPARE(slots.deviceOf(runs[0]), std::string("cuda"));
        QCOMPARE(slots.deviceOf(runs[1]), std::string());
        QCOMPARE(nextRun(state, 8, {}, slots), std::optional(runs[0]));
        QCOMPARE(nextRun(state, 8, {runs[0]}, slots), std::optional(runs[1]));
        QCOMPARE(nextRun(state, 8, {runs[0], runs[1]}, slots), std::optional<std::int64_t>());
        QVERIFY(!DeviceSlots().read(folder.filePath("none.db").toStdString(), state)); // never guessed
    }

    void lacksWorker_onlyWhereNothingRuns()
    {
        QueueState queue;
        QVERIFY(!lacksWorker(queue));
        queue.rows = {rowOf(1, RunState::Queued, 64), rowOf(2, RunState::Queued)};
        QVERIFY(lacksWorker(queue));
        // A worker of one core leaves the rest waiting, and is at work all the same.
        queue.rows[1].run.state = RunState::Running;
        QVERIFY(!lacksWorker(queue));
        queue.rows[1].run.state = RunState::Finished;
        queue.pausedAt = 1.0;
        QVERIFY(!lacksWorker(queue));
    }

    void crashedRun_isTriedAgainThreeTimes()
    {
        QueueRow row = rowOf(1, RunState::Crashed);
        row.attempts = kMostAttempts - 1;
        QVERIFY(isWaiting(row));
        row.attempts = kMostAttempts;
        QVERIFY(!isWaiting(row));
        QueueState queue;
        queue.rows = {row};
        QVERIFY(waitsFor(queue, row).find("retry it by hand") != std::string::npos);
    }

    void giveBack_queuesWhatTheWorkerStopped()
    {
        Three three;
        const std::int64_t run = three.runs[0];
        must(three.queue.countAttempt(run));
        three.become(run, RunState::Stopped);
        must(three.queue.giveBack(run));
        QVERIFY(three.row(run).run.state == RunState::Queued);
        QCOMPARE(three.row(run).attempts, 0);
        three.become(run, RunState::Finished);
        must(three.queue.giveBack(run));
        must(three.queue.giveUp(run, "late"));
        QVERIFY(three.row(run).run.state == RunState::Finished);
        QVERIFY(!three.queue.retry(run));
    }

    void remove_isRefusedWhileUnderWay()
    {
        Three three;
        three.become(three.runs[0], RunState::Running);
        QVERIFY(three.row(three.runs[0]).run.state == RunState::Running);
        const auto refused = three.queue.remove(three.runs[0]);
        QVERIFY(!refused && refused.error().message.find("gradus stop") != std::string::npos);
        must(three.queue.remove(three.runs[1]));
        three.become(three.runs[2], RunState::Finished);
        QCOMPARE(must(three.queue.removeFinished()), std::int64_t{1});
        QCOMPARE(three.order(), std::vector{three.runs[0]});
        QCOMPARE(must(must(StoreReader::open(three.path)).runs()).size(), std::size_t{3});
    }

    void finishedRun_cannotBeClaimed()
    {
        OneRun one;
        one.writer->setState(one.run, RunState::Finished);
        must(one.writer->flush());
        const auto claimed = one.writer->claim(one.run);
        QVERIFY(!claimed && claimed.error().kind == ErrorKind::Refused);
    }
};

GRADUS_SUITE(QueueTest)
#include "queue_test.moc"
