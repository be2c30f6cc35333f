// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile episodes through the whole way: into a store, out of the transcript verb, into a log and back.
#include "program.h"
#include "support/hostile_texts.h"
#include "support/suite.h"

#include "run/keep_episodes.h"
#include "store/store_reader.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::tests;

namespace {

events::EpisodeRecord full(const std::string& key, const std::string& bytes)
{
    events::EpisodeRecord episode;
    episode.key = key;
    episode.scenario = bytes.substr(0, 3000);
    episode.messages = {{"user", bytes, ""}, {"assistant", bytes, R"({"tool":"exec"})"}, {"tool", bytes, ""}};
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.note = bytes;
    episode.severity = 1;
    episode.hazardJson = bytes;
    episode.safeBehaviour = bytes;
    episode.safeBehaviourSource = "person";
    episode.others = {{"monitor/M1", "reject", 0.9, bytes}};
    return episode;
}

std::vector<events::EpisodeRecord> corpus()
{
    std::vector<events::EpisodeRecord> all;
    for (const HostileText& text : hostileTexts())
        all.push_back(full(text.name, text.bytes));
    return all;
}

void compare(const events::EpisodeRecord& is, const events::EpisodeRecord& was)
{
    QCOMPARE(is.key, was.key);
    QCOMPARE(is.messages.size(), was.messages.size());
    for (std::size_t i = 0; i < was.messages.size(); ++i)
        QVERIFY2(is.messages[i].content == was.messages[i].content, was.key.c_str());
    QCOMPARE(is.verdict, was.verdict);
}

/// Of the run that is the store's newest.
std::vector<events::EpisodeRecord> kept(const QString& store, QString& uuid)
{
    const auto reader = store::StoreReader::open(store.toStdString());
    if (!reader) qFatal("%s", reader.error().message.c_str());
    const auto runs = reader->runs();
    if (!runs || runs->empty()) qFatal("no runs");
    uuid = QString::fromStdString(runs->front().uuid);
    const auto episodes = reader->episodes(runs->front().id);
    if (!episodes) qFatal("%s", episodes.error().message.c_str());
    return *episodes;
}

} // namespace

class HostileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void store_keepsEveryByte()
    {
        QTemporaryDir folder;
        const QString store = folder.filePath("a.db");
        const auto run = run::keepEpisodes(store.toStdString(), "hostile\x1b[2J", corpus());
        QVERIFY2(run.ok(), run ? "" : run.error().message.c_str());
        QString uuid;
        const auto all = kept(store, uuid);
        QCOMPARE(all.size(), corpus().size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            compare(all[i], corpus()[i]);
            QCOMPARE(all[i].note, corpus()[i].note);
            QCOMPARE(all[i].scenario, corpus()[i].scenario);
            QCOMPARE(all[i].others[0].note, corpus()[i].others[0].note);
        }
    }
    void transcriptVerb_showsNothingThatATerminalActsOn()
    {
        QTemporaryDir folder;
        QVERIFY(run::keepEpisodes(folder.filePath("a.db").toStdString(), "hostile", corpus()).ok());
        QString uuid;
        (void)kept(folder.filePath("a.db"), uuid);
        const Outcome text = runGradus(folder.path(), {"transcript", uuid, "--limit", "100", "--store", "a.db"});
        QVERIFY2(text.exitCode == 0, text.err.constData());
        QVERIFY(isTame(text.out.toStdString()));
        // A text that looks like a verdict stays within its own line.
        QCOMPARE(text.out.count("\n  verdict    "), static_cast<qsizetype>(corpus().size()));
        const Outcome json =
            runGradus(folder.path(), {"transcript", uuid, "--limit", "100", "--json", "--store", "a.db"});
        QVERIFY(isTame(json.out.toStdString()));
        const auto list = QJsonDocument::fromJson(json.out).array();
        QCOMPARE(list.size(), static_cast<qsizetype>(corpus().size()));
        for (const auto& one : list)
            QCOMPARE(one.toObject()["verdict"].toString(), QString("hazard"));
        const Outcome runs = runGradus(folder.path(), {"list", "--store", "a.db"});
        QVERIFY(isTame(runs.out.toStdString()));
    }
    void lineOfFiftyMegabytes_goesThroughStoreAndVerb()
    {
        QTemporaryDir folder;
        events::EpisodeRecord episode = full("huge", "x");
        episode.messages.push_back({"tool", hugeLine(), ""});
        QVERIFY(run::keepEpisodes(folder.filePath("a.db").toStdString(), "huge", {episode}).ok());
        QString uuid;
        const auto all = kept(folder.filePath("a.db"), uuid);
        QVERIFY(all[0].messages[3].content == hugeLine());
        const Outcome text = runGradus(folder.path(), {"transcript", uuid, "--store", "a.db"});
        QVERIFY(text.exitCode == 0 && text.out.size() < 20'000);
    }
    void inspectLog_bringsEveryByteBack()
    {
        QTemporaryDir folder;
        QVERIFY(run::keepEpisodes(folder.filePath("a.db").toStdString(), "hostile", corpus()).ok());
        QString uuid;
        (void)kept(folder.filePath("a.db"), uuid);
        const Outcome out =
            runGradus(folder.path(), {"export", uuid, "--as", "inspect", "-o", "x.eval", "--store", "a.db"});
        QVERIFY2(out.exitCode == 0, out.err.constData());
        const Outcome in = runGradus(folder.path(), {"import", "x.eval", "--store", "b.db"});
        QVERIFY2(in.exitCode == 0, in.err.constData());
        QVERIFY(isTame(in.out.toStdString()));
        const auto all = kept(folder.filePath("b.db"), uuid);
        QCOMPARE(all.size(), corpus().size());
        for (std::size_t i = 0; i < all.size(); ++i)
            compare(all[i], corpus()[i]);
    }
    void badLogs_areOneSentenceAndLeaveNothing_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("{\"version\": 2}");
        QTest::newRow("cut") << QByteArray("PK\3\4\x14\0\0\0", 8);
        QTest::newRow("no members") << QByteArray("PK\5\6", 4) + QByteArray(18, '\0');
    }
    void badLogs_areOneSentenceAndLeaveNothing()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        writeText(folder.filePath("x.eval"), bytes);
        const QStringList before = filesBelow(folder.path());
        const Outcome outcome = runGradus(folder.path(), {"import", "x.eval", "--store", "a.db"});
        QVERIFY2(outcome.exitCode == 2, outcome.err.constData());
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        QCOMPARE(filesBelow(folder.path()), before);
    }
    void runWithoutEpisodes_isNoLog()
    {
        QTemporaryDir folder;
        QVERIFY(run::keepEpisodes(folder.filePath("a.db").toStdString(), "nothing", {}).ok());
        const auto reader = store::StoreReader::open(folder.filePath("a.db").toStdString());
        const Outcome outcome =
            runGradus(folder.path(), {"export", QString::fromStdString(reader->runs()->front().uuid), "--as", "inspect",
                                      "-o", "x.eval", "--store", "a.db"});
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY(!QFile::exists(folder.filePath("x.eval")));
    }
};
GRADUS_SUITE(HostileTest)
#include "hostile_test.moc"
