// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus sandbox play --store`: episodes as a run that can be read, stopped, killed in mid-episode and continued.
#include "core/agent/sleeper.h"
#include "core/sandbox/cells.h"
#include "core/sandbox/holed_bubblewrap.h"
#include "program.h"
#include "support/suite.h"

#include "store/store_reader.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <set>
#include <unistd.h>

using namespace gradus;
using namespace gradus::tests;

namespace {

const QStringList kShort = {"--turns", "3", "--turn-tokens", "8"};
constexpr const char* kSeconds = "2.375"; ///< no other process sleeps for so long

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Processes below this one, at any depth; they are of other namespaces, but /proc here lists them.
std::set<qint64> descendantsOf(qint64 root)
{
    std::multimap<qint64, qint64> children;
    for (const QString& name : QDir("/proc").entryList(QDir::Dirs)) {
        bool isNumber = false;
        const qint64 pid = name.toLongLong(&isNumber);
        if (!isNumber) continue;
        const QByteArray stat = contents("/proc/" + name + "/stat");
        const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
        if (fields.size() > 1) children.emplace(fields[1].toLongLong(), pid);
    }
    std::set<qint64> found;
    std::vector<qint64> open{root};
    while (!open.empty()) {
        const qint64 parent = open.back();
        open.pop_back();
        const auto [begin, end] = children.equal_range(parent);
        for (auto child = begin; child != end; ++child)
            if (found.insert(child->second).second) open.push_back(child->second);
    }
    return found;
}

bool isAlive(qint64 pid)
{
    const QByteArray stat = contents("/proc/" + QString::number(pid) + "/stat");
    return !stat.isEmpty() && stat.mid(stat.lastIndexOf(')') + 2, 1) != "Z";
}

bool sleeps(qint64 pid)
{
    return contents("/proc/" + QString::number(pid) + "/cmdline") == QByteArray("sleep\0", 6) + kSeconds + '\0';
}

/// What a cell could leave on this machine: mounts, temporary files.
QStringList leftovers()
{
    QStringList all = QString::fromUtf8(contents("/proc/self/mountinfo")).split('\n');
    for (const char* folder : {"/tmp", "/dev/shm"})
        for (const QString& name : QDir(folder).entryList({"*gradus-cell*", "*bwrap*", "bindfile*"}))
            all << QString(folder) + "/" + name;
    return all;
}

} // namespace

class PlayStoreTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        writeToyFolder(m_folder.path().toStdString() + "/toy", "", 0, 16, 16384, toyTemplate());
    }

    void episodes_areARunWithTheirOwnTask()
    {
        GRADUS_NEEDS_CELLS();
        const Outcome outcome = gradusIn(
            {"sandbox", "play", "toy", "--scenario", "rounding-tests", "--temperature", "1", "--store", "a.db"},
            kShort);
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        QVERIFY2(outcome.out.contains("Kept: gradus transcript "), outcome.out.constData());
        const auto reader = store::StoreReader::open(m_folder.filePath("a.db").toStdString());
        QVERIFY(reader);
        const auto runs = reader->runs();
        QVERIFY(runs && runs->size() == 1);
        const store::RunRow& run = runs->front();
        QCOMPARE(run.taskName, std::string("rounding-tests"));
        QCOMPARE(run.procedure, std::string("sandbox play"));
        QCOMPARE(run.experimentName, std::string("play: toy"));
        QVERIFY(run.state == store::RunState::Finished);
        const auto episodes = reader->episodes(run.id);
        QVERIFY(episodes);
        QCOMPARE(episodes->size(), std::size_t{3});
        for (const events::EpisodeRecord& episode : *episodes) {
            QVERIFY(QString::fromStdString(episode.key).startsWith("rounding-tests/"));
            QVERIFY(QString::fromStdString(episode.scenario).startsWith("rounding-tests / "));
            QCOMPARE(episode.judge, std::string("oracle"));
            QVERIFY(!episode.others.empty()); // monitors, with their scores
            QVERIFY(episode.messages.size() >= 2);
        }
        const auto detail = reader->detail(run.id);
        QVERIFY(detail);
        const auto battery = std::ranges::find(detail->events, "sandbox.battery", &store::EventRow::kind);
        QVERIFY(battery != detail->events.end());
        QVERIFY2(battery->sentence.find(" 0 open") != std::string::npos, battery->sentence.c_str());
        const auto origin = std::ranges::find(detail->events, "run.origin", &store::EventRow::kind);
        QVERIFY(origin != detail->events.end()); // with the device that the model played on
        QVERIFY2(origin->detailsJson.find("\"device\":\"cpu\"") != std::string::npos, origin->detailsJson.c_str());
        const Outcome shown = gradusIn({"transcript", QString::fromStdString(run.uuid), "--store", "a.db", "--json"});
        QVERIFY2(shown.exitCode == 0, shown.err.constData());
        QVERIFY(shown.out.contains("monitor/M10"));
        const Outcome listed = gradusIn({"list", "--store", "a.db"});
        QVERIFY2(!listed.out.contains("builtin:registers"), listed.out.constData());
        // It is finished, and no experiment.
        const QString name = QString::fromStdString(run.uuid.substr(0, 8));
        QVERIFY(gradusIn({"sandbox", "play", "--resume", name, "--store", "a.db"}).err.contains("is finished"));
        QVERIFY(gradusIn({"resume", name, "--store", "a.db"}).err.contains("sandbox play --resume"));
    }

    void sandboxWithAHole_runsNothingThatAModelWrote_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::newRow("play") << "sandbox play toy --scenario rounding-tests --temperature 1 --store holed.db";
        QTest::newRow("monitors") << "sandbox monitors --id rounding-tests --seeds 1 --store holed.db";
        QTest::newRow("scenarios") << "sandbox scenarios --id rounding-tests";
        QTest::newRow("humaneval") << "model eval toy --task humaneval --data problems.jsonl";
    }
    void sandboxWithAHole_runsNothingThatAModelWrote()
    {
        GRADUS_NEEDS_CELLS();
        QFETCH(QString, verb);
        QTemporaryDir holes("/var/tmp/gradus-holes-XXXXXX");
        const QString holed = QString::fromStdString(holedBubblewrap(holes.path().toStdString()));
        if (holed.isEmpty()) QSKIP("needs /usr/bin/python3");
        // The program knows one path of bubblewrap; another program is put there for this process alone.
        const QString elsewhere = geteuid() == 0 ? "unshare -m sh -c 'mount --bind " + holed + " /usr/bin/bwrap && %1'"
                                                 : holes.path() + "/bwrap-real --dev-bind / / --bind " + holed +
                                                       " /usr/bin/bwrap -- sh -c '%1'";
        if (runShell(m_folder.path(), elsewhere.arg("true")).exitCode != 0)
            QSKIP("this machine gives a process no mounts of its own");
        writeText(m_folder.filePath("problems.jsonl"),
                  R"({"task_id": "1", "prompt": "def f():\n", "entry_point": "f", "test": "def check(f): pass\n"})"
                  "\n");
        const Outcome outcome = runShell(m_folder.path(), elsewhere.arg("exec \"$GRADUS\" " + verb));
        QVERIFY2(outcome.exitCode == 3, outcome.err.constData());
        QVERIFY2((outcome.out + outcome.err).contains("kernel-files (masked /proc)"), outcome.err.constData());
        QVERIFY(!QFile::exists(m_folder.filePath("holed.db")));
    }

    void stoppedSearch_goesOnWithWhatItKnew()
    {
        GRADUS_NEEDS_CELLS();
        const QStringList search =
            QStringList{"sandbox", "play",       "toy", "--family",      "F5", "--search", "--seed",
                        "7",       "--episodes", "6",   "--temperature", "1"} +
            kShort;
        const Outcome whole = gradusIn(search, {"--store", "whole.db", "--json"});
        QVERIFY2(whole.exitCode == 0, whole.err.constData());
        QProcess process;
        startGradus(process, m_folder.path(), search + QStringList{"--store", "stopped.db", "-o", "stopped.jsonl"});
        QVERIFY(process.waitForStarted());
        QVERIFY(waitUntil([&] { return contents(m_folder.filePath("stopped.jsonl")).count('\n') >= 2; }));
        signalProgram(process, SIGINT);
        QVERIFY(process.waitForFinished(60000 * kPatience));
        const QByteArray said = process.readAllStandardOutput();
        QCOMPARE(process.exitCode(), 130);
        QVERIFY2(said.contains("Continue: gradus sandbox play --resume "), said.constData());
        const QString name = QString::fromUtf8(said.mid(said.indexOf("--resume ") + 9, 8));
        const Outcome resumed = gradusIn({"sandbox", "play", "--resume", name, "--store", "stopped.db", "--json"});
        QVERIFY2(resumed.exitCode == 0, resumed.err.constData());
        QCOMPARE(keysOf("stopped.db"), keysOf("whole.db"));
        const QJsonObject report = QJsonDocument::fromJson(resumed.out).object();
        QCOMPARE(report["episodes"].toInt(), 6);
        QVERIFY(report["known"].toInt() >= 2);
        QCOMPARE(report["coverage"], QJsonDocument::fromJson(whole.out).object()["coverage"]);
    }

    void killedInMidEpisode_cellDiesEpisodeIsInterruptedAndRepeated()
    {
        GRADUS_NEEDS_CELLS();
        const std::string toml = sleeperToml(kSeconds);
        const scenario::Scenario scenario = parsed(toml).value();
        writeText(m_folder.filePath("sleeper.toml"), QByteArray::fromStdString(toml));
        const auto material = scenario::render(scenario, {.twin = scenario::Twin::Honest}).value();
        folderTaught(m_folder.path().toStdString(), "taught", scenario, {{scenario::Twin::Honest, material.honest}});
        const QStringList before = leftovers();
        const QStringList play = {"sandbox", "play", "taught",     "--file", "sleeper.toml", "--twin", "honest",
                                  "--store", "k.db", "--episodes", "1"};
        QProcess process;
        startGradus(process, m_folder.path(), play);
        QVERIFY(process.waitForStarted());
        std::set<qint64> below;
        const auto commandRuns = [&] {
            // The file's own scripts sleep as well, when it is tried; that is before there is a store.
            below = QFile::exists(m_folder.filePath("k.db")) ? descendantsOf(process.processId()) : std::set<qint64>();
            return std::ranges::any_of(below, sleeps) || process.state() == QProcess::NotRunning;
        };
        QVERIFY(waitUntil(commandRuns));
        QVERIFY2(process.state() == QProcess::Running, process.readAll().constData());
        QVERIFY(below.size() >= 4); // keeper, bubblewrap, first process, shell
        signalProgram(process, SIGKILL);
        QVERIFY(process.waitForFinished(60000 * kPatience));
        QVERIFY(waitUntil([&] { return std::ranges::none_of(below, isAlive); }));
        QCOMPARE(leftovers(), before);

        std::string uuid;
        {
            const auto reader = store::StoreReader::open(m_folder.filePath("k.db").toStdString());
            QVERIFY(reader);
            const auto runs = reader->runs();
            QVERIFY(runs && runs->size() == 1);
            uuid = runs->front().uuid;
            QVERIFY(runs->front().state == store::RunState::Crashed);
            const auto episodes = reader->episodes(runs->front().id);
            QVERIFY(episodes && episodes->size() == 1);
            QCOMPARE(episodes->front().verdict, std::string("interrupted"));
            QVERIFY(episodes->front().messages.front().content.starts_with("Wait."));
        }
        const Outcome resumed =
            gradusIn({"sandbox", "play", "--resume", QString::fromStdString(uuid), "--store", "k.db", "--json"});
        QVERIFY2(resumed.exitCode == 0, resumed.err.constData());
        const auto reader = store::StoreReader::open(m_folder.filePath("k.db").toStdString());
        QVERIFY(reader);
        const store::RunRow run = reader->findRun(uuid).value();
        QVERIFY(run.state == store::RunState::Finished);
        const auto episodes = reader->episodes(run.id);
        QVERIFY(episodes && episodes->size() == 1);
        QCOMPARE(episodes->front().verdict, std::string("safe"));
        QVERIFY2(episodes->front().note.starts_with("honest success"), episodes->front().note.c_str());
        // What the call did is there: its end, and the file that it made.
        const auto tool = std::ranges::find_if(episodes->front().messages,
                                               [](const events::EpisodeMessage& one) { return one.role == "tool"; });
        QVERIFY(tool != episodes->front().messages.end());
        const QJsonObject details = QJsonDocument::fromJson(QByteArray::fromStdString(tool->detailsJson)).object();
        QCOMPARE(details["exit"].toInt(-1), 0);
        QCOMPARE(details["changes"].toArray()[0].toObject()["path"].toString(), QString("/home/agent/out.txt"));
        const auto detail = reader->detail(run.id);
        QVERIFY(detail);
        QVERIFY(std::ranges::any_of(detail->events, [](const store::EventRow& event) {
            return event.kind == "episode.interrupted" && event.sentence.find("sleeper/honest/1") != std::string::npos;
        }));
        QCOMPARE(leftovers(), before);
    }

private:
    Outcome gradusIn(const QStringList& words, const QStringList& more = {}) const
    {
        return runGradus(m_folder.path(), words + more);
    }
    std::vector<std::string> keysOf(const char* name) const
    {
        const auto reader = store::StoreReader::open(m_folder.filePath(name).toStdString());
        if (!reader) return {};
        const auto runs = reader->runs();
        if (!runs || runs->empty()) return {};
        const auto episodes = reader->episodes(runs->front().id);
        if (!episodes) return {};
        std::vector<std::string> keys;
        for (const events::EpisodeRecord& episode : *episodes)
            keys.push_back(episode.key + " " + episode.verdict);
        return keys;
    }
    static bool waitUntil(const std::function<bool()>& holds)
    {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 60000 * kPatience) {
            if (holds()) return true;
            QTest::qWait(20);
        }
        return false;
    }

    QTemporaryDir m_folder;
};
GRADUS_SUITE(PlayStoreTest)
#include "play_store_test.moc"
