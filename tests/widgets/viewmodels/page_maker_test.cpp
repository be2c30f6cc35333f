// SPDX-License-Identifier: GPL-3.0-or-later
// A page made by a program that may say anything, or nothing, or not end.
#include "viewmodels/page_maker.h"

#include "support/suite.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus::viewmodels;
using End = PageMaker::End;

namespace {

constexpr int kWait = 20'000;

struct Bench
{
    QTemporaryDir folder;
    PageMaker maker;
    QSignalSpy ends{&maker, &PageMaker::ended};
    QSignalSpy steps{&maker, &PageMaker::progressed};

    /// A program of these lines of shell instead of the real one.
    explicit Bench(const QByteArray& lines)
    {
        QFile program(folder.filePath("gradus"));
        if (!program.open(QIODevice::WriteOnly)) qFatal("no program");
        program.write("#!/bin/sh\n" + lines + "\n");
        program.close();
        program.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        maker.setPlace({.workspace = folder.path(), .program = program.fileName()});
    }
    PageOrder order(bool countsUp = false) const
    {
        return {.verb = "beyond",
                .store = "/s/gradus.db",
                .runs = {"u1", "u2"},
                .options = {"--items", "50"},
                .file = folder.filePath("page.html"),
                .countsUp = countsUp};
    }
    End end() const { return ends.value(0).value(0).value<End>(); }
    QString words() const { return ends.value(0).value(1).toString(); }
};

} // namespace

class PageMakerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theProgram_isAskedAsAPersonWouldType()
    {
        Bench bench("echo \"$@\" > asked");
        QCOMPARE(commandLineOf(bench.order()),
                 "gradus beyond u1 u2 --items 50 --store /s/gradus.db -o " + bench.folder.filePath("page.html"));
        bench.maker.make(bench.order(true));
        bench.maker.make(bench.order()); // one at a time
        QVERIFY(bench.maker.isRunning());
        QVERIFY(bench.ends.wait(kWait));
        QCOMPARE(bench.ends.size(), 1);
        QCOMPARE(bench.end(), End::Made);
        QVERIFY(!bench.maker.isRunning());
        QFile asked(bench.folder.filePath("asked"));
        QVERIFY(asked.open(QIODevice::ReadOnly));
        QCOMPARE("gradus " + QString::fromUtf8(asked.readAll()).trimmed(),
                 commandLineOf(bench.order()) + " --progress");
    }
    void progress_isCounted_andARefusalIsASentence()
    {
        Bench bench("echo 'progress 1 3' >&2; printf 'progress 2' >&2; sleep 0.2; echo ' 3' >&2;"
                    "echo 'progress x 3' >&2; echo 'gradus: No such runs.' >&2; exit 2");
        bench.maker.make(bench.order(true));
        QVERIFY(bench.ends.wait(kWait));
        QCOMPARE(bench.steps.size(), 2);
        QCOMPARE(bench.steps[1], (QList<QVariant>{2, 3}));
        QCOMPARE(bench.end(), End::Refused);
        QVERIFY2(bench.words().contains("No such runs.") && !bench.words().contains("progress 1"),
                 qPrintable(bench.words()));
    }
    void silenceAndAbsence_areSaid()
    {
        Bench silent("kill -SEGV $$");
        silent.maker.make(silent.order());
        QVERIFY(silent.ends.wait(kWait));
        QCOMPARE(silent.end(), End::Refused);
        QVERIFY2(silent.words().contains("without a word"), qPrintable(silent.words()));
        Bench absent("exit 0");
        absent.maker.setPlace({.workspace = absent.folder.path(), .program = absent.folder.filePath("absent")});
        absent.maker.make(absent.order());
        QVERIFY(absent.ends.size() == 1 || absent.ends.wait(kWait));
        QCOMPARE(absent.end(), End::Refused);
        QVERIFY2(absent.words().contains("could not be started"), qPrintable(absent.words()));
    }
    void whoeverCancels_doesNotWaitForOneThatWillNotStop()
    {
        Bench polite("trap 'exit 130' TERM; echo 'progress 0 9' >&2; while :; do sleep 0.05; done");
        polite.maker.make(polite.order(true));
        QVERIFY(polite.steps.wait(kWait));
        polite.maker.cancel();
        QVERIFY(polite.ends.wait(kWait));
        QCOMPARE(polite.end(), End::Cancelled);
        Bench deaf("trap '' TERM; echo 'progress 0 9' >&2; while :; do sleep 0.05; done");
        deaf.maker.make(deaf.order(true));
        QVERIFY(deaf.steps.wait(kWait));
        QElapsedTimer timer;
        timer.start();
        deaf.maker.cancel();
        QVERIFY(timer.elapsed() < 1000); // the window does not wait for one that does not listen
        QVERIFY(deaf.ends.wait(kWait));
        QCOMPARE(deaf.end(), End::Cancelled);
    }
};

GRADUS_SUITE(PageMakerTest)

#include "page_maker_test.moc"
