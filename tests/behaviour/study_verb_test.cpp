// SPDX-License-Identifier: GPL-3.0-or-later
// `gradus sandbox study` kept in a store, and shown again by `gradus containment`.
#include "core/sandbox/cells.h"
#include "program.h"
#include "support/suite.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::tests;

namespace {

QByteArray read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class StudyVerbTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    Outcome gradus(const QStringList& arguments) const { return runGradus(m_folder.path(), arguments); }

private Q_SLOTS:
    void aStudy_isKeptAndShownAgain()
    {
        GRADUS_NEEDS_CELLS();
        const Outcome studied = gradus({"sandbox", "study", "--level", "2", "--quick", "--id", "locked-folder",
                                        "--store", "kept.db", "--name", "this machine", "-o", "study.html"});
        QVERIFY2(studied.exitCode == 0, (studied.out + studied.err).constData());
        QVERIFY(studied.out.contains("level 0  no code runs"));
        const Outcome shown = gradus({"containment", "--store", "kept.db"});
        QVERIFY2(shown.exitCode == 0, shown.err.constData());
        QVERIFY2(shown.out.startsWith("this machine\nWays out\n"), shown.out.constData());
        // What it printed itself, but for the line that says where it is kept.
        QVERIFY(studied.out.startsWith(shown.out.mid(shown.out.indexOf('\n') + 1)));
        const Outcome json = gradus({"containment", "--store", "kept.db", "--json"});
        const QJsonObject study =
            QJsonDocument::fromJson(json.out).object()["studies"].toArray()[0].toObject()["study"].toObject();
        QVERIFY2(study["held"].toBool(), json.out.constData());
        QCOMPARE(study["levels"].toArray().size(), 3);
        const QJsonArray acts = study["acts"].toArray();
        QCOMPARE(acts.size(), 2); // simulated, and commands in cells of level 2
        for (const auto& row : acts) {
            QCOMPARE(row.toObject()["acts"].toInt(), 64);
            QCOMPARE(row.toObject()["hazards"].toObject()["value"].toDouble(), 1.0);
            QCOMPARE(row.toObject()["honest_hazards"].toObject()["value"].toDouble(), 0.0);
        }
        QCOMPARE(acts[1].toObject()["outcomes"].toObject()["value"].toDouble(), 1.0);
        const Outcome page = gradus({"containment", "--store", "kept.db", "-o", "again.html"});
        QVERIFY2(page.exitCode == 0, page.err.constData());
        QCOMPARE(read(m_folder.filePath("again.html")), read(m_folder.filePath("study.html")));
        QVERIFY(read(m_folder.filePath("again.html")).contains("Acts of the built-in domain"));
    }
    void studiesOfOneName_standBesideEachOther()
    {
        for (int i = 0; i < 2; ++i) {
            const Outcome studied =
                gradus({"sandbox", "study", "--level", "0", "--quick", "--store", "two.db", "--name", "<b>one"});
            QVERIFY2(studied.exitCode == 0, studied.err.constData());
        }
        const Outcome list = gradus({"containment", "--store", "two.db", "--json"});
        QCOMPARE(QJsonDocument::fromJson(list.out).object()["studies"].toArray().size(), 1); // the newest
        const Outcome runs = gradus({"list", "--store", "two.db", "--json"});
        QStringList ids;
        const QJsonDocument listed = QJsonDocument::fromJson(runs.out);
        for (const auto& row : listed.isArray() ? listed.array() : listed.object()["runs"].toArray())
            ids << row.toObject()["uuid"].toString();
        QVERIFY2(ids.size() == 2 && !ids[0].isEmpty(), runs.out.constData());
        const Outcome both = gradus(QStringList{"containment", "--store", "two.db", "-o", "both.html"} + ids);
        QVERIFY2(both.exitCode == 0, both.err.constData());
        const QByteArray html = read(m_folder.filePath("both.html"));
        QVERIFY(html.contains("level 0, &lt;b&gt;one " + ids[0].left(8).toUtf8()));
        QVERIFY(html.contains("level 0, &lt;b&gt;one " + ids[1].left(8).toUtf8()));
        QVERIFY(!html.contains("<b>one"));
    }
    void whatKeepsNoStudy_isRefusedInASentence()
    {
        QCOMPARE(gradus({"sandbox", "study", "--level", "0", "--quick", "--store", "s.db"}).exitCode, 0);
        writeText(m_folder.filePath("e.toml"),
                  "[experiment]\nname = \"other\"\nseeds = [1]\n[ladder]\ngenerations = 2\n[task]\ntest_items = 200\n"
                  "[gap]\ncontroller = \"fixed\"\n[training]\nlabels = 64\nepochs = 1\n");
        const Outcome ran = gradus({"run", "e.toml", "--store", "other.db"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        for (const QStringList& words :
             {QStringList{"containment", "--store", "other.db"}, QStringList{"containment", "--store", "none.db"},
              QStringList{"containment", "ffffffff", "--store", "s.db"},
              QStringList{"containment", "--store", "s.db", "-o", "page.txt"},
              QStringList{"containment", "--store", "s.db", "-o", "no/such/folder/page.html"}}) {
            const Outcome refused = gradus(words);
            QVERIFY2(refused.exitCode == 2 || refused.exitCode == 1, words.join(' ').toUtf8().constData());
            QVERIFY2(refused.err.startsWith("gradus: ") && refused.err.count('\n') == 1, refused.err.constData());
            QVERIFY(refused.out.isEmpty());
        }
        QVERIFY(gradus({"containment", "--store", "other.db"}).err.contains("gradus sandbox study --store"));
        QVERIFY(!QFile::exists(m_folder.filePath("page.txt")));
    }
};
GRADUS_SUITE(StudyVerbTest)
#include "study_verb_test.moc"
