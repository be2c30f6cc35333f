// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus presets` as a user types it: what the window's menu does, and one sentence for what is wrong.
#include "program.h"
#include "support/suite.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::tests;

namespace {

constexpr const char* kText = "# mine\n[experiment]\nname = \"x\"\n[ladder]\ngenerations = 4\n[gap]\n"
                              "curve = { keys = [[0.0, 0.3], [1.0, 0.9]] } # drawn\n"
                              "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n"
                              "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\n";

/// A person's home with an experiment in it.
struct Home
{
    QTemporaryDir folder;

    Home() { writeText(path("x.toml"), kText); }
    QString path(const QString& name) const { return folder.filePath(name); }
    Outcome run(const QString& words) const
    {
        return runShell(folder.path(), "XDG_DATA_HOME=\"$PWD/data\" \"$GRADUS\" presets " + words);
    }
    QByteArray text(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

} // namespace

class PresetsVerbTest : public QObject
{
    Q_OBJECT

    static void expectRefusal(const Outcome& outcome, const char* mustSay)
    {
        QVERIFY2(outcome.exitCode == 2, outcome.err.constData());
        QVERIFY2(outcome.err.contains(mustSay), outcome.err.constData());
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
    }
    static void expectDone(const Outcome& outcome) { QVERIFY2(outcome.exitCode == 0, outcome.err.constData()); }

private Q_SLOTS:
    void curve_goesFromOneExperimentIntoAnother()
    {
        const Home home;
        expectDone(home.run("save 'my gap' x.toml"));
        expectDone(home.run("save flat x.toml --source truth"));
        writeText(home.path("y.toml"), QByteArray(kText).replace("[1.0, 0.9]", "[1.0, 0.5]"));
        expectDone(home.run("apply 'my gap' y.toml"));
        QVERIFY(home.text("y.toml").contains("# drawn"));
        QVERIFY(home.text("y.toml").contains("0.9"));
        expectDone(home.run("apply cosine y.toml --source past"));
        QVERIFY(home.text("y.toml").contains("weight ="));
        const QJsonArray all = QJsonDocument::fromJson(home.run("list --json").out).array();
        QStringList saved;
        for (const QJsonValue& one : all)
            if (one.toObject()["from"] == "saved") saved << one.toObject()["name"].toString();
        QCOMPARE(saved, (QStringList{"flat", "my gap"}));
        QCOMPARE(all.size(), 16);
    }
    void preset_isRenamedRemovedRestoredExportedAndImported()
    {
        const Home home;
        expectDone(home.run("save a x.toml"));
        expectRefusal(home.run("save a x.toml"), "already");
        expectDone(home.run("save a x.toml --replace"));
        expectDone(home.run("rename a b"));
        expectDone(home.run("show b -o out.toml"));
        expectDone(home.run("remove b"));
        expectRefusal(home.run("show b"), "no preset");
        expectDone(home.run("restore b"));
        const Outcome imported = home.run("import out.toml");
        expectDone(imported);
        QVERIFY(imported.out.contains("b 2"));
        QVERIFY(home.run("show b").out.contains("curve = {"));
    }
    void badInput_isOneSentenceAndNothingIsWritten()
    {
        const Home home;
        const QByteArray before = home.text("x.toml");
        expectDone(home.run("save tall x.toml"));
        QDir(home.path("data/gradus/presets")).remove("tall.toml");
        writeText(home.path("data/gradus/presets/tall.toml"),
                  "version = 1\nname = \"tall\"\ncurve = { keys = [[0.0, 50], [1.0, 60]] }\n");
        writeText(home.path("data/gradus/presets/new.toml"), "version = 5\nname = \"new\"\n");
        expectRefusal(home.run("apply tall x.toml"), "50");
        expectRefusal(home.run("apply new x.toml"), "newer version");
        expectRefusal(home.run("remove new"), "newer version");
        expectRefusal(home.run("apply nothing x.toml"), "no preset");
        expectRefusal(home.run("apply cosin x.toml"), "no preset");
        expectRefusal(home.run("apply cosine nothing.toml"), "nothing.toml");
        expectRefusal(home.run("apply cosine x.toml --key ladder.generations"), "no curve");
        expectRefusal(home.run("apply cosine x.toml --source pas"), "\"past\"");
        expectRefusal(home.run("save cosine x.toml"), "built-in");
        expectRefusal(home.run("import x.toml"), "version");
        QCOMPARE(home.text("x.toml"), before);
        QVERIFY(home.text("data/gradus/presets/new.toml").contains("version = 5"));
        QVERIFY(home.run("list").out.contains("not usable: new.toml:1:11: This preset is from a newer version"));
        expectDone(home.run("apply tall x.toml --stretch")); // its shape between what is there
        QVERIFY(home.text("x.toml").contains("0.9"));
    }
};
GRADUS_SUITE(PresetsVerbTest)
#include "presets_verb_test.moc"
