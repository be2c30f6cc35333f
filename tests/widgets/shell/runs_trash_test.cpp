// SPDX-License-Identifier: GPL-3.0-or-later
// A run put into the trash by its key in the list of runs, and brought back.
#include "pages/live/runs_panel.h"
#include "plot/settled.h"
#include "shell/main_window.h"
#include "store/trash.h"
#include "support/must.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QApplication>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace gradus;

namespace {
constexpr double kLimitSeconds = 20.0 * tests::kPatience;
}

class RunsTrashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void delete_putsTheRunAside_andUndoBringsItBack()
    {
        QTemporaryDir folder;
        const shell::Workspace place{
            .folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
        QFile::copy(tests::sourceFile("resources/example/example.db"), place.store);
        QFile::setPermissions(place.store, QFile::ReadOwner | QFile::WriteOwner);
        common::ThemeController theme(*qApp, common::Theme::Light);
        shell::MainWindow window(theme, place, false);
        window.show();
        window.activateWindow();
        QVERIFY(plot::waitUntil([&] { return !window.session().runs().isEmpty(); }, kLimitSeconds));
        window.showPage("live");
        const qsizetype all = window.session().runs().size();
        const store::RunRow run = window.session().runs().first();
        pages::RunsPanel* panel = window.desk().runsPanel();
        panel->choose(run.id);
        auto* tree = panel->findChild<QTreeView*>();
        tree->setFocus();
        QVERIFY(plot::waitUntil([&] { return tree->hasFocus(); }, kLimitSeconds));
        QSignalSpy said(&window.desk(), &shell::Desk::said);

        QTest::keyClick(tree, Qt::Key_Delete);
        QVERIFY(plot::waitUntil([&] { return window.session().runs().size() == all - 1; }, kLimitSeconds));
        const auto trashed = tests::must(store::trashedRuns(place.store.toStdString()));
        QCOMPARE(trashed.size(), std::size_t{1});
        QCOMPARE(trashed.front().uuid, run.uuid);
        QVERIFY(plot::waitUntil([&] { return !said.isEmpty(); }, kLimitSeconds));
        QVERIFY2(said.last().first().toString().contains("Ctrl+Z"), qPrintable(said.last().first().toString()));

        QTest::keyClick(tree, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(plot::waitUntil([&] { return window.session().runs().size() == all; }, kLimitSeconds));
        QVERIFY(tests::must(store::trashedRuns(place.store.toStdString())).empty());
    }
};
GRADUS_SUITE(RunsTrashTest)
#include "runs_trash_test.moc"
