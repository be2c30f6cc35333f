// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "editor/lane_view.h"
#include "pages/design/design_page.h"
#include "pages/design/finding_strip.h"
#include "pages/design/number_field.h"
#include "spec/templates.h"
#include "support/suite.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using pages::DesignPage;

namespace {

/// A page in a folder of its own.
struct Desk
{
    QTemporaryDir folder;
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    DesignPage page{theme, {.workspace = folder.path(), .program = {}}};

    Desk()
    {
        page.resize(1368, 838);
        page.show();
        page.activateWindow();
        if (!QTest::qWaitForWindowActive(&page)) qFatal("the page got no focus");
    }
    template <typename T>
    T& child(const char* name)
    {
        T* found = page.findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no %s on the page", name);
        return *found;
    }
    QString sentence() { return child<pages::FindingStrip>("findingStrip").sentence(); }
    std::filesystem::path file(const char* name) { return folder.filePath(QString::fromLatin1(name)).toStdString(); }
};

} // namespace

class DesignPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freshPage_isSilentAndLaunches()
    {
        Desk desk;
        QSignalSpy launched(&desk.page, &DesignPage::launchRequested);
        QVERIFY2(desk.sentence().isEmpty(), qPrintable(desk.sentence()));
        QTest::mouseClick(&desk.child<QPushButton>("launch"), Qt::LeftButton);
        desk.page.lane().setFocus();
        QTest::keyClick(&desk.page.lane(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(launched.count(), 2);
        QCOMPARE(launched[0][0].toString(), QString::fromStdString(desk.page.document().text()));
    }
    void everyTemplate_opensAsItIsAndMayBeLaunched()
    {
        for (const spec::Template& one : spec::templates()) {
            Desk desk;
            const std::string text(one.text);
            QVERIFY2(desk.page.openText(text), one.name.data());
            QCOMPARE(desk.page.document().text(), text);
            QSignalSpy launched(&desk.page, &DesignPage::launchRequested);
            QTest::mouseClick(&desk.child<QPushButton>("launch"), Qt::LeftButton);
            QVERIFY2(launched.count() == 1, (std::string(one.name) + ": " + desk.sentence().toStdString()).c_str());
        }
    }
    void everyPreset_isOneUndoToTheSameBytes()
    {
        Desk desk;
        auto& document = desk.page.document();
        const std::string before = document.text();
        QMenu* menu = desk.child<QPushButton>("presets").menu();
        QCOMPARE(menu->actions().size(), 5);
        for (QAction* action : menu->actions()) {
            action->trigger();
            QVERIFY2(document.undoStack().count() == 1, qPrintable(action->text() + ": " + desk.sentence()));
            document.undoStack().undo();
            QVERIFY(document.text() == before);
            QVERIFY(document.setValue("gap.value", "0.7", "x")); // drops the redo branch
            document.undoStack().undo();
        }
    }
    void inspectorFields_moveTheKey()
    {
        Desk desk;
        desk.page.lane().commands().insertAt(0.5);
        auto& place = desk.child<QLineEdit>("keyPlace");
        place.setFocus();
        place.selectAll();
        QTest::keyClicks(&place, "40");
        QTest::keyClick(&place, Qt::Key_Return);
        QCOMPARE(desk.page.document().curve().keys[1].x, 0.4);
        auto& value = desk.child<QLineEdit>("keyValue");
        value.setFocus();
        value.selectAll();
        QTest::keyClicks(&value, "nonsense");
        QTest::keyClick(&value, Qt::Key_Return);
        QCOMPARE(value.property("state").toString(), QStringLiteral("fail"));
        value.selectAll();
        QTest::keyClicks(&value, "0.75");
        QTest::keyClick(&value, Qt::Key_Return);
        QCOMPARE(desk.page.document().curve().keys[1].y, 0.75);
        QVERIFY(value.property("state").toString().isEmpty());
    }
    void fixedController_saysThatTheCurveIsNotUsed()
    {
        Desk desk;
        auto& box = desk.child<QComboBox>("controller");
        QVERIFY(!desk.child<QLineEdit>("fixedGap").isVisible());
        box.setCurrentIndex(1);
        Q_EMIT box.activated(1);
        QVERIFY(desk.child<QLineEdit>("fixedGap").isVisible());
        QVERIFY(desk.sentence().contains("fixed controller"));
        desk.page.document().undoStack().undo();
        QVERIFY(desk.sentence().isEmpty());
        QCOMPARE(box.currentData().toString(), QStringLiteral("schedule"));
    }
    void measuringController_bringsItsAnchorsInOneStep()
    {
        Desk desk;
        auto& box = desk.child<QComboBox>("controller");
        const int adaptive = box.findData(QStringLiteral("adaptive"));
        box.setCurrentIndex(adaptive);
        Q_EMIT box.activated(adaptive);
        QCOMPARE(desk.page.document().experiment().gap.controller, std::string("adaptive"));
        QCOMPARE(desk.page.document().experiment().signals.anchors, 200);
        QVERIFY(desk.sentence().contains("200 anchors"));
        desk.page.document().undoStack().undo();
        QCOMPARE(desk.page.document().experiment().gap.controller, std::string("schedule"));
        QCOMPARE(desk.page.document().experiment().signals.anchors, 0);
        QVERIFY(desk.sentence().isEmpty());
    }
    void tableSelection_isTheLanesSelection()
    {
        Desk desk;
        auto& table = desk.child<QTableView>("pointsTable");
        table.selectRow(1);
        QCOMPARE(desk.page.document().selection().current(), 1);
        desk.page.document().selection().select(0);
        QCOMPARE(table.selectionModel()->selectedRows().size(), 1);
        QCOMPARE(table.selectionModel()->selectedRows().first().row(), 0);
    }
    void spreadsheetText_isPastedIntoTheTable()
    {
        Desk desk;
        auto& table = desk.child<QTableView>("pointsTable");
        QGuiApplication::clipboard()->setText("20\t0.4\n60\t0.7\n");
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(desk.page.document().curve().keys.size(), std::size_t{4});
        QGuiApplication::clipboard()->setText("20\tmuch\n");
        QTest::keyClick(&table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(desk.page.document().undoStack().count(), 1);
        QVERIFY(desk.sentence().contains("Line 1"));
    }
    void brokenFile_isReadOnlyWithPlaceAndCause()
    {
        Desk desk;
        QVERIFY(writeFileAtomically(desk.file("bad.toml"), "[gap]\ncontroler = \"fixed\"\n"));
        QVERIFY(desk.page.openFile(desk.folder.filePath("bad.toml")));
        QVERIFY2(desk.sentence().contains("bad.toml:2"), qPrintable(desk.sentence()));
        QVERIFY(desk.sentence().contains("controller"));
        QVERIFY(!desk.child<QPushButton>("launch").isEnabled());
        const auto before = desk.page.document().curve();
        QTest::keyClick(&desk.page.lane(), Qt::Key_Insert);
        QVERIFY(desk.page.document().curve() == before);
    }
    void missingFile_leavesTheDraftAndSaysSo()
    {
        Desk desk;
        QVERIFY(!desk.page.openFile(desk.folder.filePath("none.toml")));
        QVERIFY(!desk.sentence().isEmpty());
        QVERIFY(desk.page.document().isValid());
    }
    void save_makesAFileInTheWorkspaceAndKeepsOthers()
    {
        Desk desk;
        QVERIFY(desk.page.save());
        const QString path = desk.page.document().path();
        QVERIFY(path.startsWith(desk.folder.path()));
        QVERIFY(!desk.page.document().isUnsaved());
        Desk other;
        QVERIFY(desk.page.openText(desk.page.document().text()));
        QVERIFY(desk.page.save());
        QVERIFY(desk.page.document().path() != path);
    }
    void copiedCommand_runsTheFrozenFile()
    {
        Desk desk;
        QTest::mouseClick(&desk.child<QPushButton>("copyCommand"), Qt::LeftButton);
        const QString line = QGuiApplication::clipboard()->text();
        QVERIFY2(line.startsWith("gradus run "), qPrintable(line));
        QVERIFY(line.contains(" --store "));
        const QString file = line.section(' ', 2, 2);
        QVERIFY2(QFileInfo::exists(file), qPrintable(file));
        const auto text = readFile(file.toStdString());
        QVERIFY(text && *text == desk.page.document().text());
    }
    /// Not a check: pictures for people, only where a folder is named.
    void pictures()
    {
        const QString folder = qEnvironmentVariable("GRADUS_PICTURES");
        if (folder.isEmpty()) QSKIP("GRADUS_PICTURES names no folder");
        for (const auto theme : {common::Theme::Light, common::Theme::Dark})
            for (const QSize size : {QSize(1368, 838), QSize(1028, 638)}) {
                Desk desk;
                desk.theme.setTheme(theme);
                desk.page.resize(size);
                QVERIFY(desk.page.save());
                desk.page.lane().commands().insertAt(0.5);
                desk.page.lane().commands().setKind(viewmodels::KeyKind::Smooth);
                for (int i = 0; i < 3; ++i)
                    QTest::keyClick(&desk.page.lane(), Qt::Key_Down);
                QTest::qWait(60);
                desk.page.lane().replotNow();
                const QString name = QStringLiteral("design-%1-%2.png").arg(common::nameOf(theme)).arg(size.width());
                QVERIFY(desk.page.grab().save(folder + '/' + name));
            }
    }
};
GRADUS_SUITE(DesignPageTest)
#include "design_page_test.moc"
