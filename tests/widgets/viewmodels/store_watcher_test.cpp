// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/sample_runs.h"
#include "support/suite.h"

#include "base/clock.h"
#include "viewmodels/live_run.h"
#include "viewmodels/store_watcher.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

constexpr int kPatience = 4000;

QString fileIn(const QTemporaryDir& folder)
{
    return folder.filePath(QStringLiteral("gradus.db"));
}

std::unique_ptr<store::StoreWriter> writerOn(const QString& path)
{
    auto writer = store::StoreWriter::open(path.toStdString());
    if (!writer) qFatal("%s", writer.error().message.c_str());
    return std::move(*writer);
}

/// Collects what a watcher sends.
struct Seen
{
    explicit Seen(StoreWatcher& watcher)
    {
        QObject::connect(&watcher, &StoreWatcher::runsChanged, &context, [this](const auto& rows) { runs = rows; });
        QObject::connect(&watcher, &StoreWatcher::runDetailChanged, &context, [this](const auto& d) {
            detail = d;
            run.setDetail(d);
        });
        QObject::connect(&watcher, &StoreWatcher::pointsArrived, &context, [this](const PointBatch& batch) {
            ++batches;
            starts += batch.fromStart ? 1 : 0;
            newestWall = batch.newestWall;
            run.append(batch);
        });
        QObject::connect(&watcher, &StoreWatcher::storeFailed, &context, [this](const QString& s) { failure = s; });
        QObject::connect(&watcher, &StoreWatcher::storeWaiting, &context, [this](const QString& s) { waiting = s; });
        QObject::connect(&watcher, &StoreWatcher::storeReady, &context, [this] { ++ready; });
    }
    QObject context;
    QVector<store::RunRow> runs;
    store::RunDetail detail;
    LiveRun run;
    QString failure;
    QString waiting;
    double newestWall = 0;
    int batches = 0;
    int starts = 0;
    int ready = 0;
};

} // namespace

class StoreWatcherTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void missingStore_isWaitedFor()
    {
        const QTemporaryDir folder;
        StoreWatcher watcher;
        Seen seen(watcher);
        watcher.open(fileIn(folder));
        QTRY_VERIFY_WITH_TIMEOUT(!seen.waiting.isEmpty(), kPatience);
        QVERIFY(seen.waiting.contains(fileIn(folder)));
        const auto writer = writerOn(fileIn(folder));
        tests::addSampleExperiment(*writer, "first", {}, {1, 2});
        QTRY_COMPARE_WITH_TIMEOUT(seen.runs.size(), 2, kPatience);
        QVERIFY2(seen.failure.isEmpty(), qPrintable(seen.failure));
    }
    void runningRun_arrivesInPieces()
    {
        const QTemporaryDir folder;
        const auto writer = writerOn(fileIn(folder));
        const auto ids = tests::addSampleExperiment(*writer, "run", {}, {1});
        StoreWatcher watcher;
        Seen seen(watcher);
        watcher.open(fileIn(folder));
        watcher.watch(ids.front());
        QVERIFY(writer->claim(ids.front()).ok());
        events::EventSink& sink = writer->sink(ids.front());
        for (int step = 1; step <= 5; ++step) {
            sink.point({"train/loss", step, 0.1 * step});
            QVERIFY(writer->flush().ok());
            QTRY_COMPARE_WITH_TIMEOUT(seen.run.lastStep(), step, kPatience);
        }
        QCOMPARE(seen.starts, 1);
        QVERIFY(seen.batches >= 3);
        QCOMPARE(seen.run.pointCount(), 5U);
        QVERIFY(std::abs(seen.newestWall - wallSeconds()) < 60);
    }
    void watchingAnotherRun_sendsNothingOfTheOldOne()
    {
        const QTemporaryDir folder;
        const auto writer = writerOn(fileIn(folder));
        const auto ids = tests::addSampleExperiment(*writer, "run", {}, {1, 2});
        for (const auto id : ids)
            tests::writeFinishedRun(*writer, {.runId = id, .generations = 2, .stepsPerGeneration = 40});
        QVERIFY(writer->flush().ok());
        StoreWatcher watcher;
        QVector<std::int64_t> from;
        connect(&watcher, &StoreWatcher::pointsArrived, this,
                [&](const PointBatch& batch) { from.append(batch.runId); });
        watcher.open(fileIn(folder));
        watcher.watch(ids[0]);
        watcher.watch(ids[1]);
        QTRY_VERIFY_WITH_TIMEOUT(from.contains(ids[1]), kPatience);
        QTest::qWait(250);
        QVERIFY(!from.contains(ids[0]));
    }
    void finishedRun_comesWhole()
    {
        const QTemporaryDir folder;
        const auto writer = writerOn(fileIn(folder));
        const auto ids = tests::addSampleExperiment(*writer, "run", {"fixed", "schedule"}, {1});
        tests::writeFinishedRun(*writer, {.runId = ids[1], .generations = 3, .stepsPerGeneration = 40});
        QVERIFY(writer->flush().ok());
        StoreWatcher watcher;
        Seen seen(watcher);
        watcher.open(fileIn(folder));
        watcher.watch(ids[1]);
        QTRY_COMPARE_WITH_TIMEOUT(seen.run.lastStep(), 120, kPatience);
        QCOMPARE(seen.detail.run.state, store::RunState::Finished);
        QCOMPARE(seen.detail.generations.size(), 3U);
        QVERIFY(seen.detail.generations[1].utility.has_value());
        QCOMPARE(std::count_if(seen.detail.stages.begin(), seen.detail.stages.end(),
                               [](const auto& stage) { return stage.state == events::StageState::Skipped; }),
                 6);
    }
    void replacedStore_isReadAnew()
    {
        const QTemporaryDir folder;
        const QString other = folder.filePath(QStringLiteral("other.db"));
        {
            const auto writer = writerOn(fileIn(folder));
            tests::addSampleExperiment(*writer, "old", {}, {1});
            const auto second = writerOn(other);
            tests::addSampleExperiment(*second, "new", {}, {1, 2, 3});
        }
        StoreWatcher watcher;
        Seen seen(watcher);
        watcher.open(fileIn(folder));
        QTRY_COMPARE_WITH_TIMEOUT(seen.runs.size(), 1, kPatience);
        for (const char* part : {"", "-wal", "-shm"})
            QFile::remove(fileIn(folder) + part);
        QVERIFY(QFile::rename(other, fileIn(folder)));
        QTRY_COMPARE_WITH_TIMEOUT(seen.runs.size(), 3, kPatience);
        QCOMPARE(seen.ready, 2);
    }
    void notAStore_isOneSentence()
    {
        const QTemporaryDir folder;
        QFile file(fileIn(folder));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        StoreWatcher watcher;
        Seen seen(watcher);
        watcher.open(fileIn(folder));
        QTRY_VERIFY_WITH_TIMEOUT(!seen.failure.isEmpty(), kPatience);
        QVERIFY(!seen.failure.contains('\n'));
        QVERIFY(seen.failure.endsWith('.'));
    }
    void killedWriter_showsACrashedRun()
    {
        const QTemporaryDir folder;
        int pipe[2];
        QCOMPARE(::pipe(pipe), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            // A worker of its own process: claims the run, writes, and is killed without a chance to say so.
            const auto writer = writerOn(fileIn(folder));
            const auto ids = tests::addSampleExperiment(*writer, "doomed", {}, {1});
            tests::writeRunningRun(*writer, {.runId = ids.front(), .generations = 4, .stepsPerGeneration = 40}, 0.4);
            const char sign = writer->flush().ok() ? '1' : '0';
            if (::write(pipe[1], &sign, 1) != 1) ::_exit(1);
            ::pause();
            ::_exit(0);
        }
        char sign = 0;
        QCOMPARE(::read(pipe[0], &sign, 1), 1);
        QCOMPARE(sign, '1');
        StoreWatcher watcher;
        Seen seen(watcher);
        watcher.open(fileIn(folder));
        QTRY_COMPARE_WITH_TIMEOUT(seen.runs.size(), 1, kPatience);
        QCOMPARE(seen.runs.front().state, store::RunState::Running);
        watcher.watch(seen.runs.front().id);
        QTRY_COMPARE_WITH_TIMEOUT(seen.run.lastStep(), 64, kPatience);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        QTRY_COMPARE_WITH_TIMEOUT(seen.runs.front().state, store::RunState::Crashed, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(seen.detail.run.state, store::RunState::Crashed, kPatience);
        QCOMPARE(seen.run.lastStep(), 64); // what was committed is still there
        ::close(pipe[0]);
        ::close(pipe[1]);
    }
    void goingAway_duringAQueryIsSafe()
    {
        const QTemporaryDir folder;
        const auto writer = writerOn(fileIn(folder));
        const auto ids = tests::addSampleExperiment(*writer, "run", {}, {1});
        for (int i = 0; i < 20; ++i) {
            StoreWatcher watcher;
            watcher.open(fileIn(folder));
            watcher.watch(ids.front());
            if (i % 2 == 0) QTest::qWait(5);
        }
    }
};
GRADUS_SUITE(StoreWatcherTest)
#include "store_watcher_test.moc"
