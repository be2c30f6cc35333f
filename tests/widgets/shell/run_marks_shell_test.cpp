// SPDX-License-Identifier: GPL-3.0-or-later
// Tags and notes in the list of runs: by its keys, for many runs at once, taken back, and what stays when writing
// fails.
#include "pages/live/run_marks_bar.h"
#include "pages/live/runs_panel.h"
#include "plot/settled.h"
#include "shell/main_window.h"
#include "store/store_reader.h"
#include "store/trash.h"
#include "support/must.h"
#include "support/source_dir.h"
#include "support/suite.h"
#include "viewmodels/run_acts.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace gradus;

namespace {

constexpr double kLimitSeconds = 20.0 * tests::kPatience;

/// A window over a copy of the example, on Live.
struct Bench
{
    QTemporaryDir folder;
    shell::Workspace place{.folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
    common::ThemeController theme{*qApp, common::Theme::Light};
    std::unique_ptr<shell::MainWindow> window;

    Bench()
    {
        QFile::copy(tests::sourceFile("resources/example/example.db"), place.store);
        QFile::setPermissions(place.store, QFile::ReadOwner | QFile::WriteOwner);
        window = std::make_unique<shell::MainWindow>(theme, place, false);
        window->show();
        window->activateWindow();
        (void)wait([&] { return !runs().isEmpty(); });
        window->showPage("live");
    }
    const QVector<store::RunRow>& runs() { return window->session().runs(); }
    pages::RunsPanel& panel() { return *window->desk().runsPanel(); }
    QTreeView& tree() { return *panel().findChild<QTreeView*>(); }
    template <typename Condition>
    bool wait(Condition condition)
    {
        return plot::waitUntil(condition, kLimitSeconds);
    }
    bool chooseGroup(int row)
    {
        tree().setFocus();
        tree().setCurrentIndex(tree().model()->index(row, 0));
        return wait([&] { return tree().hasFocus() && panel().marks()->isVisible(); });
    }
    std::size_t tagged(const std::string& tag)
    {
        std::size_t count = 0;
        for (const store::RunRow& run : runs())
            count += std::find(run.tags.begin(), run.tags.end(), tag) != run.tags.end() ? 1 : 0;
        return count;
    }
};

} // namespace

class RunMarksShellTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGroup_isTaggedByKeysFilteredByTagAndUntagged()
    {
        Bench bench;
        QVERIFY(bench.chooseGroup(0));
        const auto all = static_cast<std::size_t>(bench.tree().model()->rowCount(bench.tree().model()->index(0, 0)));
        QVERIFY(all >= 2);
        QTest::keyClick(&bench.tree(), Qt::Key_T);
        QLineEdit* field = bench.panel().marks()->tagField();
        QVERIFY(bench.wait([&] { return field->hasFocus(); }));
        QTest::keyClicks(field, "healthy, odd");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(bench.wait([&] { return bench.tagged("healthy") == all && bench.tagged("odd") == all; }));
        QVERIFY(field->text().isEmpty());

        QLineEdit* filter = bench.panel().filterField();
        QTest::keyClicks(filter, "tag:odd");
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(bench.window->session().runsModel().shownRuns(), static_cast<int>(all));
        filter->clear();
        QTest::keyClick(filter, Qt::Key_Return);

        // One of the two away again, by its button; then Ctrl+Z twice.
        QVERIFY(bench.chooseGroup(0));
        QToolButton* button = nullptr;
        QVERIFY(bench.wait([&] {
            for (QToolButton* one : bench.panel().marks()->findChildren<QToolButton*>())
                if (one->text() == QLatin1String("odd")) button = one;
            return button != nullptr;
        }));
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(bench.wait([&] { return bench.tagged("odd") == 0; }));
        QCOMPARE(bench.tagged("healthy"), all);
        bench.tree().setFocus();
        QVERIFY(bench.wait([&] { return bench.tree().hasFocus(); }));
        QTest::keyClick(&bench.tree(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(bench.wait([&] { return bench.tagged("odd") == all; }));
        QTest::keyClick(&bench.tree(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(bench.wait([&] { return bench.tagged("odd") + bench.tagged("healthy") == 0; }));
    }
    void aNote_isEditedInPlaceAndKeptWhenTheFieldIsLeft()
    {
        Bench bench;
        const std::int64_t id = bench.runs().front().id;
        bench.panel().choose(id);
        bench.tree().setFocus();
        QVERIFY(bench.wait([&] { return bench.tree().hasFocus() && bench.panel().marks()->isVisible(); }));
        QTest::keyClick(&bench.tree(), Qt::Key_N);
        QPlainTextEdit* field = bench.panel().marks()->noteField();
        QVERIFY(bench.wait([&] { return field->hasFocus(); }));
        QTest::keyClicks(field, "slow <b>start</b>");
        bench.tree().setFocus();
        QVERIFY(bench.wait([&] { return bench.runs().front().note == "slow <b>start</b>"; }));
        QCOMPARE(bench.tree().model()->index(0, 0, bench.tree().model()->index(0, 0)).isValid(), true);
        // Esc takes back what was typed.
        field->setFocus();
        QTest::keyClicks(field, "zzz");
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(field->toPlainText(), QString("slow <b>start</b>"));
        QVERIFY(bench.tree().hasFocus());
    }
    void groupingMenu_groupsBySeveralKeys()
    {
        Bench bench;
        bench.panel().marks(); // the dock is there
        QMenu* menu = bench.panel().groupingMenu();
        const auto trigger = [&](const QString& key) {
            Q_EMIT menu->aboutToShow();
            for (QAction* action : menu->actions())
                if (action->data().toString() == key) return action->trigger();
        };
        trigger("state");
        trigger("procedure");
        QCOMPARE(bench.window->session().runsModel().grouping().keys, (QStringList{"state", "procedure"}));
        QVERIFY(bench.tree().model()->index(0, 0).data().toString().startsWith("finished, "));
        QCOMPARE(bench.panel().findChild<QToolButton*>("runsGrouping")->text(), QString("by state, procedure"));
        trigger("state");
        trigger("procedure");
        QVERIFY(bench.window->session().runsModel().grouping() == viewmodels::RunGrouping{});
    }
    void undoThatFails_canBeTriedAgain()
    {
        Bench bench;
        const std::string store = bench.place.store.toStdString();
        const QString uuid = QString::fromStdString(bench.runs().front().uuid);
        bench.window.reset();
        viewmodels::RunActs acts;
        acts.setStore(bench.place.store);
        QSignalSpy said(&acts, &viewmodels::RunActs::said);
        acts.trash({uuid});
        QVERIFY(bench.wait([&] { return said.size() == 1; }));
        QCOMPARE(acts.undoable(), 1);
        // The trash is away for a moment.
        const QString trash = QString::fromStdString(store::trashOf(store).string());
        QVERIFY(QFile::rename(trash, trash + ".away"));
        acts.undo();
        QVERIFY(bench.wait([&] { return said.size() == 2; }));
        QCOMPARE(said.last().at(1).toBool(), true);
        QCOMPARE(acts.undoable(), 1);
        QVERIFY(QFile::rename(trash + ".away", trash));
        acts.undo();
        QVERIFY(bench.wait([&] { return said.size() == 3; }));
        QCOMPARE(said.last().at(1).toBool(), false);
        QCOMPARE(acts.undoable(), 0);
        QVERIFY(tests::must(store::trashedRuns(store)).empty());
    }
};
GRADUS_SUITE(RunMarksShellTest)
#include "run_marks_shell_test.moc"
