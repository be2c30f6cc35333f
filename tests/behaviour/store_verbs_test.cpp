// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that look after a store, and imports, as a user types them.
#include "program.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::tests;

namespace {

const QString kExample = gradus::tests::sourceFile("resources/example/example.db");
constexpr int kRuns = 12; // of the example
const QString kEvents = gradus::tests::sourceFile("tests/data/imports/tb");

/// A folder with a copy of the example as gradus.db.
struct Place
{
    Place()
    {
        if (!QFile::copy(kExample, folder.filePath("gradus.db"))) qFatal("no example");
        QFile::setPermissions(folder.filePath("gradus.db"), QFile::ReadOwner | QFile::WriteOwner);
    }
    Outcome run(const QStringList& words, const QString& store = "gradus.db") const
    {
        return runGradus(folder.path(), words + QStringList{"--store", store});
    }
    QJsonArray runs(const QString& store = "gradus.db") const
    {
        return QJsonDocument::fromJson(run({"list", "--json"}, store).out).array();
    }
    QTemporaryDir folder;
};

} // namespace

class StoreVerbsTest : public QObject
{
    Q_OBJECT

    static void expectRefusal(const Outcome& outcome, const char* mustSay)
    {
        QVERIFY2(outcome.exitCode == 2, outcome.err.constData());
        QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
    }

private Q_SLOTS:
    void merge_bringsRunsInAndTwiceChangesNothing()
    {
        Place place;
        const Outcome first = place.run({"store", "merge", "gradus.db"}, "all.db");
        QVERIFY2(first.exitCode == 0, first.err.constData());
        QVERIFY(first.out.contains("12 runs merged"));
        const Outcome second = place.run({"store", "merge", "gradus.db"}, "all.db");
        QVERIFY(second.out.contains("0 runs merged") && second.out.contains("12 here already"));
        QCOMPARE(place.runs("all.db").size(), kRuns);
        QCOMPARE(place.run({"store", "check"}, "all.db").exitCode, 0);
        const QString uuid = place.runs().first().toObject().value("uuid").toString();
        QCOMPARE(place.run({"export", uuid}, "all.db").out, place.run({"export", uuid}).out);
    }
    void merge_refusesWhatIsNoWholeStore()
    {
        Place place;
        QFile good(kExample);
        QVERIFY(good.open(QIODevice::ReadOnly));
        writeText(place.folder.filePath("cut.db"), good.readAll().left(300'000));
        expectRefusal(place.run({"store", "merge", "cut.db"}), "damaged");
        expectRefusal(place.run({"store", "merge", "none.db"}), "There is no store");
        expectRefusal(place.run({"store", "merge", "gradus.db"}), "into itself");
        QCOMPARE(place.runs().size(), kRuns);
    }
    void runs_areTaggedNotedListedAndExported()
    {
        Place place;
        const QJsonArray runs = place.runs();
        const QString first = runs[0].toObject()["uuid"].toString();
        const QString experiment = runs[0].toObject()["experiment"].toString();
        const Outcome tagged = place.run({"runs", "tag", "healthy, odd start", experiment});
        QVERIFY2(tagged.exitCode == 0 && tagged.out.contains("9 runs of 9 changed"), tagged.out + tagged.err);
        QVERIFY(place.run({"runs", "tag", "healthy", first}).out.contains("0 runs of 1 changed"));
        QVERIFY(place.run({"runs", "untag", "healthy", first}).out.contains("1 run of 1 changed"));
        const QJsonObject tags = QJsonDocument::fromJson(place.run({"runs", "tags", "--json"}).out).object();
        QCOMPARE(tags["healthy"].toInt(), 8);
        QCOMPARE(tags["odd start"].toInt(), 9);
        QCOMPARE(place.run({"runs", "note", first, "slow at first"}).exitCode, 0);
        const QJsonObject row = place.runs()[0].toObject();
        QCOMPARE(row["tags"].toArray(), QJsonArray{"odd start"});
        QCOMPARE(row["note"].toString(), QString("slow at first"));
        QVERIFY(place.run({"list"}).out.contains("[odd start]  slow at first"));
        const QByteArray healthy = place.run({"list", "--tag", "healthy", "--json"}).out;
        QCOMPARE(QJsonDocument::fromJson(healthy).array().size(), 8);
        const QByteArray exported = place.run({"export", first, "--as", "json"}).out;
        QCOMPARE(QJsonDocument::fromJson(exported).object()["note"].toString(), QString("slow at first"));
        const QByteArray some =
            place.run({"list", "--filter", "tag:healthy and seed = 2 and gap.controller = fixed", "--json"}).out;
        for (const QJsonValue& one : QJsonDocument::fromJson(some).array())
            QVERIFY(one.toObject()["seed"].toInt() == 2 &&
                    !one.toObject()["condition"].toString().contains("adaptive"));
        const qsizetype found = QJsonDocument::fromJson(some).array().size();
        QVERIFY(found > 0);
        QVERIFY(place.run({"runs", "tag", "second", "--filter", "tag:healthy seed = 2 gap.controller = fixed"})
                    .out.contains(QByteArray::number(found) + " run"));
        QVERIFY(place.run({"compare", "--filter", "name:none or seed = 1"}).out.contains("| "));
        expectRefusal(place.run({"list", "--filter", "colour = 2"}), "Nothing is called");
        expectRefusal(place.run({"list", "--filter", "seed = 77"}), "No run of this store");
        QCOMPARE(place.run({"runs", "tag", "x"}).exitCode, 2);
        expectRefusal(place.run({"runs", "tag", "a\"b", first}), "is no tag");
        expectRefusal(place.run({"runs", "tag", "fine,,", first}), "is no tag");
        expectRefusal(place.run({"runs", "note", "nobody-at-all", "x"}), "There is no run");
        expectRefusal(place.run({"runs", "tag", "x", first}, "none.db"), "none.db");
        QVERIFY(place.run({"runs", "note", first, ""}).out.contains("Removed."));
        QCOMPARE(place.run({"store", "check"}).exitCode, 0);
    }
    void sql_printsTextJsonAndCsvAndOnlyReads()
    {
        Place place;
        const QString sql = "SELECT seed, condition, 0.5 AS x, NULL AS n FROM run ORDER BY id LIMIT 2";
        const QJsonObject json = QJsonDocument::fromJson(place.run({"store", "sql", sql, "--json"}).out).object();
        QCOMPARE(json["columns"].toArray().size(), 4);
        QCOMPARE(json["rows"][0][2].toDouble(), 0.5);
        QVERIFY(json["rows"][0][3].isNull());
        QVERIFY(place.run({"store", "sql", sql, "--csv"}).out.startsWith("seed,condition,x,n\n1,,0.5,\n"));
        const Outcome cut = place.run({"store", "sql", "SELECT step FROM point", "--limit", "5"});
        QCOMPARE(cut.out.trimmed().count('\n'), 5);
        QVERIFY(cut.err.contains("cut after 5 rows"));
        expectRefusal(place.run({"store", "sql", "DELETE FROM run"}), "only reads");
        expectRefusal(place.run({"store", "sql", "SELECT nothing FROM run"}), "line 1, column 8");
        const Outcome late = place.run({"store", "sql", "--seconds", "0.2",
                                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) "
                                        "FROM n"});
        QCOMPARE(late.exitCode, 1);
        QVERIFY(late.err.contains("Stopped after 0.2 s"));
        QCOMPARE(place.runs().size(), kRuns);
    }
    void queries_areSavedRunListedAndRemoved()
    {
        Place place;
        QVERIFY(place.run({"store", "queries", "list"}).out.startsWith("No query is saved yet"));
        QCOMPARE(place.run({"store", "queries", "save", "runs", "SELECT count(*) AS n FROM run"}).exitCode, 0);
        QVERIFY(place.run({"store", "sql", "--saved", "runs", "--csv"}).out.startsWith("n\n12\n"));
        const QJsonArray all = QJsonDocument::fromJson(place.run({"store", "queries", "list", "--json"}).out).array();
        QCOMPARE(all.size(), 1);
        QCOMPARE(all[0]["sql"].toString(), QStringLiteral("SELECT count(*) AS n FROM run"));
        // A name is no leave to write.
        QCOMPARE(place.run({"store", "queries", "save", "evil", "DELETE FROM run"}).exitCode, 0);
        expectRefusal(place.run({"store", "sql", "--saved", "evil"}), "only reads");
        expectRefusal(place.run({"store", "sql", "--saved", "none"}), "\"runs\"");
        expectRefusal(place.run({"store", "sql"}), "no statement");
        QCOMPARE(place.run({"store", "queries", "remove", "runs"}).exitCode, 0);
        expectRefusal(place.run({"store", "queries", "remove", "runs"}), "No query is saved as");
    }
    void aBackup_isPutBack()
    {
        Place place;
        QCOMPARE(place.run({"store", "backup", "copy.db"}).exitCode, 0);
        const QString uuid = place.runs().first().toObject().value("uuid").toString();
        QCOMPARE(place.run({"trash", "put", uuid}).exitCode, 0);
        QCOMPARE(place.runs().size(), kRuns - 1);
        const Outcome restored = place.run({"store", "restore", "copy.db"});
        QVERIFY2(restored.exitCode == 0, restored.err.constData());
        QVERIFY(restored.out.contains("before-restore-backup"));
        QCOMPARE(place.runs().size(), kRuns);
        QCOMPARE(place.runs("gradus.db.before-restore-backup").size(), kRuns - 1);
        expectRefusal(place.run({"store", "restore", "missing.db"}), "There is no backup");
        expectRefusal(place.run({"store", "restore", "gradus.db"}), "no backup of itself");
    }
    void infoVacuumAndTrash_workOnTheFile()
    {
        Place place;
        const QJsonObject info = QJsonDocument::fromJson(place.run({"store", "info", "--json"}).out).object();
        QCOMPARE(info["runs_by_state"]["finished"].toInt(), kRuns);
        QVERIFY(info["tables"].toArray().size() > 15);
        const QString uuid = place.runs().first().toObject().value("uuid").toString();
        const QByteArray before = place.run({"export", uuid}).out;
        QCOMPARE(place.run({"trash", "put", uuid}).exitCode, 0);
        QCOMPARE(place.runs().size(), kRuns - 1);
        QCOMPARE(QJsonDocument::fromJson(place.run({"trash", "list", "--json"}).out).array().size(), 1);
        QCOMPARE(place.run({"trash", "restore", uuid.left(8)}).exitCode, 0);
        QCOMPARE(place.run({"export", uuid}).out, before);
        QCOMPARE(place.run({"trash", "put", uuid}).exitCode, 0);
        QVERIFY(place.run({"trash", "empty"}).out.contains("1 run removed"));
        expectRefusal(place.run({"trash", "restore", uuid}), "in the trash");
        QVERIFY(place.run({"store", "vacuum"}).out.contains("bytes given back"));
        QCOMPARE(place.run({"store", "check"}).exitCode, 0);
    }
    void import_isTriedThenWrittenThenListedComparedAndExported()
    {
        Place place;
        const Outcome dry = place.run({"import", kEvents, "--dry-run"});
        QVERIFY2(dry.exitCode == 0, dry.err.constData());
        QVERIFY(dry.out.contains("train/loss -> train/loss, 40 points"));
        QVERIFY(dry.out.contains("Dry run: 2 runs, 2 series, 80 points."));
        QCOMPARE(place.runs().size(), kRuns);
        const QStringList words{"import", kEvents, "--map", "eval/acc=utility/competence", "--project", "elsewhere"};
        QVERIFY(place.run(words).out.contains("2 runs imported"));
        QVERIFY(place.run(words).out.contains("2 here already"));
        const QJsonArray runs = place.runs();
        QCOMPARE(runs.size(), kRuns + 2);
        QCOMPARE(runs.first()["experiment"].toString(), QStringLiteral("elsewhere"));
        QCOMPARE(runs.first()["state"].toString(), QStringLiteral("finished"));
        const Outcome compared = place.run({"compare", "elsewhere", "--as", "json"});
        QVERIFY2(compared.exitCode == 0, compared.err.constData());
        QVERIFY2(compared.out.contains("0.68999"), compared.out.constData());
        QVERIFY(place.run({"show", "elsewhere"}).exitCode == 0);
        const QByteArray csv = place.run({"export", runs.first()["uuid"].toString(), "--as", "csv"}).out;
        QVERIFY(csv.contains(",train/loss,190,"));
        const QString report = place.folder.filePath("r.html");
        QVERIFY(place.run({"report", "elsewhere", "-o", report}).exitCode == 0);
        QCOMPARE(place.run({"store", "check"}).exitCode, 0);
    }
    void import_ofWhatIsNone_isOneSentence()
    {
        Place place;
        writeText(place.folder.filePath("a.csv"), "step,loss\n1,2\n0,3\n");
        expectRefusal(place.run({"import", "a.csv"}), "goes back from 1 to 0");
        expectRefusal(place.run({"import", "gradus.db"}), "gradus store merge");
        expectRefusal(place.run({"import", "nowhere"}), "There is no file");
        expectRefusal(place.run({"import", kEvents, "--step", "tokens"}), "no series \"tokens\"");
        expectRefusal(place.run({"import", kEvents, "--map", "loss"}), "SOURCE=NAME");
        QFile events(kEvents + "/small-seed1/events.out.tfevents.1795945903.host");
        QVERIFY(events.open(QIODevice::ReadOnly));
        writeText(place.folder.filePath("x.tfevents"), events.readAll().left(1000));
        expectRefusal(place.run({"import", "x.tfevents"}), "cut off");
        QCOMPARE(place.runs().size(), kRuns);
        QVERIFY(place.run({"import", "x.tfevents", "--cut-off"}).exitCode == 0);
        QCOMPARE(place.runs().size(), kRuns + 1);
    }
};
GRADUS_SUITE(StoreVerbsTest)
#include "store_verbs_test.moc"
