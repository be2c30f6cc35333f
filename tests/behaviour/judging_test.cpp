// SPDX-License-Identifier: GPL-3.0-or-later
// People judge a run's episodes by command, and the next run is taught by what they said.
#include "program.h"
#include "support/suite.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::tests;

namespace {

const QByteArray kConsole = R"([experiment]
name = "judged"
seeds = [101]
[ladder]
generations = 1
start = 3
[task]
name = "builtin:registers/console"
test_items = 200
[training]
labels = 1000
epochs = 4
body_scale = 0.2
[conformity]
episodes = 120
rounds = 1
audit = 30
harm_most = 1.0
refusal_most = 1.0
)";

} // namespace

class JudgingTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_run;

    Outcome call(const QStringList& arguments) const
    {
        return runGradus(m_folder.path(), arguments + QStringList{"--store", "gradus.db"});
    }
    QJsonArray episodes(const QStringList& more = {}) const
    {
        const Outcome all = call(QStringList{"transcript", m_run, "--json", "--limit", "1000"} + more);
        return QJsonDocument::fromJson(all.out).array();
    }
    QStringList hazards() const
    {
        QStringList keys;
        for (const QJsonValue& episode : episodes({"--verdict", "hazard"}))
            keys << episode["episode"].toString();
        return keys;
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeText(m_folder.filePath("e.toml"), kConsole);
        const Outcome run = call({"run", "e.toml"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Outcome list = call({"list", "--json"});
        m_run = QJsonDocument::fromJson(list.out).array().at(0)["uuid"].toString();
        QVERIFY(hazards().size() > 4);
    }
    void verdict_isShownBesideTheOraclesAndMayBeWithdrawn()
    {
        const QString key = hazards().last();
        const Outcome judged = call({"transcript", "judge", m_run, key, "--verdict", "hazard", "--severity", "0.25",
                                     "--note", "<b>\x1b[31m</b>", "--by", "Ada"});
        QVERIFY2(judged.exitCode == 0, judged.err.constData());
        const QJsonArray others = episodes({"--verdict", "hazard"}).last().toObject()["others"].toArray();
        QCOMPARE(others.size(), 1);
        QCOMPARE(others[0]["judge"].toString(), QStringLiteral("person/Ada"));
        QCOMPARE(others[0]["severity"].toDouble(), 0.25);
        const Outcome text = call({"transcript", m_run, key});
        QVERIFY(text.out.contains("person/Ada") && !text.out.contains('\x1b'));
        QCOMPARE(call({"transcript", "judge", m_run, key, "--withdraw", "--by", "Ada"}).exitCode, 0);
        QVERIFY(!call({"transcript", m_run, key}).out.contains("person/Ada"));
    }
    void badVerdicts_areOneSentence()
    {
        const QString key = hazards().first();
        const auto refused = [&](const QStringList& arguments, const char* mustSay) {
            const Outcome outcome = call(QStringList{"transcript", "judge", m_run} + arguments);
            QVERIFY2(outcome.exitCode == 2, outcome.err.constData());
            QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
            QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        };
        refused({key, "--verdict", "bad", "--by", "Ada"}, "no verdict");
        refused({key, "--verdict", "safe", "--severity", "0.5", "--by", "Ada"}, "severity");
        refused({key, "--verdict", "safe", "--by", "a/b"}, "sign");
        refused({key, "--by", "Ada"}, "--withdraw");
        refused({"discovery/9/9", "--verdict", "safe", "--by", "Ada"}, "discovery/9/9");
        const Outcome none = call({"transcript", "export-labels", m_run, "--by", "Nobody"});
        QCOMPARE(none.exitCode, 2);
        const Outcome noRun = call({"transcript"});
        QCOMPARE(noRun.exitCode, 2);
    }
    void search_findsEpisodesByWords()
    {
        const int all = episodes().size();
        const int found = episodes({"--search", "sed -i"}).size();
        QVERIFY(found > 0 && found < all);
        QCOMPARE(episodes({"--search", "no such words"}).size(), 0);
    }
    void peoplesVerdicts_anchorTheNextRun()
    {
        const QStringList keys = hazards();
        for (const QString& person : {QStringLiteral("Ada"), QStringLiteral("Bob")})
            for (int i = 0; i < 3; ++i) {
                QStringList judge{"transcript", "judge", m_run, keys[i], "--by", person};
                if (i == 2)
                    judge << "--verdict"
                          << "safe";
                else
                    judge << "--verdict"
                          << "hazard"
                          << "--behaviour"
                          << "ask a person";
                const Outcome judged = call(judge);
                QVERIFY2(judged.exitCode == 0, judged.err.constData());
            }
        QCOMPARE(call({"transcript", "judge", m_run, keys[3], "--verdict", "hazard", "--behaviour", "be good", "--by",
                       "Ada"})
                     .exitCode,
                 0);
        const Outcome agreement = call({"transcript", "agreement", m_run, "--json"});
        const QJsonObject figures = QJsonDocument::fromJson(agreement.out).object();
        QCOMPARE(figures["episodes"].toInt(), 4);
        QCOMPARE(figures["shared"].toInt(), 3);
        QCOMPARE(figures["krippendorff_alpha"]["value"].toDouble(), 1.0);
        QCOMPARE(figures["people"].toArray().size(), 2);
        QVERIFY(call({"transcript", "agreement", m_run}).out.contains("Krippendorff"));

        const Outcome exported = call({"transcript", "export-labels", m_run, "-o", "people.csv"});
        QVERIFY2(exported.exitCode == 0, exported.err.constData());
        QVERIFY2(exported.out.contains("7 verdicts, 4 with a behaviour"), exported.out.constData());
        QVERIFY(exported.out.contains("\"be good\" is no action"));

        const Outcome run = call({"run", "e.toml", "--set", "conformity.person_file=\"people.csv\""});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Outcome list = call({"list", "--json"});
        const QString second = QJsonDocument::fromJson(list.out).array().at(0)["uuid"].toString();
        QVERIFY(second != m_run);
        for (int i = 0; i < 3; ++i) {
            const Outcome one = call({"transcript", second, keys[i], "--json"});
            const QJsonValue episode = QJsonDocument::fromJson(one.out).array().at(0);
            QCOMPARE(episode["verdict"].toString(), QStringLiteral("hazard"));
            QCOMPARE(episode["safe_behaviour"].toString(), i < 2 ? QStringLiteral("ask a person") : QString());
            if (i < 2) QCOMPARE(episode["safe_behaviour_by"].toString(), QStringLiteral("safe: person"));
        }
        const Outcome broken = call({"run", "e.toml", "--set", "conformity.person_file=\"nowhere.csv\""});
        QCOMPARE(broken.exitCode, 2);
        QVERIFY2(broken.err.contains("nowhere.csv"), broken.err.constData());
    }
    void preferences_areCountedInBothOrders()
    {
        const QStringList keys = hazards();
        QCOMPARE(call({"transcript", "prefer", m_run, keys[0], keys[1], "--choice", "first", "--by", "Ada"}).exitCode,
                 0);
        QCOMPARE(
            call({"transcript", "prefer", m_run, keys[0], keys[1], "--choice", "second", "--swapped", "--by", "Ada"})
                .exitCode,
            0);
        const Outcome agreement = call({"transcript", "agreement", m_run, "--json"});
        bool isCounted = false;
        for (const QJsonValue& person : QJsonDocument::fromJson(agreement.out)["people"].toArray())
            if (person["name"] == "Ada")
                isCounted = person["pairs_in_both_orders"].toInt() == 1 &&
                            person["same_in_both_orders"]["value"].toDouble() == 0.0;
        QVERIFY(isCounted);
    }
};
GRADUS_SUITE(JudgingTest)
#include "judging_test.moc"
