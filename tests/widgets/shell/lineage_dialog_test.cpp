// SPDX-License-Identifier: GPL-3.0-or-later
// The family of a run, opened by its key in the Runs dock, walked and left by the keyboard.
#include "pages/live/runs_panel.h"
#include "pages/shared/lineage_dialog.h"
#include "plot/settled.h"
#include "support/suite.h"
#include "viewmodels/runs_model.h"

#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <QTreeWidget>

using namespace gradus;

class LineageDialogTest : public QObject
{
    Q_OBJECT

    static QVector<store::RunRow> family()
    {
        QVector<store::RunRow> rows;
        for (std::int64_t id = 3; id >= 1; --id) {
            store::RunRow row;
            row.id = id;
            row.uuid = "uuid-of-" + std::to_string(id);
            row.experimentName = "climb";
            row.seed = id;
            row.state = store::RunState::Finished;
            row.lastUtility = 0.5;
            if (id > 1) row.lineage = store::Lineage{.parent = "uuid-of-1", .generation = 2};
            rows.append(row);
        }
        return rows;
    }

private Q_SLOTS:
    void keyInTheDock_asksForTheLineageOfTheRun()
    {
        viewmodels::RunsModel model;
        const common::ThemeController theme(*qApp, common::Theme::Light);
        pages::RunsPanel panel(model, theme);
        panel.resize(300, 500);
        panel.show();
        panel.activateWindow();
        model.setRows(family());
        panel.choose(2);
        auto* tree = panel.findChild<QTreeView*>();
        tree->setFocus();
        QVERIFY(plot::waitUntil([&] { return tree->hasFocus(); }, 20));
        QSignalSpy asked(&panel, &pages::RunsPanel::lineageRequested);
        QTest::keyClick(tree, Qt::Key_L);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toLongLong(), 2);
    }
    void tree_showsTheFamilyAndOpensWhatIsChosen()
    {
        auto* dialog = new pages::LineageDialog(family(), 2);
        dialog->show();
        QTreeWidget* tree = dialog->tree();
        QCOMPARE(tree->topLevelItemCount(), 1);
        const QTreeWidgetItem* root = tree->topLevelItem(0);
        QVERIFY(root->isExpanded());
        QCOMPARE(root->childCount(), 2);
        QCOMPARE(root->child(0)->text(1), QString("branch after generation 2"));
        QCOMPARE(tree->currentItem(), root->child(0)); // the run asked about
        QVERIFY(root->child(0)->font(0).bold() && !root->child(1)->font(0).bold());

        QSignalSpy opened(dialog, &pages::LineageDialog::openRequested);
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_Down);
        dialog->setRuns(family()); // a list that arrives meanwhile moves nothing
        QCOMPARE(tree->currentItem()->text(0).left(9), QString("uuid-of-3").left(8) + QLatin1Char(' '));
        Q_EMIT tree->itemActivated(tree->currentItem(), 0);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toLongLong(), 3);
    }
    void runAlone_saysSo()
    {
        QVector<store::RunRow> rows = family();
        for (store::RunRow& row : rows)
            row.lineage.reset();
        pages::LineageDialog dialog(rows, 2);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(dialog.tree()->topLevelItemCount(), 1);
        bool isSaid = false;
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            isSaid = isSaid || label->text().contains("branched from no other");
        QVERIFY(isSaid);
    }
};
GRADUS_SUITE(LineageDialogTest)
#include "lineage_dialog_test.moc"
