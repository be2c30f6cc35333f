// SPDX-License-Identifier: GPL-3.0-or-later
// The author's own conclusion on the pages that verbs write, and forecasts of several experiments.
#include "program.h"
#include "support/suite.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::tests;

namespace {

const QByteArray kLadder = "[experiment]\nname = \"small steps\"\n[ladder]\ngenerations = 4\nstart = 0\n"
                           "[task]\ntest_items = 200\n[gap]\ncontroller = \"fixed\"\nvalue = 0.1\n"
                           "[training]\nlabels = 64\nepochs = 1\n";

struct Verb
{
    QStringList words;
    const char* computed; ///< what its answer computes
};
const QList<Verb> kVerbs{{{"report"}, "Competence, utility: the runs end with"},
                         {{"forecast"}, "Held-out rungs of ceiling (1 cell of 1 curve)"},
                         {{"beyond", "--items", "50"}, "Surrogate, hardest items foretold"}};

} // namespace

class PageNotesTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    Outcome gradus(const QStringList& words) const
    {
        return runGradus(m_folder.path(), words + QStringList{"--store", "ladder.db"});
    }
    QByteArray read(const QString& name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void expectRefusal(const QStringList& words, const char* mustSay) const
    {
        const Outcome outcome = gradus(words);
        QVERIFY2(outcome.exitCode == 2 && outcome.err.contains(mustSay), outcome.err.constData());
        QCOMPARE(outcome.err.trimmed().count('\n'), 0);
        QVERIFY(!QFile::exists(m_folder.filePath("refused.html")));
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeText(m_folder.filePath("ladder.toml"), kLadder);
        const Outcome large = gradus({"run", "ladder.toml", "--set", "experiment.name=large steps", "--set",
                                      "ladder.generations=3", "--set", "gap.value=0.5"});
        QVERIFY2(large.exitCode == 0, large.err.constData());
        const Outcome small = gradus({"run", "ladder.toml"});
        QVERIFY2(small.exitCode == 0, small.err.constData());
        writeText(m_folder.filePath("note.txt"), "Nothing is <b>shown</b>\nhere.\n\nMore seeds would tell.\n");
    }
    void aNote_standsBeforeWhatWasComputed()
    {
        for (const Verb& verb : kVerbs) {
            const Outcome plain = gradus(verb.words + QStringList{"-o", "plain.html"});
            QVERIFY2(plain.exitCode == 0, plain.err.constData());
            const Outcome noted = gradus(verb.words + QStringList{"-o", "noted.html", "--note", "note.txt"});
            QVERIFY2(noted.exitCode == 0, noted.err.constData());
            const QByteArray html = read("noted.html");
            const QByteArray paragraphs =
                "<p>Nothing is &lt;b&gt;shown&lt;/b&gt; here.</p><p>More seeds would tell.</p>";
            const QList<QByteArray> order{">Question</h2>", ">Answer</h2>", paragraphs, verb.computed};
            qsizetype last = -1;
            for (const QByteArray& part : order) {
                const qsizetype at = html.indexOf(part);
                QVERIFY2(at > last, part + " of " + verb.words.front().toUtf8());
                last = at;
            }
            QVERIFY(read("plain.html").contains(verb.computed) && !read("plain.html").contains("&lt;b&gt;shown"));
        }
    }
    void aNoteThatCannotBeRead_isRefusedBeforeAnythingIsWritten()
    {
        writeText(m_folder.filePath("long.txt"), QByteArray((1 << 20) + 1, 'a'));
        for (const Verb& verb : kVerbs) {
            const QStringList page = verb.words + QStringList{"-o", "refused.html", "--note"};
            expectRefusal(page + QStringList{"nobody.txt"}, "there is no such file");
            expectRefusal(page + QStringList{"."}, "not a regular file");
            expectRefusal(page + QStringList{"long.txt"}, "more than the 1048576");
            if (verb.words.front() == "report") continue; // always a page
            expectRefusal(verb.words + QStringList{"--note", "note.txt"}, "name one with -o PAGE.html");
            expectRefusal(verb.words + QStringList{"-o", "page.txt", "--note", "note.txt"}, "must end in .html");
        }
    }
    void severalExperiments_areForetoldTogether()
    {
        const QString line = "name:\"small steps\" or name:\"large steps\" and generation = 3";
        const Outcome made = gradus({"forecast", "--filter", line, "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QCOMPARE(QJsonDocument::fromJson(made.out).object()["runs"].toInt(), 2);
        const Outcome one = gradus({"forecast", "--filter", "gap.value = 0.5", "--json"});
        QVERIFY2(one.exitCode == 0, one.err.constData());
        QCOMPARE(QJsonDocument::fromJson(one.out).object()["runs"].toInt(), 1);
        QCOMPARE(gradus({"forecast", "--filter", line, "-o", "both.html"}).exitCode, 0);
        const QByteArray html = read("both.html");
        QVERIFY(
            html.contains("gradus forecast --filter 'name:\"small steps\" or name:\"large steps\" and generation = 3' "
                          "--target 13"));
        QVERIFY(html.contains("gradus run small-steps.toml") && html.contains("gradus run large-steps.toml"));
        expectRefusal({"forecast", "--filter", "seed = 99", "-o", "refused.html"}, "No run of this store");
        for (const QStringList& two : {QStringList{"--filter", "seed = 1", "--experiment", "small steps"},
                                       QStringList{"small steps", "--experiment", "small steps"},
                                       QStringList{"small steps", "--filter", "seed = 1"}}) {
            const Outcome refused = gradus(QStringList{"forecast"} + two);
            QVERIFY2(refused.exitCode == 2 && refused.err.contains("excludes"), refused.err.constData());
        }
    }
};

GRADUS_SUITE(PageNotesTest)
#include "page_notes_test.moc"
