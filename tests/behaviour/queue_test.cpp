// SPDX-License-Identifier: GPL-3.0-or-later
// The queue as a user meets it: order, pauses, processes that are killed, a machine that goes down with everything on
// it.
#include "store/store_check.h"
#include "store/store_reader.h"

#include "program.h"
#include "support/suite.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <map>

using namespace gradus;
using namespace gradus::tests;

namespace {

constexpr int kRuns = 50;

/// A second of work, or minutes of it.
QByteArray experiment(const QByteArray& seeds, bool isLong = false)
{
    return "[experiment]\nname = \"queued\"\nseeds = [" + seeds +
           "]\n[ladder]\ngenerations = 2\nstart = 0\n[task]\ntest_items = 100\n"
           "[gap]\ncontroller = \"fixed\"\nvalue = 0.3\n"
           "[training]\ncheckpoint_every = 2\n" +
           (isLong ? "labels = 640\nepochs = 1000\n" : "labels = 64\nepochs = 1\n");
}

QByteArray seedsUpTo(int last)
{
    QByteArray seeds;
    for (int seed = 1; seed <= last; ++seed)
        seeds += (seed > 1 ? ", " : "") + QByteArray::number(seed);
    return seeds;
}

/// Processes whose command line names the folder's store.
QList<pid_t> processesOf(const QString& folder)
{
    QList<pid_t> found;
    const QByteArray store = (folder + "/gradus.db").toUtf8();
    for (const QString& name : QDir("/proc").entryList(QDir::Dirs)) {
        bool isNumber = false;
        const int pid = name.toInt(&isNumber);
        QFile file("/proc/" + name + "/cmdline");
        if (isNumber && pid != ::getpid() && file.open(QIODevice::ReadOnly) && file.readAll().contains(store))
            found.append(pid);
    }
    return found;
}

std::map<std::string, int> statesIn(const QString& folder)
{
    std::map<std::string, int> states;
    const auto reader = store::StoreReader::open((folder + "/gradus.db").toStdString());
    if (!reader) return states;
    const auto queue = reader->queue();
    if (!queue) return states;
    for (const store::QueueRow& row : queue->rows)
        ++states[store::nameOf(row.run.state)];
    return states;
}

/// Hashes of the weights of every generation, by seed.
std::map<std::int64_t, std::vector<std::string>> weightsIn(const QString& folder)
{
    std::map<std::int64_t, std::vector<std::string>> weights;
    const auto reader = store::StoreReader::open((folder + "/gradus.db").toStdString());
    if (!reader) return weights;
    const auto runs = reader->runs();
    if (!runs) return weights;
    for (const store::RunRow& run : *runs) {
        const auto detail = reader->detail(run.id);
        if (!detail) return {};
        for (const auto& generation : detail->generations)
            weights[run.seed].push_back(generation.checkpointHash);
    }
    return weights;
}

/// How many processes brought a run to its end, from what they said.
int endsIn(const QString& folder)
{
    int ends = 0;
    for (const QFileInfo& log : QDir(folder + "/logs").entryInfoList({"*-*.log"}, QDir::Files)) {
        QFile file(log.filePath());
        if (file.open(QIODevice::ReadOnly))
            for (const QByteArray& line : file.readAll().split('\n'))
                ends += line.endsWith(": finished") ? 1 : 0;
    }
    return ends;
}

QJsonObject listOf(const QString& folder)
{
    return QJsonDocument::fromJson(runGradus(folder, {"queue", "list", "--json", "--store", folder + "/gradus.db"}).out)
        .object();
}

QString uuidAt(const QString& folder, int index)
{
    return listOf(folder)["runs"].toArray()[index].toObject()["uuid"].toString();
}

} // namespace

class QueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersPausesAndDependencies_areKept()
    {
        QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        writeText(folder.filePath("e.toml"), experiment("1, 2, 3"));
        const Outcome added = runGradus(folder.path(), {"queue", "add", "e.toml", "--store", store});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const QString first = uuidAt(folder.path(), 0);
        const QString last = uuidAt(folder.path(), 2);
        QCOMPARE(runGradus(folder.path(), {"queue", "move", last, "--by=-2", "--store", store}).exitCode, 0);
        QCOMPARE(uuidAt(folder.path(), 0), last);
        QCOMPARE(runGradus(folder.path(), {"queue", "after", last, "--run", first, "--store", store}).exitCode, 0);
        const Outcome circle = runGradus(folder.path(), {"queue", "after", first, "--run", last, "--store", store});
        QCOMPARE(circle.exitCode, 2);
        QVERIFY2(circle.err.contains("would wait for itself"), circle.err.constData());

        QCOMPARE(runGradus(folder.path(), {"queue", "pause", "--store", store}).exitCode, 0);
        QCOMPARE(runGradus(folder.path(), {"queue", "work", "--store", store}).exitCode, 0);
        QCOMPARE(statesIn(folder.path()), (std::map<std::string, int>{{"queued", 3}}));
        QCOMPARE(runGradus(folder.path(), {"queue", "resume", "--store", store}).exitCode, 0);
        const Outcome worked = runGradus(folder.path(), {"queue", "work", "--cores", "1", "--store", store});
        QVERIFY2(worked.exitCode == 0, worked.err.constData());
        QVERIFY(worked.out.contains("3 finished, 0 failed"));
        // One core: the moved run stands first and still waits for the one it was told to wait for.
        QVERIFY(worked.out.indexOf("begun: " + last.left(8).toUtf8()) >
                worked.out.indexOf("finished: " + first.left(8).toUtf8()));
        QVERIFY(runGradus(folder.path(), {"queue", "clear", "--store", store}).out.startsWith("3 finished runs"));
        QVERIFY(runGradus(folder.path(), {"queue", "list", "--store", store}).out.startsWith("Nothing is queued"));
    }

    void badFileAmongGoodOnes_queuesNothing()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("good.toml"), experiment("1"));
        writeText(folder.filePath("bad.toml"), "[experiment]\nname = \"x\"\nseeds = [1]\n[gap]\nvalue = \"wide\"\n");
        const Outcome added = runGradus(
            folder.path(), {"queue", "add", "good.toml", "bad.toml", "--store", folder.filePath("gradus.db")});
        QCOMPARE(added.exitCode, 2);
        QVERIFY2(added.err.contains("bad.toml") || added.err.contains("gap.value"), added.err.constData());
        QVERIFY(!QFile::exists(folder.filePath("gradus.db")));
    }

    /// A mistyped path once became an empty queue, folders and all.
    void missingStore_isBadInputAndNothingIsWritten()
    {
        QTemporaryDir folder;
        const QString store = folder.filePath("none/gradus.db");
        for (const QStringList& verb : {QStringList{"work"}, {"pause"}, {"resume"}, {"clear"}, {"list"}}) {
            const Outcome outcome =
                runGradus(folder.path(), QStringList{"queue"} + verb + QStringList{"--store", store});
            QCOMPARE(outcome.exitCode, 2);
            QVERIFY2(outcome.err.contains("There is no store at"), outcome.err.constData());
        }
        QCOMPARE(filesBelow(folder.path()), QStringList());
        QVERIFY(!QFile::exists(folder.filePath("none")));
    }

    /// It once marked the run as failed and dropped its owner, so that a third process could take it as well.
    void secondResumeOfALivingRun_leavesItAlone()
    {
        QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        writeText(folder.filePath("e.toml"), experiment("1", true));
        QProcess process;
        startGradus(process, folder.path(), {"run", "e.toml", "--store", store});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(store::StoreReader::open(store.toStdString()).ok(), 20'000);
        const auto row = [&] {
            const auto runs = store::StoreReader::open(store.toStdString())->runs();
            return runs.ok() && !runs->empty() ? runs->front() : store::RunRow{};
        };
        QTRY_VERIFY_WITH_TIMEOUT(row().state == store::RunState::Running, 20'000);
        const Outcome second =
            runGradus(folder.path(), {"resume", QString::fromStdString(row().uuid), "--store", store});
        QVERIFY(second.exitCode != 0);
        QVERIFY2(second.err.contains("is being worked on by process"), second.err.constData());
        QVERIFY2(row().state == store::RunState::Running, store::nameOf(row().state));
        process.terminate();
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY(row().state == store::RunState::Stopped);
    }

    void stoppedWorker_letsItsRunsWaitAgain()
    {
        QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        writeText(folder.filePath("e.toml"), experiment("1, 2", true));
        QCOMPARE(runGradus(folder.path(), {"queue", "add", "e.toml", "--store", store}).exitCode, 0);
        QProcess worker;
        startGradus(worker, folder.path(), {"queue", "work", "--cores", "1", "--store", store});
        QTRY_VERIFY_WITH_TIMEOUT(statesIn(folder.path())["running"] == 1, 30'000);
        const Outcome second = runGradus(folder.path(), {"queue", "work", "--store", store});
        QVERIFY(second.exitCode == 0 && second.out.startsWith("Another worker"));
        worker.terminate();
        QVERIFY(worker.waitForFinished(60'000));
        QCOMPARE(worker.exitCode(), 130);
        QCOMPARE(statesIn(folder.path()), (std::map<std::string, int>{{"queued", 2}}));
        QVERIFY(processesOf(folder.path()).isEmpty());
    }

    void runThatCannotBegin_saysWhyAndIsNotTriedForEver()
    {
        QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        writeText(folder.filePath("e.toml"), experiment("1, 2"));
        QCOMPARE(runGradus(folder.path(), {"queue", "add", "e.toml", "--store", store}).exitCode, 0);
        // The folder where the checkpoints belong is taken by a file: no run can write there.
        writeText(folder.filePath("checkpoints"), "in the way");
        const Outcome worked = runGradus(folder.path(), {"queue", "work", "--store", store});
        QCOMPARE(worked.exitCode, 1);
        QCOMPARE(statesIn(folder.path()), (std::map<std::string, int>{{"failed", 2}}));
        QVERIFY2(worked.out.contains("checkpoints"), worked.out.constData());
        QVERIFY(QFile::remove(folder.filePath("checkpoints")));
        for (int i = 0; i < 2; ++i)
            QCOMPARE(runGradus(folder.path(), {"queue", "retry", uuidAt(folder.path(), i), "--store", store}).exitCode,
                     0);
        QCOMPARE(runGradus(folder.path(), {"queue", "work", "--store", store}).exitCode, 0);
        QCOMPARE(statesIn(folder.path()), (std::map<std::string, int>{{"finished", 2}}));
    }

    /// The worker is killed twice, then everything at once, as when the machine goes down.
    void fiftyRuns_finishExactlyOnceWhateverIsKilled()
    {
        QTemporaryDir calm;
        writeText(calm.filePath("e.toml"), experiment(seedsUpTo(kRuns)));
        QCOMPARE(runGradus(calm.path(), {"run", "e.toml", "--store", calm.filePath("gradus.db")}).exitCode, 0);

        QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        writeText(folder.filePath("e.toml"), experiment(seedsUpTo(kRuns)));
        QCOMPARE(runGradus(folder.path(), {"queue", "add", "e.toml", "--store", store}).exitCode, 0);
        int killedRuns = 0;
        for (const int enough : {8, 18, 30}) {
            QProcess worker;
            startGradus(worker, folder.path(), {"queue", "work", "--store", store});
            QTRY_VERIFY_WITH_TIMEOUT(statesIn(folder.path())["finished"] >= enough, 120'000);
            QTRY_VERIFY_WITH_TIMEOUT(statesIn(folder.path())["running"] > 0, 20'000);
            if (enough < 30) {
                worker.kill();
            } else {
                // Between two runs there may be nobody but the worker for a moment.
                QList<pid_t> all;
                QTRY_VERIFY_WITH_TIMEOUT((all = processesOf(folder.path())).size() > 1, 20'000);
                killedRuns = static_cast<int>(all.size()) - 1;
                for (const pid_t pid : all)
                    ::kill(pid, SIGKILL);
            }
            QVERIFY(worker.waitForFinished());
        }
        QTRY_VERIFY_WITH_TIMEOUT(processesOf(folder.path()).isEmpty(), 20'000);
        const Outcome worked = runGradus(folder.path(), {"queue", "work", "--store", store});
        QVERIFY2(worked.exitCode == 0, worked.out.constData());
        QCOMPARE(statesIn(folder.path()), (std::map<std::string, int>{{"finished", kRuns}}));
        QVERIFY(weightsIn(folder.path()) == weightsIn(calm.path()));
        QCOMPARE(weightsIn(folder.path()).size(), std::size_t{kRuns});
        // A process may be killed after its last commit and before its last word, never the other way round.
        const int ends = endsIn(folder.path());
        QVERIFY2(ends <= kRuns && ends >= kRuns - killedRuns, QByteArray::number(ends).constData());
        const auto sound = store::checkStore(store.toStdString());
        QVERIFY(sound.ok() && sound->sound());
        qInfo("%d runs, worker killed twice, everything once (%d processes at work), %d ends told", kRuns, killedRuns,
              ends);
    }

    /// The window starts the worker and is killed twice; then everything is killed at once, as when the machine goes
    /// down; the next window's worker does what is left.
    void fiftyRuns_finishExactlyOnceWhenWindowsAreKilledAndOnceEverything()
    {
#ifndef GRADUS_WINDOW
        QSKIP("The window is not built.");
#endif
        QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        writeText(folder.filePath("e.toml"), experiment(seedsUpTo(kRuns)));
        QCOMPARE(runGradus(folder.path(), {"queue", "add", "e.toml", "--store", store}).exitCode, 0);
        QVERIFY(processesOf(folder.path()).isEmpty()); // nobody works yet
        QElapsedTimer timer;
        timer.start();
        const auto openWindow = [&](QProcess& window) {
            startWindow(window, folder.path(), {folder.path(), "--page", "queue", "--work"});
            return window.waitForStarted();
        };
        const auto killWindow = [](QProcess& window) {
            window.kill(); // SIGKILL
            return window.waitForFinished() && window.exitStatus() == QProcess::CrashExit;
        };
        for (const int enough : {5, 20}) {
            QProcess window;
            QVERIFY(openWindow(window));
            QTRY_VERIFY_WITH_TIMEOUT(statesIn(folder.path())["finished"] >= enough, 120'000);
            QVERIFY(window.state() == QProcess::Running);
            QVERIFY(statesIn(folder.path())["finished"] < kRuns);
            QVERIFY(killWindow(window));
        }
        QTRY_VERIFY_WITH_TIMEOUT(statesIn(folder.path())["finished"] >= 30, 120'000); // without any window
        QTRY_VERIFY_WITH_TIMEOUT(statesIn(folder.path())["running"] > 0, 20'000);
        QList<pid_t> all;
        QTRY_VERIFY_WITH_TIMEOUT((all = processesOf(folder.path())).size() > 1, 20'000);
        const int killedRuns = static_cast<int>(all.size()) - 1; // the worker is one of them
        for (const pid_t pid : all)
            ::kill(pid, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(processesOf(folder.path()).isEmpty(), 20'000);
        QVERIFY(statesIn(folder.path())["finished"] < kRuns);

        QProcess last;
        QVERIFY(openWindow(last));
        QTRY_COMPARE_WITH_TIMEOUT(statesIn(folder.path()), (std::map<std::string, int>{{"finished", kRuns}}), 240'000);
        QVERIFY(killWindow(last));
        QTRY_VERIFY_WITH_TIMEOUT(processesOf(folder.path()).isEmpty(), 20'000);
        QCOMPARE(weightsIn(folder.path()).size(), std::size_t{kRuns});
        for (const auto& [seed, hashes] : weightsIn(folder.path()))
            QCOMPARE(hashes.size(), std::size_t{2});
        // A process may be killed after its last commit and before its last word, never the other way round.
        const int ends = endsIn(folder.path());
        QVERIFY2(ends <= kRuns && ends >= kRuns - killedRuns, QByteArray::number(ends).constData());
        const auto sound = store::checkStore(store.toStdString());
        QVERIFY(sound.ok() && sound->sound());
        qInfo("%d runs, windows killed, everything once (%d runs at work), in %.1f s", kRuns, killedRuns,
              static_cast<double>(timer.elapsed()) / 1000);
    }
};

GRADUS_SUITE(QueueTest)
#include "queue_test.moc"
