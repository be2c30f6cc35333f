// SPDX-License-Identifier: GPL-3.0-or-later
// The log of a run that failed: the right file, opened at the line that tells why.
#include "pages/shared/run_log.h"
#include "support/suite.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

namespace {

constexpr char kFailure[] = "The loss became NaN at step 641 of generation 2; lower training.learning_rate.";

store::RunRow failedRun()
{
    store::RunRow run;
    run.uuid = "3f2a9c00-1111-4222-8333-444455556666";
    run.experimentName = "gap annealing";
    run.seed = 2;
    run.state = store::RunState::Failed;
    run.failure = kFailure;
    return run;
}

void write(const QDir& folder, const QString& name, const QByteArray& text, int age)
{
    folder.mkpath(QFileInfo(folder.filePath(name)).path());
    QFile file(folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.setFileTime(QDateTime::currentDateTime().addSecs(-age), QFileDevice::FileModificationTime);
}

} // namespace

class RunLogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLaunchedRun_hasTheLogInWhichItsFailureStands()
    {
        const QTemporaryDir workspace;
        const QDir folder(workspace.path());
        write(folder, "experiments/gap-annealing-11111111.toml.log", "begin\nall is well\n", 10);
        write(folder, "experiments/gap-annealing-22222222.toml.log",
              QByteArray("begin\nseed 2: ") + kFailure + "\nseed 3 goes on\nend\n", 100);
        write(folder, "experiments/other-33333333.toml.log", QByteArray(kFailure) + "\n", 1);
        const pages::RunLog log = pages::readRunLog(workspace.path(), failedRun());
        QVERIFY2(log.path.endsWith("22222222.toml.log"), qPrintable(log.path));
        QCOMPARE(log.errorLine, 1);
    }
    void aQueuedRun_hasALogOfItsOwn()
    {
        const QTemporaryDir workspace;
        const QDir folder(workspace.path());
        write(folder, "logs/3f2a9c00-1111-4222-8333-444455556666.log", "begin\nerror: no disk\nbye\x1b[2J\n", 1);
        write(folder, "experiments/gap-annealing-11111111.toml.log", QByteArray(kFailure) + "\n", 1);
        const pages::RunLog log = pages::readRunLog(workspace.path(), failedRun());
        QVERIFY(log.path.endsWith("444455556666.log"));
        QCOMPARE(log.errorLine, 1); // it died without its sentence
        QVERIFY2(log.text.contains("\\x1b[2J"), qPrintable(log.text));
    }
    void aBranch_hasTheLogNamedAfterItsParent()
    {
        const QTemporaryDir workspace;
        const QDir folder(workspace.path());
        write(folder, "experiments/branch-aaaabbbb.log", QByteArray("begin\n") + kFailure + "\n", 10);
        write(folder, "experiments/branch-ccccdddd.log", QByteArray(kFailure) + "\n", 1);
        write(folder, "experiments/gap-annealing-11111111.toml.log", "begin\nall is well\n", 5);
        store::RunRow run = failedRun();
        run.lineage = {"aaaabbbb-1111-4222-8333-444455556666", 2, false};
        const pages::RunLog log = pages::readRunLog(workspace.path(), run);
        QVERIFY2(log.path.endsWith("branch-aaaabbbb.log"), qPrintable(log.path));
        QCOMPARE(log.errorLine, 1);
    }
    void noLog_isSaid()
    {
        const QTemporaryDir workspace;
        QVERIFY(pages::readRunLog(workspace.path(), failedRun()).path.isEmpty());
    }
    void dialog_standsOnTheLine()
    {
        const QTemporaryDir workspace;
        QByteArray text;
        for (int i = 0; i < 300; ++i)
            text += i == 120 ? QByteArray(kFailure) + "\n" : QByteArray("step\n");
        write(QDir(workspace.path()), "experiments/gap-annealing-11111111.toml.log", text, 1);
        auto* dialog = new pages::LogDialog(workspace.path(), failedRun());
        dialog->open();
        QTRY_VERIFY(!dialog->log().path.isEmpty());
        QCOMPARE(dialog->lines()->textCursor().selectedText(), QString(kFailure));
        dialog->close();
    }
};
GRADUS_SUITE(RunLogTest)
#include "run_log_test.moc"
