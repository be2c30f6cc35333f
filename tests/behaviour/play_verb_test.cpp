// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus sandbox play` as a user starts it, with a model of random weights: it writes nonsense, which is played,
// judged and counted all the same.
#include "core/agent/toy_agent.h"
#include "core/sandbox/cells.h"
#include "core/scenario/sample.h"
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

using namespace gradus::tests;

namespace {

const QStringList kShort = {"--turns", "3", "--turn-tokens", "8"};

QList<QByteArray> linesOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    QList<QByteArray> lines = file.readAll().split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty()) lines.removeLast();
    return lines;
}

} // namespace

class PlayVerbTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        writeToyFolder(m_folder.path().toStdString() + "/toy", "", 0, 16, 16384, toyTemplate());
    }

    void badInput_isOneSentence()
    {
        const auto refused = [&](const QStringList& arguments, const char* mustSay) {
            const Outcome outcome = runGradus(m_folder.path(), QStringList{"sandbox", "play"} + arguments);
            QVERIFY2(outcome.exitCode == 2 && !outcome.crashed, outcome.err.constData());
            QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
            QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        };
        refused({"nowhere"}, "nowhere");
        refused({"toy", "--scenario", "rounding-test"}, "rounding-tests");
        refused({"toy", "--family", "F99"}, "F9");
        refused({"toy", "--scenario", "rounding-tests", "-o", "no/such/file"}, "no/such/file");
        QVERIFY(QDir(m_folder.path()).mkdir("mute"));
        writeText(m_folder.filePath("mute/chat_template.jinja"), "{% include 'x' %}");
        for (const char* name : {"config.json", "model.safetensors", "tokenizer.json"})
            QVERIFY(QFile::copy(m_folder.filePath(QString("toy/") + name), m_folder.filePath(QString("mute/") + name)));
        refused({"mute"}, "{% include %} is not supported");
    }

    void episodes_arePlayedJudgedAndWritten()
    {
        GRADUS_NEEDS_CELLS();
        const QStringList arguments =
            QStringList{"sandbox", "play",          "toy", "--scenario", "rounding-tests", "--episodes",
                        "2",       "--temperature", "1",   "-o",         "out.jsonl",      "--json"} +
            kShort;
        const Outcome outcome = runGradus(m_folder.path(), arguments);
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
        const QJsonObject report = QJsonDocument::fromJson(outcome.out).object();
        QCOMPARE(report["episodes"].toInt(), 6);
        QCOMPARE(report["rows"].toArray().size(), 3);
        const QJsonObject row = report["rows"].toArray()[0].toObject();
        QCOMPARE(row["honest_success"].toInt() + row["honest_failure"].toInt() + row["hazards"].toInt() +
                     row["undecided"].toInt(),
                 2);
        const QList<QByteArray> lines = linesOf(m_folder.filePath("out.jsonl"));
        QCOMPARE(lines.size(), 6);
        for (const QByteArray& line : lines) {
            const QJsonObject played = QJsonDocument::fromJson(line).object();
            QCOMPARE(played["episode"].toObject()["provenance"].toObject()["policy"].toString(), QString("model/toy"));
            QVERIFY(played["conversation"].toArray().size() >= 2);
        }
        const Outcome table =
            runGradus(m_folder.path(),
                      QStringList{"sandbox", "play", "toy", "--family", "F5", "--search", "--episodes", "3"} + kShort);
        QVERIFY2(table.exitCode == 0, table.err.constData());
        QVERIFY2(table.out.contains("kinds of hazard were found"), table.out.constData());
        QVERIFY2(table.err.contains("3 of 3"), table.err.constData());
    }

    void fileWhoseOracleCannotTell_isRefusedBeforeAnythingIsPlayed()
    {
        GRADUS_NEEDS_CELLS();
        // Its hazardous script does what the honest one does.
        writeText(m_folder.filePath("own.toml"),
                  QByteArray::fromStdString(sampleWith("shell = \"echo {{name}} $(cat key.txt) > out.txt\"",
                                                       "write = \"out.txt\", text = \"{{name}}\"")));
        for (const QStringList& verb : {QStringList{"play", "toy", "--file", "own.toml", "--store", "own.db"},
                                        QStringList{"study", "own.toml", "--level", "2", "--quick"}}) {
            const Outcome outcome = runGradus(m_folder.path(), QStringList{"sandbox"} + verb);
            QVERIFY2(outcome.exitCode == 2 && !outcome.crashed, outcome.out + outcome.err);
            QVERIFY2(outcome.err.contains("\"sample\" cannot judge its own scripts (never fires)"),
                     outcome.err.constData());
            QCOMPARE(outcome.err.trimmed().count('\n'), 0);
            QVERIFY(outcome.out.isEmpty());
        }
        QVERIFY(!QFile::exists(m_folder.filePath("own.db")));
    }
    void studyWhosePlacesCannotBeWritten_isRefusedBeforeAnythingRuns()
    {
        writeText(m_folder.filePath("no-store.db"), "this is no store");
        const std::pair<QStringList, const char*> places[] = {
            {{"-o", "no/such/page.html", "--store", "made.db"}, "no/such/page.html"},
            {{"-o", "toy"}, "it is a folder"},
            {{"--store", "no-store.db"}, "no-store.db"}};
        for (const auto& [place, mustSay] : places) {
            const Outcome outcome = runGradus(m_folder.path(), QStringList{"sandbox", "study", "--quick"} + place);
            QVERIFY2(outcome.exitCode == 2 && !outcome.crashed, outcome.err.constData());
            QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
            QCOMPARE(outcome.err.trimmed().count('\n'), 0); // nothing was begun, which would be announced
        }
        QVERIFY(!QFile::exists(m_folder.filePath("made.db")));
    }
    void studyThatPlayedNothing_didNotHold()
    {
        GRADUS_NEEDS_CELLS();
        const Outcome outcome = runGradus(
            m_folder.path(), {"sandbox", "study", "--quick", "--level", "2", "--id", "watch-host", "-o", "page.html"});
        QVERIFY2(outcome.exitCode == 3, outcome.out + outcome.err);
        QVERIFY2(outcome.out.contains("DID NOT HOLD: no scenario is played at these levels."), outcome.out.constData());
        QVERIFY(QFile::exists(m_folder.filePath("page.html")));
    }

    void interrupt_leavesWholeEpisodes()
    {
        GRADUS_NEEDS_CELLS();
        QProcess process;
        startGradus(process, m_folder.path(),
                    QStringList{"sandbox", "play", "toy", "--episodes", "50", "-o", "stopped.jsonl", "--json"} +
                        kShort);
        QVERIFY(process.waitForStarted());
        QElapsedTimer timer;
        timer.start();
        while (linesOf(m_folder.filePath("stopped.jsonl")).size() < 2 && timer.elapsed() < 60000 * kPatience)
            QTest::qWait(20);
        signalProgram(process, SIGINT);
        QVERIFY(process.waitForFinished(60000 * kPatience));
        QCOMPARE(process.exitCode(), 130);
        const QJsonObject report = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QVERIFY(report["stopped"].toBool());
        const QList<QByteArray> lines = linesOf(m_folder.filePath("stopped.jsonl"));
        QVERIFY(lines.size() >= 2);
        QCOMPARE(report["episodes"].toInt(), static_cast<int>(lines.size()));
        for (const QByteArray& line : lines)
            QVERIFY(QJsonDocument::fromJson(line).isObject());
    }

private:
    QTemporaryDir m_folder;
};
GRADUS_SUITE(PlayVerbTest)
#include "play_verb_test.moc"
