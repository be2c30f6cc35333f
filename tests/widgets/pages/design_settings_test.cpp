// SPDX-License-Identifier: GPL-3.0-or-later
// Every key of the experiment file in one table: searched, edited, put back.
#include "design_desk.h"
#include "pages/design/settings_panel.h"
#include "spec/keys.h"
#include "support/suite.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace gradus;
using pages::DesignPage;
using Desk = tests::DesignDesk;

class DesignSettingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settings_areSearchedEditedAndPutBack()
    {
        Desk desk;
        auto& document = desk.page.document();
        const std::string text = document.text();
        desk.page.showLower(DesignPage::Lower::Settings);
        pages::SettingsPanel& panel = desk.page.settings();
        QTableView* table = panel.table();
        QCOMPARE(panel.model().rowCount(), static_cast<int>(spec::knownKeys().size()));
        panel.search()->setFocus();
        QTest::keyClicks(panel.search(), "warmup fraction");
        QVERIFY(panel.model().rowCount() >= 1);
        const QModelIndex warmup = panel.model().indexOf("training.warmup");
        QVERIFY(warmup.isValid());
        QVERIFY(!warmup.data(viewmodels::SettingsModel::ChangedRole).toBool());
        table->setFocus();
        table->setCurrentIndex(warmup.siblingAtColumn(viewmodels::SettingsModel::ValueColumn));
        QVERIFY2(panel.helpText().startsWith("training.warmup: "), qPrintable(panel.helpText()));
        QTest::keyClick(table, Qt::Key_F2);
        auto* editor = table->findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        editor->selectAll();
        QTest::keyClicks(editor, "0.2");
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(document.experiment().training.warmup, 0.2); // the editor commits in its own time
        const QModelIndex now = panel.model().indexOf("training.warmup");
        QVERIFY(now.data(viewmodels::SettingsModel::ChangedRole).toBool());
        QVERIFY(now.data(Qt::FontRole).value<QFont>().bold());
        table->setCurrentIndex(now);
        QTest::mouseClick(&desk.child<QPushButton>("resetSetting"), Qt::LeftButton);
        QCOMPARE(document.experiment().training.warmup, 0.05);
        document.undoStack().undo();
        document.undoStack().undo();
        QCOMPARE(document.text(), text);
        // A word needs no quotes; what no rule takes changes nothing and is said.
        panel.search()->clear();
        auto& model = panel.model();
        const auto value = [&](const char* key) {
            return model.indexOf(key).siblingAtColumn(viewmodels::SettingsModel::ValueColumn);
        };
        QVERIFY(model.setData(value("training.decay"), "linear"));
        QCOMPARE(document.experiment().training.decay, std::string("linear"));
        QVERIFY(!model.setData(value("training.decay"), "sideways"));
        QVERIFY2(desk.sentence().contains("training.decay"), qPrintable(desk.sentence()));
        QTest::mouseClick(&desk.child<QCheckBox>("changedOnly"), Qt::LeftButton, {}, QPoint(8, 10));
        QCOMPARE(model.rowCount(), model.changedCount());
        QVERIFY(model.indexOf("training.decay").isValid());
        QVERIFY(!model.indexOf("training.warmup").isValid());
    }
};
GRADUS_SUITE(DesignSettingsTest)
#include "design_settings_test.moc"
