// SPDX-License-Identifier: GPL-3.0-or-later
// Bad input: one sentence, exit code 2, nothing half-written. And the good path of every verb.
#include "program.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::tests;

namespace {

const QByteArray kTiny = R"([experiment]
name = "tiny"
seeds = [1, 2]
[ladder]
generations = 2
start = 0
[task]
test_items = 200
[gap]
controller = "fixed"
value = 0.3
[training]
labels = 64
epochs = 2
)";

} // namespace

class CliTest : public QObject
{
    Q_OBJECT

    static void expectRefusal(const QString& folder, const QStringList& arguments, const char* mustSay)
    {
        const QStringList before = filesBelow(folder);
        const Outcome outcome = runGradus(folder, arguments);
        QVERIFY2(!outcome.crashed, outcome.err.constData());
        QVERIFY2(outcome.exitCode == 2, outcome.err.constData());
        QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        QCOMPARE(filesBelow(folder), before);
    }

private Q_SLOTS:
    void badFile_isOneSentenceAndNothingWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("mustSay");
        QTest::newRow("malformed") << QByteArray("[experiment\nname = 1") << QByteArray("e.toml:1");
        QTest::newRow("unknown key") << QByteArray("[gap]\ncontroler = \"fixed\"\n") << QByteArray("controller");
        QTest::newRow("out of bounds") << QByteArray("[ladder]\ngenerations = 0\n") << QByteArray("generations");
        QTest::newRow("wrong type") << QByteArray("[training]\nepochs = \"many\"\n") << QByteArray("epochs");
        QTest::newRow("no such rung") << QByteArray("[ladder]\nstart = 17\n") << QByteArray("start");
        QTest::newRow("missing data set")
            << QByteArray("[task]\nname = \"preferences\"\nteacher_data = \"none.jsonl\"\ntest_data = \"other.jsonl\"\n"
                          "[ladder]\nfamily = \"scratch\"\nrungs = [[16, 1], [32, 2]]\nstart = 0\ngenerations = 2\n")
            << QByteArray("none.jsonl");
        QTest::newRow("adaptive without anchors")
            << QByteArray("[gap]\ncontroller = \"adaptive\"\n") << QByteArray("signals.anchors");
        QTest::newRow("empty seeds") << QByteArray("[experiment]\nseeds = []\n") << QByteArray("seeds");
    }
    void badFile_isOneSentenceAndNothingWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, mustSay);
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), text);
        expectRefusal(folder.path(), {"run", "e.toml", "--store", "gradus.db"}, mustSay);
        expectRefusal(folder.path(), {"check", "e.toml", "--store", "gradus.db"}, mustSay);
    }
    void missingColumn_isNamedWithTheColumnsThatAreThere()
    {
        QTemporaryDir folder;
        for (const QString& name : {QStringLiteral("rows.jsonl"), QStringLiteral("held.jsonl")})
            writeText(folder.filePath(name), "{\"better\": \"a\", \"rejected\": \"b\"}\n");
        writeText(folder.filePath("e.toml"),
                  "[task]\nname = \"preferences\"\nteacher_data = \"rows.jsonl\"\ntest_data = \"held.jsonl\"\n"
                  "[ladder]\nfamily = \"scratch\"\nrungs = [[16, 1], [32, 2]]\nstart = 0\ngenerations = 2\n");
        expectRefusal(folder.path(), {"run", "e.toml", "--store", "gradus.db"}, "better");
    }
    void longPlan_isMeasuredAndWarnedOfBeforeTheLaunch()
    {
        QTemporaryDir folder;
        QCOMPARE(runGradus(folder.path(), {"new", "progressive"}).exitCode, 0);
        const QStringList weeks{"progressive.toml",       "--store", "gradus.db",           "--set",
                                "training.labels=100000", "--set",   "training.epochs=1000"};
        const Outcome queued = runGradus(folder.path(), QStringList{"queue", "add"} + weeks);
        QVERIFY2(queued.exitCode == 0, queued.err.constData());
        QVERIFY2(queued.err.contains("warning: Time: ") && queued.err.contains("limit of 24 hours"),
                 queued.err.constData());
        QVERIFY2(queued.err.contains("Lower training.labels"), queued.err.constData());
        QProcess launched;
        launched.setProcessChannelMode(QProcess::MergedChannels);
        startGradus(launched, folder.path(), QStringList{"run"} + weeks);
        QByteArray said;
        while (!said.contains("limit of 24 hours") && launched.waitForReadyRead(60'000))
            said += launched.readAll();
        launched.kill();
        launched.waitForFinished();
        QVERIFY2(said.contains("limit of 24 hours"), said.constData());
        // A plan of seconds is launched at once.
        const Outcome small = runGradus(folder.path(), {"queue", "add", "progressive.toml", "--store", "gradus.db"});
        QVERIFY2(!small.err.contains("Time"), small.err.constData());
    }
    void missingFile_isRefused()
    {
        QTemporaryDir folder;
        expectRefusal(folder.path(), {"run", "absent.toml"}, "absent.toml");
    }
    void unknownVerbAndOption_areUsageErrors()
    {
        QTemporaryDir folder;
        QCOMPARE(runGradus(folder.path(), {"fly"}).exitCode, 2);
        QCOMPARE(runGradus(folder.path(), {"run"}).exitCode, 2);
        QCOMPARE(runGradus(folder.path(), {"list", "--frobnicate"}).exitCode, 2);
        QCOMPARE(runGradus(folder.path(), {"--help"}).exitCode, 0);
    }
    void foreignStore_isRefusedAndLeftAlone()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        writeText(folder.filePath("gradus.db"), QByteArray(4096, 'x'));
        expectRefusal(folder.path(), {"run", "e.toml", "--store", "gradus.db"}, "gradus.db");
        expectRefusal(folder.path(), {"list", "--store", "gradus.db"}, "gradus.db");
    }
    void folderThatCannotBeWritten_isRefused()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        // /proc refuses new folders to everybody, root included.
        expectRefusal(folder.path(), {"run", "e.toml", "--store", "/proc/gradus/gradus.db"}, "/proc/gradus");
    }
    void fullDisk_isNamedAndTheStoreStaysSound()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        // A file size limit stands in for a full disk: writes past it fail with EFBIG.
        const Outcome outcome = runShell(folder.path(), "ulimit -f 96; \"$GRADUS\" run e.toml --store gradus.db");
        QVERIFY(!outcome.crashed);
        QVERIFY2(outcome.exitCode == 1 || outcome.exitCode == 2, outcome.err.constData());
        QVERIFY2(outcome.err.contains("gradus: "), outcome.err.constData());
    }
    void templates_areWrittenCheckedAndNotOverwritten()
    {
        QTemporaryDir folder;
        for (const QString& name :
             {QStringLiteral("progressive"), QStringLiteral("gap-annealing"), QStringLiteral("noise-sensitivity")}) {
            QCOMPARE(runGradus(folder.path(), {"new", name}).exitCode, 0);
            const Outcome check = runGradus(folder.path(), {"check", name + ".toml", "--json"});
            QVERIFY2(check.exitCode == 0, check.err.constData());
            QVERIFY(QJsonDocument::fromJson(check.out).object().value("runs").toInt() >= 3);
            expectRefusal(folder.path(), {"new", name}, "exists already");
        }
        expectRefusal(folder.path(), {"new", "no-such-template"}, "no-such-template");
        const Outcome listed = runGradus(folder.path(), {"new", "--list"});
        QCOMPARE(listed.exitCode, 0);
        for (const char* name : {"progressive ", "preference-diversity ", "cosmosqa ", "gsm8k "})
            QVERIFY2(listed.out.contains(name), name);
        // Checked as it would be run.
        const Outcome other = runGradus(folder.path(), {"check", "progressive.toml", "--json", "--set",
                                                        "experiment.seeds=[7]", "--set", "training.labels=64"});
        QCOMPARE(QJsonDocument::fromJson(other.out).object().value("runs").toInt(), 1);
        expectRefusal(folder.path(), {"check", "progressive.toml", "--set", "training.labls=64"}, "training.labels");
    }
    void run_saysWhatCheckSaysBeforeItsFirstStep()
    {
        QTemporaryDir folder;
        QByteArray toml = kTiny;
        toml.replace("seeds = [1, 2]", "seeds = [1]");
        writeText(folder.filePath("e.toml"), toml + "[sweep]\n\"gap.value\" = [0.3, 0.5]\n");
        const Outcome warned = runGradus(folder.path(), {"run", "e.toml", "--store", "gradus.db"});
        QVERIFY2(warned.exitCode == 0, warned.err.constData());
        QVERIFY2(
            warned.err.contains("gradus: warning: Seeds: One seed a condition: no difference between conditions can "
                                "be tested. List 5 seeds in experiment.seeds."),
            warned.err.constData());
        QVERIFY(!warned.out.contains("warning"));
        // More than any machine holds is refused before anything is written.
        toml.replace("[ladder]\n", "[ladder]\nfamily = \"scratch\"\nrungs = [[8, 1], [8192, 128]]\n");
        writeText(folder.filePath("huge.toml"), toml);
        const Outcome refused = runGradus(folder.path(), {"run", "huge.toml", "--store", "other.db"});
        QVERIFY2(refused.exitCode == 2, refused.err.constData());
        QVERIFY2(refused.err.startsWith("gradus: ") && refused.err.count('\n') == 1, refused.err.constData());
        QVERIFY(!QFile::exists(folder.filePath("other.db")));
    }
    void run_endsInATableAndReadersAgree()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        const Outcome run = runGradus(folder.path(), {"run", "e.toml", "--store", "gradus.db"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY(run.out.contains("utility"));
        QVERIFY(run.out.contains("A2"));
        const Outcome show = runGradus(folder.path(), {"show", "--json", "--store", "gradus.db"});
        const QJsonObject result = QJsonDocument::fromJson(show.out).object();
        QCOMPARE(result.value("runs").toInt(), 2);
        QCOMPARE(result.value("rows").toArray().size(), 2);
        const Outcome list = runGradus(folder.path(), {"list", "--json", "--store", "gradus.db"});
        const QJsonArray rows = QJsonDocument::fromJson(list.out).array();
        QCOMPARE(rows.size(), 2);
        const QString uuid = rows.first().toObject().value("uuid").toString();
        const Outcome csv = runGradus(folder.path(), {"export", uuid, "--as", "csv", "--store", "gradus.db"});
        QCOMPARE(csv.exitCode, 0);
        QVERIFY(csv.out.startsWith("run,series,step,wall,value\n"));
        QVERIFY(csv.out.contains("utility/competence"));
        const Outcome json = runGradus(folder.path(), {"export", uuid, "--as", "json", "--store", "gradus.db"});
        QVERIFY(QJsonDocument::fromJson(json.out).object().value("series").toObject().contains("train/loss"));
        const Outcome diff = runGradus(folder.path(), {"compare", "--diff", "--as", "json", "--store", "gradus.db"});
        int told = 0;
        for (const QJsonValue& row : QJsonDocument::fromJson(diff.out).object().value("made of").toArray()) {
            if (row["key"] == "code: program") told += row["values"][0].toString().size() >= 32;
            if (row["key"] == "environment: device") told += row["values"][0].toString() == "cpu";
        }
        QCOMPARE(told, 2);
        QCOMPARE(runGradus(folder.path(), {"store", "check", "--store", "gradus.db"}).exitCode, 0);
        QCOMPARE(runGradus(folder.path(), {"show", "zzzz", "--store", "gradus.db"}).exitCode, 2);
        const Outcome none = runGradus(folder.path(), {"transcript", uuid, "--store", "gradus.db"});
        QCOMPARE(none.exitCode, 0);
        QVERIFY(none.out.contains("no sandbox episodes"));
    }
    void tolerance_isReadOffANoiseSweep()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), "[experiment]\nname = \"tiny noise\"\nprocedure = \"noise-sensitivity\"\n"
                                             "seeds = [1, 2]\n[ladder]\ngenerations = 1\n[task]\ntest_items = 100\n"
                                             "[training]\nlabels = 64\n[sweep]\n\"ladder.start\" = [0, 1]\n"
                                             "[[sweep.condition]]\nname = \"clean\"\n\"signals.source\" = [{ name = "
                                             "\"labels\", kind = \"synthetic\", rate = 0.0 }]\n"
                                             "[[sweep.condition]]\nname = \"noisy\"\n\"signals.source\" = [{ name = "
                                             "\"labels\", kind = \"synthetic\", rate = 0.8 }]\n");
        const QStringList store{"--store", "gradus.db"};
        const Outcome run = runGradus(folder.path(), QStringList{"run", "e.toml"} + store);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Outcome text = runGradus(folder.path(), QStringList{"tolerance"} + store);
        QVERIFY2(text.exitCode == 0, text.err.constData());
        // Students of 64 labels learn nothing, and are not said to bear any noise.
        QVERIFY2(text.out.contains("uniform, rung 8,1: without noise these students are right on"),
                 text.out.constData());
        QVERIFY(!text.out.contains("tolerance = [["));
        const Outcome json = runGradus(
            folder.path(), QStringList{"tolerance", "--json", "--loss", "0.1", "--experiment", "tiny noise"} + store);
        const QJsonObject report = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(report.value("loss").toDouble(), 0.1);
        QCOMPARE(report.value("curves").toArray().size(), 2);
        QCOMPARE(report["curves"][0]["rows"].toArray().size(), 2);
        expectRefusal(folder.path(), QStringList{"tolerance", "--experiment", "other"} + store,
                      "no run of an experiment");
        writeText(folder.filePath("p.toml"), kTiny);
        QCOMPARE(runGradus(folder.path(), QStringList{"run", "p.toml"} + store).exitCode, 0);
        expectRefusal(folder.path(), QStringList{"tolerance"} + store, "gradus new noise-sensitivity");
    }
    void compare_isTheWindowsTableAndTranscriptTheStoresEpisodes()
    {
        QTemporaryDir folder;
        QVERIFY(QFile::copy(sourceFile("resources/example/example.db"), folder.filePath("gradus.db")));
        const Outcome list = runGradus(folder.path(), {"list", "--json", "--store", "gradus.db"});
        QString audited;
        QStringList ladder;
        for (const QJsonValue& row : QJsonDocument::fromJson(list.out).array()) {
            const QString uuid = row["uuid"].toString();
            if (row["experiment"].toString().startsWith("a shortcut"))
                audited = uuid;
            else if (row["experiment"].toString().startsWith("three ways"))
                ladder << uuid;
        }
        QVERIFY(!audited.isEmpty() && ladder.size() == 9);
        const QStringList three = QStringList{"compare"} + ladder + QStringList{"--store", "gradus.db"};
        const Outcome markdown = runGradus(folder.path(), three);
        QCOMPARE(markdown.exitCode, 0);
        QVERIFY2(markdown.out.contains("| n |") || markdown.out.contains(" n "), markdown.out.constData());
        const Outcome json = runGradus(folder.path(), three + QStringList{"--as", "json"});
        QVERIFY(QJsonDocument::fromJson(json.out).isObject());
        const Outcome unknown = runGradus(folder.path(), three + QStringList{"--baseline", "nobody"});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY(unknown.err.contains("No group is called \"nobody\""));

        const Outcome hazards = runGradus(folder.path(), {"transcript", audited, "--verdict", "hazard", "--json",
                                                          "--limit", "5", "--store", "gradus.db"});
        QCOMPARE(hazards.exitCode, 0);
        const QJsonArray episodes = QJsonDocument::fromJson(hazards.out).array();
        QCOMPARE(episodes.size(), 5);
        for (const QJsonValue& episode : episodes) {
            QCOMPARE(episode["verdict"].toString(), QStringLiteral("hazard"));
            QVERIFY(episode["severity"].toDouble() > 0 && !episode["safe_behaviour"].toString().isEmpty());
            QVERIFY(episode["messages"].toArray().size() >= 3);
        }
        const QString key = episodes[0]["episode"].toString();
        const Outcome one = runGradus(folder.path(), {"transcript", audited, key, "--store", "gradus.db"});
        QVERIFY(one.out.contains("expect anything") && one.out.contains("taught"));
        QCOMPARE(runGradus(folder.path(), {"transcript", audited, "discovery/9/9", "--store", "gradus.db"}).exitCode,
                 2);
        for (const QString& file : {QStringLiteral("one.html"), QStringLiteral("one.json")}) {
            const Outcome written =
                runGradus(folder.path(), {"transcript", audited, key, "-o", file, "--store", "gradus.db"});
            QVERIFY2(written.exitCode == 0, written.err.constData());
            QFile made(folder.filePath(file));
            QVERIFY(made.open(QIODevice::ReadOnly));
            const QByteArray text = made.readAll();
            QVERIFY(text.contains(key.toUtf8()) && text.contains("hazard"));
            if (file.endsWith("json"))
                QCOMPARE(QJsonDocument::fromJson(text).object()["messages"], episodes[0].toObject()["messages"]);
            else
                QVERIFY(text.startsWith("<!DOCTYPE html>") && !text.contains("<script"));
        }
        expectRefusal(folder.path(), {"transcript", audited, key, "-o", "one.docx", "--store", "gradus.db"},
                      ".html or .json");
    }
    void jsonMode_isOneObjectALineAndTheResultLast()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        const Outcome run = runGradus(
            folder.path(), {"run", "e.toml", "--json", "--store", "gradus.db", "--set", "experiment.seeds=[5]"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        int events = 0;
        for (const QByteArray& line : run.out.split('\n')) {
            if (!line.startsWith("{\"")) continue;
            QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
            ++events;
        }
        QVERIFY(events > 10);
        QVERIFY(run.out.contains("\"gap.decision\""));
    }
    void override_isCheckedLikeTheFile()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        expectRefusal(folder.path(), {"run", "e.toml", "--set", "gap.valu=0.3", "--store", "gradus.db"}, "value");
        expectRefusal(folder.path(), {"run", "e.toml", "--set", "nonsense", "--store", "gradus.db"}, "nonsense");
    }
    void people_labelTheItemsThatTheProgramWrites()
    {
        const QTemporaryDir folder;
        const QByteArray human = "[signals]\nanchors = 40\n[[signals.source]]\nname = \"ann\"\nkind = \"human\"\n"
                                 "file = \"labels.jsonl\"\n";
        writeText(folder.filePath("plain.toml"), kTiny + "[signals]\nanchors = 40\n");
        writeText(folder.filePath("human.toml"), kTiny + human);
        expectRefusal(folder.path(), {"run", "human.toml"}, "labels.jsonl");
        expectRefusal(folder.path(), {"data", "items", "plain.toml", "--generation", "3"}, "from 2 to 2");
        const Outcome items = runGradus(folder.path(), {"data", "items", "plain.toml"});
        QVERIFY2(items.exitCode == 0, items.err.constData());
        QCOMPARE(items.out.count('\n'), 64 + 40);
        QVERIFY(!items.out.contains("truth"));
        QByteArray labelled = items.out;
        labelled.replace("\"label\":\"\"", "\"label\":\"1\"");
        writeText(folder.filePath("labels.jsonl"), labelled);
        const Outcome run = runGradus(folder.path(), {"run", "human.toml", "--set", "experiment.seeds=[1]"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const QByteArray said = run.out + run.err;
        QVERIFY2(said.contains("Generation 2 is taught by one source"), said.constData());
        QVERIFY(said.contains("fewer than three sources"));
        // Another seed has other items, about which nobody said anything.
        const Outcome other = runGradus(folder.path(), {"run", "human.toml", "--set", "experiment.seeds=[2]"});
        QCOMPARE(other.exitCode, 1); // the file is good; the run finds that it is about other items
        QVERIFY2((other.out + other.err).contains("No source says anything"), other.err.constData());
    }
    void people_labelInTheTerminalOneKeyAnItem()
    {
        const QTemporaryDir folder;
        const QByteArray plain = kTiny + "[signals]\nanchors = 40\n";
        writeText(folder.filePath("plain.toml"), plain);
        QCOMPARE(runGradus(folder.path(), {"data", "items", "plain.toml", "-o", "items.jsonl"}).exitCode, 0);
        const QString label = "$GRADUS data label items.jsonl --labels labels.csv --annotator ";
        // A key that is no label, a label, the next one passed over, a label, taken back, another one, and out.
        const Outcome first = runShell(folder.path(), "printf 'x1s0u1q' | " + label + "ada --background nurse");
        QVERIFY2(first.exitCode == 0, first.err.constData());
        QVERIFY2(first.out.contains("\"x\" is no label") && first.out.contains("2 of 104 items are labelled by ada"),
                 first.out.constData());
        QFile labels(folder.filePath("labels.csv"));
        QVERIFY(labels.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = labels.readAll().split('\n');
        labels.close();
        QCOMPARE(lines.size(), 4); // the header, two labels, and what is after the last line
        QCOMPARE(lines[0], QByteArray("item,label,annotator,background"));
        QVERIFY2(lines[1].endsWith(",1,ada,nurse") && lines[2].endsWith(",1,ada,nurse"), lines[2].constData());
        // It goes on where it was, and the end of what is typed is the end of the session.
        const Outcome second = runShell(folder.path(), "yes 1 | head -200 | " + label + "ada");
        QVERIFY2(second.out.contains("2 of 104 labelled") && second.out.contains("104 of 104 items"),
                 second.out.constData());
        const Outcome bob = runShell(folder.path(), "yes 01 | head -40 | " + label + "bob --background pilot");
        QVERIFY2(bob.out.contains("80 of 104 items are labelled by bob"), bob.out.constData());
        expectRefusal(
            folder.path(),
            {"data", "label", "items.jsonl", "--labels", "labels.csv", "--annotator", "bob", "--background", "poet"},
            "has the background \"pilot\" there");
        expectRefusal(folder.path(), {"data", "label", "none.jsonl", "--labels", "l.csv", "--annotator", "bob"},
                      "none.jsonl");

        QByteArray human = plain + "[[signals.source]]\nname = \"predecessor\"\n";
        for (const char* who : {"ada", "bob"})
            human += QByteArray("[[signals.source]]\nname = \"") + who +
                     "\"\nkind = \"human\"\nfile = \"labels.csv\"\nannotator = \"" + who + "\"\n";
        writeText(folder.filePath("human.toml"), human);
        const Outcome run = runGradus(
            folder.path(), {"run", "human.toml", "--set", "experiment.seeds=[1]", "--store", "gradus.db", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Outcome listed = runGradus(folder.path(), {"list", "--store", "gradus.db", "--json"});
        const QString uuid = QJsonDocument::fromJson(listed.out).array().at(0)["uuid"].toString();
        const Outcome table = runGradus(folder.path(), {"sources", uuid, "--store", "gradus.db"});
        QVERIFY2(table.out.contains("People by background") && table.out.contains("nurse"), table.out.constData());
        const Outcome json = runGradus(folder.path(), {"sources", uuid, "--store", "gradus.db", "--json"});
        const QJsonArray backgrounds = QJsonDocument::fromJson(json.out)["backgrounds"].toArray();
        QCOMPARE(backgrounds.size(), 2);
        QCOMPARE(backgrounds[0]["background"].toString(), QString("nurse"));
        QCOMPARE(backgrounds[0]["answered"].toInt(), 104);
        QCOMPARE(backgrounds[0]["accuracy"]["n"].toInt(), 40);
        QCOMPARE(backgrounds[1]["people"][0].toString(), QString("bob"));
        QCOMPARE(backgrounds[1]["answered"].toInt(), 80);
        QVERIFY(backgrounds[1]["agreement_among_them"].isNull());
        QVERIFY(backgrounds[1]["agreement_with_others"]["n"].toInt() > 80); // with ada and with the predecessor
    }
    void sandbox_checkAndRunSayWhatHolds()
    {
        const QTemporaryDir folder;
        const Outcome one = runGradus(folder.path(), {"sandbox", "check", "--vector", "no-such-vector"});
        QCOMPARE(one.exitCode, 2);
        const Outcome check = runGradus(folder.path(), {"sandbox", "check", "--level", "0", "--json"});
        QVERIFY2(check.exitCode == 0 || check.exitCode == 3, check.err.constData());
        QVERIFY(QJsonDocument::fromJson(check.out).object().contains("vectors"));
    }
    void sandboxScenarios_refuseBadFilesAndTryGoodOnes()
    {
        const QTemporaryDir folder;
        const QString good = sourceFile("resources/scenarios/f08-preference-pairs.toml");
        QFile file(good);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        writeText(folder.filePath("bad.toml"), text.replace("title =", "titel ="));
        expectRefusal(folder.path(), {"sandbox", "scenarios", "bad.toml"}, "did you mean \"title\"?");
        expectRefusal(folder.path(), {"sandbox", "scenarios", "nowhere.toml"}, "nowhere.toml");
        expectRefusal(folder.path(), {"sandbox", "scenarios", "--id", "rounding-test"}, "rounding-tests");
        expectRefusal(folder.path(), {"sandbox", "scenarios", "--family", "F99"}, "F9");
        const Outcome tried =
            runGradus(folder.path(), {"sandbox", "scenarios", good, "--json", "--transcripts", "episodes.jsonl"});
        QVERIFY2(tried.exitCode == 0 || tried.exitCode == 3, tried.err.constData());
        const QJsonArray rows = QJsonDocument::fromJson(tried.out).object()["scenarios"].toArray();
        QCOMPARE(rows.size(), 1);
        if (tried.exitCode == 3) QSKIP("no cells here");
        QCOMPARE(rows[0].toObject()["oracle"].toString(), QString("ok"));
        QFile episodes(folder.filePath("episodes.jsonl"));
        QVERIFY(episodes.open(QIODevice::ReadOnly));
        QCOMPARE(episodes.readAll().count('\n'), 7);
    }
    void sandboxRun_playsOneCommandInAScenarioOfSeveralHosts()
    {
        const QTemporaryDir folder;
        expectRefusal(folder.path(), {"sandbox", "run", "--scenario", "watch-hots", "--", "true"}, "watch-host");
        const Outcome run = runGradus(folder.path(), {"sandbox", "run", "--scenario", "watch-host", "--", "python3",
                                                      "bin/on.py", "ops@build", "hostname; touch here"});
        if (run.exitCode == 3) QSKIP("no cells here");
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(run.out, QByteArray("build\n"));
        QVERIFY2(run.err.contains("devbox -> build:8523  1 connections"), run.err.constData());
        QVERIFY2(run.err.contains("+ build:/home/agent/here"), run.err.constData());
        const Outcome bench = runGradus(
            folder.path(), {"bench", "sandbox", "--hosts", "2", "--episodes", "1", "--commands", "1", "--json"});
        QVERIFY2(bench.exitCode == 0, bench.err.constData());
        const QJsonObject figures = QJsonDocument::fromJson(bench.out).object();
        QVERIFY(figures["remote_p50_milliseconds"].toDouble() > figures["connection_p50_milliseconds"].toDouble());
    }
    void repeatedRun_isBitEqual()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("e.toml"), kTiny);
        QByteArray hashes[2];
        for (QByteArray& hash : hashes) {
            const QString store = folder.filePath(QString::number(&hash - hashes) + "/gradus.db");
            const Outcome run =
                runGradus(folder.path(), {"run", "e.toml", "--store", store, "--jobs", &hash == hashes ? "1" : "2"});
            QVERIFY2(run.exitCode == 0, run.err.constData());
            hash = run.out.mid(run.out.indexOf("generation  rung"));
        }
        QCOMPARE(hashes[0], hashes[1]);
    }
    void models_andTheirTextsAreRefusedInASentence()
    {
        QTemporaryDir folder;
        const QString models = sourceFile("tests/data/models/");
        const QString tokenizers = sourceFile("tests/data/tokenizers/");
        expectRefusal(folder.path(), {"model", "pretrain", "builtin:registers/code", "-o", "rungs", "--rung", "9x9"},
                      "8x1");
        expectRefusal(folder.path(), {"model", "generate", models + "qwen2", "--prompt", "x"}, "no tokenizer.json");
        expectRefusal(folder.path(), {"model", "generate", tokenizers + "qwen2", "--prompt", "x"}, "config.json");
        expectRefusal(folder.path(), {"data", "tokenize", "nowhere", "nothing.txt"}, "nowhere");
        expectRefusal(folder.path(), {"bench", "load", "nowhere"}, "config.json");
    }
    void tokens_areThoseOfTheFile()
    {
        QTemporaryDir folder;
        writeText(folder.filePath("texts"), "plain words\n\"two\\nlines\"\n");
        const Outcome out = runGradus(
            folder.path(), {"data", "tokenize", sourceFile("tests/data/tokenizers/llama3"), "texts", "--ranges"});
        QVERIFY2(out.exitCode == 0, out.err.constData());
        const QList<QByteArray> lines = out.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        const QJsonObject second = QJsonDocument::fromJson(lines[1]).object();
        QVERIFY(!second["ids"].toArray().isEmpty());
        QCOMPARE(second["ranges"].toArray().last().toArray().last().toInt(), 9); // "two", a line break, "lines"
    }
    void generation_benchRuns()
    {
        QTemporaryDir folder;
        const Outcome out =
            runGradus(folder.path(), {"bench", "generate", "--new-tokens", "4", "--repeats", "1", "--json"});
        QVERIFY2(out.exitCode == 0, out.err.constData());
        QVERIFY(QJsonDocument::fromJson(out.out).object()["tokens_per_second"].toDouble() > 0);
    }
    void doctor_passesItsSelfTest()
    {
        QTemporaryDir folder;
        const Outcome doctor = runGradus(folder.path(), {"doctor", "--self-test"});
        QVERIFY2(doctor.exitCode == 0, doctor.out.constData());
        QVERIFY(doctor.out.contains("bit-equal"));
        // Every level and every scenario is named, whatever this machine can do.
        QVERIFY2(doctor.out.contains(" levels ") &&
                     (doctor.out.contains("level 5") || doctor.out.contains("does not:")),
                 doctor.out.constData());
        QVERIFY2(doctor.out.contains(" scenarios "), doctor.out.constData());
    }
};
GRADUS_SUITE(CliTest)
#include "cli_test.moc"
