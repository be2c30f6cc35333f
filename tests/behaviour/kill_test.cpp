// SPDX-License-Identifier: GPL-3.0-or-later
// SIGKILL at random moments: no committed row is lost, and the resumed run ends bit-equal to an undisturbed one.
#include "base/rng.h"
#include "store/store_check.h"
#include "store/store_reader.h"

#include "program.h"
#include "run_content.h"
#include "support/suite.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace gradus;
using namespace gradus::tests;

namespace {

constexpr int kKills = 12;

const QByteArray kExperiment = R"([experiment]
name = "kill"
seeds = [3]
[ladder]
generations = 3
start = 0
[task]
test_items = 300
[gap]
controller = "fixed"
value = 0.3
[training]
labels = 256
epochs = 12
batch = 16
checkpoint_every = 7
evaluate_every = 20
)";

/// Climbs by what it measures; a gate of no tolerance rolls back whatever is below its supervisor on 60 anchors.
const QByteArray kClimb = R"([experiment]
name = "climb"
seeds = [1]
[ladder]
generations = 5
start = 1
[task]
test_items = 120
[gap]
controller = "adaptive"
value = 0.4
reject_at = 0
gain_least = 0
[signals]
anchors = 60
[training]
labels = 96
learning_rate = { keys = [[0.0, 0.006], [1.0, 0.002]] }
checkpoint_every = 5
)";

/// One student of noisy labels, shaped by a teacher that must be trained first and read back afterwards.
const QByteArray kNoise = R"([experiment]
name = "noise"
procedure = "noise-sensitivity"
seeds = [4]
[ladder]
generations = 1
start = 3
[task]
test_items = 300
[[signals.source]]
name = "labels"
kind = "synthetic"
noise = "teacher-errors"
like = "teacher"
rate = 0.3
[[signals.source]]
name = "teacher"
rung = 1
weight = 0
[training]
labels = 256
epochs = 12
batch = 16
body_scale = 0.1
checkpoint_every = 7
evaluate_every = 20
)";

/// uuid of the only run, empty while there is none.
QString runIn(const QString& folder)
{
    const auto reader = store::StoreReader::open((folder + "/gradus.db").toStdString());
    if (!reader) return {};
    const auto rows = reader->runs();
    return rows.ok() && !rows->empty() ? QString::fromStdString(rows->front().uuid) : QString();
}

/// Of the only run; nothing while there is none.
RunContent contentOf(const QString& folder)
{
    const QString run = runIn(folder);
    return run.isEmpty() ? RunContent{} : tests::contentOf(folder, run.toStdString());
}

bool isFinished(const QString& folder)
{
    const auto reader = store::StoreReader::open((folder + "/gradus.db").toStdString());
    if (!reader) return false;
    const auto rows = reader->runs();
    return rows.ok() && !rows->empty() && rows->front().state == store::RunState::Finished;
}

} // namespace

class KillTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_calm;
    RunContent m_expected;
    qint64 m_duration = 0;

    /// Runs the experiment undisturbed, then several times with up to three kills each; all must end as the first did.
    static RunContent killedAgainAndAgain(const QByteArray& toml, int times)
    {
        RunContent expected;
        [&] { // QVERIFY returns nothing
            QTemporaryDir calm;
            writeText(calm.filePath("e.toml"), toml);
            QElapsedTimer timer;
            timer.start();
            const Outcome undisturbed = runGradus(calm.path(), {"run", "e.toml", "--store", "gradus.db"});
            QVERIFY2(undisturbed.exitCode == 0, undisturbed.err.constData());
            const auto duration = static_cast<std::uint64_t>(timer.elapsed());
            expected = contentOf(calm.path());
            Rng rng(propertySeed(), "kill moments");
            for (int i = 0; i < times; ++i) {
                QTemporaryDir folder;
                writeText(folder.filePath("e.toml"), toml);
                QStringList arguments{"run", "e.toml", "--store", "gradus.db"};
                for (int kill = 0; kill < 3; ++kill) {
                    QProcess process;
                    startGradus(process, folder.path(), arguments);
                    QVERIFY(process.waitForStarted());
                    if (!process.waitForFinished(static_cast<int>(duration / 8 + rng.below(duration / 2)))) {
                        signalProgram(process, SIGKILL);
                        QVERIFY(process.waitForFinished());
                    }
                    if (const QString run = runIn(folder.path()); !run.isEmpty())
                        arguments = {"resume", run, "--store", "gradus.db"};
                    if (isFinished(folder.path())) break;
                }
                if (!isFinished(folder.path())) {
                    const Outcome rest = runGradus(folder.path(), arguments);
                    QVERIFY2(rest.exitCode == 0, (arguments.join(' ').toUtf8() + ": " + rest.err).constData());
                }
                const RunContent after = contentOf(folder.path());
                QVERIFY(after.points == expected.points);
                QVERIFY(after.weights == expected.weights);
                QVERIFY(after.events == expected.events);
            }
        }();
        return expected;
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeText(m_calm.filePath("e.toml"), kExperiment);
        QElapsedTimer timer;
        timer.start();
        const Outcome outcome = runGradus(m_calm.path(), {"run", "e.toml", "--store", "gradus.db"});
        m_duration = timer.elapsed();
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        m_expected = contentOf(m_calm.path());
        QVERIFY(m_expected.points.size() > 500);
        QCOMPARE(m_expected.weights.size(), 3U);
    }

    void killedAtRandomMoments_losesNothingAndEndsBitEqual()
    {
        Rng rng(propertySeed(), "kill moments");
        int killedWhileRunning = 0;
        for (int kill = 0; kill < kKills; ++kill) {
            QTemporaryDir folder;
            writeText(folder.filePath("e.toml"), kExperiment);
            QProcess process;
            startGradus(process, folder.path(), {"run", "e.toml", "--store", "gradus.db"});
            QVERIFY(process.waitForStarted());
            QElapsedTimer alive;
            alive.start();
            const auto moment = static_cast<int>(rng.below(static_cast<std::uint64_t>(m_duration)));
            if (!process.waitForFinished(moment)) {
                signalProgram(process, SIGKILL);
                QVERIFY(process.waitForFinished());
                ++killedWhileRunning;
            } else {
                m_duration = std::min(m_duration, alive.elapsed()); // the first run was slowed down by others
            }
            const RunContent committed = contentOf(folder.path());
            const QString run = runIn(folder.path());
            if (run.isEmpty()) continue; // killed before the run was recorded: nothing was promised
            const auto sound = store::checkStore(folder.filePath("gradus.db").toStdString());
            QVERIFY(sound.ok() && sound->sound());
            if (!process.exitCode() && process.exitStatus() == QProcess::NormalExit) continue;
            if (!isFinished(folder.path())) { // the kill may come after the last row and before the exit
                const Outcome resumed = runGradus(folder.path(), {"resume", run, "--store", "gradus.db"});
                QVERIFY2(resumed.exitCode == 0, resumed.err.constData());
            }
            const RunContent after = contentOf(folder.path());
            for (const auto& [key, bits] : committed.points)
                QVERIFY2(after.points.contains(key) && after.points.at(key) == bits, key.first.c_str());
            QVERIFY(after.points == m_expected.points);
            QVERIFY(after.weights == m_expected.weights);
            QVERIFY(after.events == m_expected.events);
        }
        qInfo("killed %d of %d runs while they worked (one undisturbed run: %lld ms)", killedWhileRunning, kKills,
              static_cast<long long>(m_duration));
        QVERIFY(killedWhileRunning >= kKills / 2);
    }

    void killedWhileItClimbs_decidesTheSameAgain()
    {
        const RunContent expected = killedAgainAndAgain(kClimb, 3);
        int rolledBack = 0;
        for (const std::string& event : expected.events)
            rolledBack += event.starts_with("generation.rolled_back") ? 1 : 0;
        qInfo("%d generations were rolled back in this run", rolledBack);
    }

    void killedStudentOfNoise_endsBitEqual()
    {
        const RunContent expected = killedAgainAndAgain(kNoise, 3);
        QCOMPARE(expected.weights.size(), std::size_t{1});
        QVERIFY(expected.points.contains({"noise/wrong", 0}));
    }

    void sigterm_checkpointsAndEnds()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kExperiment);
        QProcess process;
        startGradus(process, folder.path(), {"run", "e.toml", "--store", "gradus.db"});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(!contentOf(folder.path()).points.empty(), 20'000);
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        const Outcome resumed = runGradus(folder.path(), {"resume", runIn(folder.path()), "--store", "gradus.db"});
        QVERIFY2(resumed.exitCode == 0, resumed.err.constData());
        const RunContent after = contentOf(folder.path());
        QVERIFY(after.points == m_expected.points);
        QVERIFY(after.weights == m_expected.weights);
    }

    void storedStopCommand_stopsTheRun()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kExperiment);
        QProcess process;
        startGradus(process, folder.path(), {"run", "e.toml", "--store", "gradus.db"});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(!contentOf(folder.path()).points.empty(), 20'000);
        const Outcome stop = runGradus(folder.path(), {"stop", runIn(folder.path()), "--store", "gradus.db"});
        QVERIFY(process.waitForFinished(20'000));
        // The run may have ended by itself before the command was read.
        QVERIFY(process.exitCode() == 130 || stop.exitCode == 2 || process.exitCode() == 0);
    }
};
GRADUS_SUITE(KillTest)
#include "kill_test.moc"
