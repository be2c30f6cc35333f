// SPDX-License-Identifier: GPL-3.0-or-later
// Launch, from the Design page of the real window to what the program was asked: a program of ours stands for it.
#include "pages/design/design_page.h"
#include "pages/design/finding_strip.h"
#include "pages/queue/launch_panel.h"
#include "shell/main_window.h"
#include "support/suite.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

namespace {

constexpr int kWait = 8000 * tests::kPatience;

/// A window whose program answers `check` with one tick, and ends `run` as it is told.
struct Bench
{
    QTemporaryDir folder;
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    std::unique_ptr<shell::MainWindow> window;

    explicit Bench(const QByteArray& state, const QByteArray& run = "exit 0")
    {
        QDir(folder.path()).mkpath(QStringLiteral("experiments"));
        const QString program = folder.filePath(QStringLiteral("program"));
        QFile file(program);
        if (!file.open(QIODevice::WriteOnly)) qFatal("no program");
        file.write(
            "#!/bin/sh\necho \"$1\" >> \"$(dirname \"$0\")/calls\"\ncase $1 in\ncheck)\ncat <<'END'\n"
            "{\"runs\":1,\"conditions\":1,\"seconds\":1,\"disk_bytes\":1,\"notes\":[],\"ticks\":[{\"id\":\"disk\","
            "\"title\":\"Disk space\",\"state\":\"" +
            state + "\",\"figure\":\"\",\"sentence\":\"\",\"cure\":\"\"}]}\nEND\n;;\nrun|branch)\n" + run +
            "\n;;\nesac\n");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        shell::Workspace workspace{.folder = folder.path(),
                                   .store = folder.filePath(QStringLiteral("gradus.db")),
                                   .draft = {},
                                   .program = program};
        window = std::make_unique<shell::MainWindow>(theme, workspace, false);
        window->showPage(QStringLiteral("design"));
        window->show();
        if (!QTest::qWaitForWindowExposed(window.get())) qFatal("not shown");
    }
    QStringList calls() const
    {
        QFile file(folder.filePath(QStringLiteral("calls")));
        if (!file.open(QIODevice::ReadOnly)) return {};
        return QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
    }
    void launch()
    {
        for (QAction* action : window->findChildren<QAction*>(QStringLiteral("design.launch")))
            action->trigger();
    }
    pages::LaunchPanel& panel() { return *window->findChild<pages::LaunchPanel*>(QStringLiteral("launchPanel")); }
    QString sentence() { return window->findChild<pages::FindingStrip*>(QStringLiteral("findingStrip"))->sentence(); }
    bool onQueue()
    {
        return QTest::qWaitFor([this] { return window->currentPage() == QLatin1String("queue"); }, kWait);
    }
};

} // namespace

class LaunchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void draftThatPasses_startsAtOnce()
    {
        Bench bench("pass");
        bench.launch();
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().contains("run"), kWait);
        QCOMPARE(bench.calls(), (QStringList{"check", "run"}));
        QCOMPARE(bench.window->currentPage(), QStringLiteral("design"));
    }
    void refusedTick_startsNothingAndIsShown()
    {
        Bench bench("fail");
        bench.launch();
        QVERIFY(bench.onQueue());
        QVERIFY(!bench.panel().mayLaunch());
        QVERIFY2(bench.panel().reasonText().contains("Disk space"), qPrintable(bench.panel().reasonText()));
        QVERIFY(!bench.window->findChild<QPushButton*>(QStringLiteral("panelLaunch"))->isEnabled());
        QTest::qWait(50);
        QCOMPARE(bench.calls(), QStringList{"check"});
    }
    /// A text that nobody touched is asked about again once its answer is old: memory and disk are others by then.
    void oldTicks_areAskedAboutAgainBeforeAnythingIsLaunched()
    {
        Bench bench("warn");
        bench.launch();
        QVERIFY(bench.onQueue());
        bench.window->findChild<QCheckBox*>(QStringLiteral("accept.disk"))->click();
        QVERIFY(bench.panel().mayLaunch());
        bench.panel().check().setFreshFor(0);
        auto* launch = bench.window->findChild<QPushButton*>(QStringLiteral("panelLaunch"));
        launch->click();
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().contains("run"), kWait); // the same warning: it is accepted still
        QCOMPARE(bench.calls(), (QStringList{"check", "check", "run"}));
    }
    void oldTicksThatNoLongerHold_launchNothing()
    {
        Bench bench("pass");
        bench.launch();
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().contains("run"), kWait);
        // The disk fills up; the draft stays as it is.
        QFile program(bench.folder.filePath(QStringLiteral("program")));
        QVERIFY(program.open(QIODevice::ReadOnly));
        QByteArray text = program.readAll();
        program.close();
        text.replace("\"state\":\"pass\"", "\"state\":\"fail\"");
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write(text);
        program.close();
        bench.panel().check().setFreshFor(0);
        bench.launch();
        QVERIFY(bench.onQueue());
        QTRY_VERIFY_WITH_TIMEOUT(bench.panel().report().isRefused(), kWait);
        QCOMPARE(bench.calls(), (QStringList{"check", "run", "check"}));
    }
    void warning_waitsForItsTick()
    {
        Bench bench("warn");
        bench.launch();
        QVERIFY(bench.onQueue());
        QTest::qWait(50);
        QCOMPARE(bench.calls(), QStringList{"check"});
        auto* accept = bench.window->findChild<QCheckBox*>(QStringLiteral("accept.disk"));
        QVERIFY(accept != nullptr);
        accept->click();
        auto* launch = bench.window->findChild<QPushButton*>(QStringLiteral("panelLaunch"));
        QVERIFY(launch->isEnabled());
        launch->click();
        QTRY_VERIFY_WITH_TIMEOUT(bench.calls().contains("run"), kWait);
    }
    void workerThatEndsBeforeItsRun_isASentenceWithItsLastLine()
    {
        Bench bench("pass", "echo 'gradus: the folder of models is gone; put it back' >&2\nexit 2");
        bench.launch();
        QTRY_VERIFY2_WITH_TIMEOUT(bench.sentence().contains("the folder of models is gone"),
                                  qPrintable(bench.sentence()), kWait);
        QVERIFY(bench.sentence().contains("before its run had begun"));
    }
};
GRADUS_SUITE(LaunchTest)
#include "launch_test.moc"
