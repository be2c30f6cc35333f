// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of `gradus` about a draft, and what is heard of the answer.
#include "viewmodels/draft_question.h"

#include "support/suite.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

/// A program that says its arguments and the draft; one that begins with "slow" after half a minute.
struct Bench
{
    QTemporaryDir folder;
    LaunchPlace place{.workspace = folder.path(), .program = folder.filePath(QStringLiteral("program"))};
    QByteArrayList answers;
    QByteArrayList words;
    DraftQuestion question;

    Bench()
    {
        QFile program(place.program);
        if (!program.open(QIODevice::WriteOnly)) qFatal("program");
        program.write("#!/bin/sh\ncase \"$(cat \"$3\")\" in slow*) sleep 30;; esac\n"
                      "echo \"$* in $PWD: $(cat \"$3\")\"\necho \"gradus: $3 is no good.\" >&2\n");
        program.close();
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    void ask(const std::string& draft)
    {
        question.ask(place, draft, {QStringLiteral("data"), QStringLiteral("batch")},
                     {QStringLiteral("--generation"), QStringLiteral("2")},
                     [this](const QByteArray& json, const QByteArray& said) {
                         answers << json;
                         words << said;
                     });
    }
};

} // namespace

class DraftQuestionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verb_isAskedAboutTheDraftInTheWorkspace()
    {
        Bench bench;
        bench.ask("quick");
        QVERIFY(bench.question.isRunning());
        QTRY_COMPARE_WITH_TIMEOUT(bench.answers.size(), 1, 10'000);
        QVERIFY(!bench.question.isRunning());
        const QString store = Launcher(bench.place).storePath();
        QCOMPARE(QString::fromUtf8(bench.answers[0]).trimmed(),
                 QStringLiteral("data batch the draft --generation 2 --store %1 --json in %2: quick")
                     .arg(store, bench.folder.path()));
        QCOMPARE(DraftQuestion::sentenceOf(bench.words[0], {}), QStringLiteral("the draft is no good."));
    }
    void newerQuestion_endsTheOlderOne()
    {
        Bench bench;
        bench.ask("slow");
        QTest::qWait(100);
        bench.ask("quick");
        QTRY_COMPARE_WITH_TIMEOUT(bench.answers.size(), 1, 10'000);
        QVERIFY(bench.answers[0].trimmed().endsWith("quick"));
        bench.ask("slow");
        bench.question.abandon();
        QVERIFY(!bench.question.isRunning());
        QTest::qWait(100);
        QCOMPARE(bench.answers.size(), 1);
    }
    void whatCannotBeAsked_isSaid()
    {
        Bench bench;
        bench.place.program = bench.folder.filePath(QStringLiteral("nothing"));
        bench.ask("x");
        QTRY_COMPARE_WITH_TIMEOUT(bench.words.size(), 1, 10'000);
        QVERIFY(bench.words[0].contains("could not be started"));
        QCOMPARE(DraftQuestion::sentenceOf({}, QStringLiteral("Nothing.")), QStringLiteral("Nothing."));
        QVERIFY(!DraftQuestion::sentenceOf("gradus: \x1b[31mred", {}).contains(QChar(0x1b)));
    }
};
GRADUS_SUITE(DraftQuestionTest)
#include "draft_question_test.moc"
