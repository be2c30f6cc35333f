// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing that a model wrote runs before its level, and every level below it, was shown to hold.
#include "core/sandbox/cells.h"
#include "core/sandbox/holed_bubblewrap.h"
#include "support/suite.h"

#include "sandbox/preflight.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::sandbox;

class PreflightTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder{"/var/tmp/gradus-preflight-XXXXXX"};

private Q_SLOTS:
    void levels_areClimbedOnceAProcess()
    {
        GRADUS_NEEDS_CELLS();
        const Preflight first = preflight({.level = Level::Services});
        QVERIFY2(first.held(), first.refusal.c_str());
        QCOMPARE(first.tried.size(), std::size_t{3});
        for (std::size_t i = 0; i < first.tried.size(); ++i) {
            QCOMPARE(static_cast<std::size_t>(first.tried[i].level), i + 1);
            QVERIFY(first.tried[i].held());
        }
        QVERIFY2(first.seconds < 15.0 * tests::kPatience, std::to_string(first.seconds).c_str());
        QElapsedTimer timer;
        timer.start();
        const Preflight again = preflight({.level = Level::Toolchain});
        QVERIFY(again.held());
        QCOMPARE(again.tried.size(), std::size_t{2});
        QVERIFY2(timer.elapsed() < 100, std::to_string(timer.elapsed()).c_str());
        QVERIFY(startProven({}).ok());
    }
    void bubblewrapWithAHole_runsNothing()
    {
        GRADUS_NEEDS_CELLS();
        const std::string holed = tests::holedBubblewrap(m_folder.path().toStdString());
        if (holed.empty()) QSKIP("needs /usr/bin/python3");
        const CellOptions options{.bubblewrap = holed};
        QVERIFY(Cell::start(options).ok()); // the proof of a start does not see this hole
        const Preflight made = preflight(options);
        QVERIFY(!made.held());
        QCOMPARE(made.tried.size(), std::size_t{1}); // level 2 stays shut
        QVERIFY2(made.refusal.find("kernel-files (masked /proc)") != std::string::npos, made.refusal.c_str());
        const auto cell = startProven(options);
        QVERIFY(!cell.ok());
        QVERIFY(cell.error().kind == ErrorKind::Refused);
        QCOMPARE(cell.error().message, made.refusal);
    }
    void missingBubblewrap_isRefused()
    {
        const Preflight made = preflight({.bubblewrap = "/nowhere/bwrap"});
        QVERIFY(!made.held() && made.tried.empty());
        QVERIFY2(made.refusal.find("\"bubblewrap\" is missing") != std::string::npos, made.refusal.c_str());
    }
    void levelWithoutWalls_isRefused()
    {
        GRADUS_NEEDS_CELLS();
        QVERIFY(preflight({.level = Level::Simulated}).held()); // nothing runs there
        QVERIFY(!preflight({.level = Level::UserKernel, .userKernel = "/nowhere/runsc"}).held());
        QVERIFY(!startProven({.level = Level::Simulated}).ok());
    }
    void refusal_isTheMachinesOnlyInBubblewrapsOwnWords()
    {
        using tests::isTheMachines;
        const std::string before = "No code runs: the layer \"";
        QVERIFY(isTheMachines(before + "bubblewrap\" is missing (bwrap: setting up uid map: Permission denied)."));
        QVERIFY(isTheMachines(before + "bubblewrap\" is missing (/x is not there; install the package bubblewrap)."));
        QVERIFY(!isTheMachines(before + "guarded helper\" is missing (prctl: Operation not permitted)."));
        QVERIFY(!isTheMachines(before + "bubblewrap\" is missing (bwrap: execvp /opt/cell: Operation not permitted)."));
        QVERIFY(!isTheMachines("Cell lost: Operation not permitted"));
    }
};

GRADUS_SUITE(PreflightTest)
#include "preflight_test.moc"
