// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "design_desk.h"
#include "editor/lane_view.h"
#include "pages/design/design_page.h"
#include "pages/design/finding_strip.h"
#include "pages/design/mix_panel.h"
#include "pages/design/number_field.h"
#include "pages/design/simulation_card.h"
#include "preset_shelf.h"
#include "spec/templates.h"
#include "support/suite.h"
#include "viewmodels/points_model.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>

#include <algorithm>

using namespace gradus;
using pages::DesignPage;
using Desk = tests::DesignDesk;

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
        for (const schedule::NamedPreset& known : schedule::builtInPresets()) {
            tests::PresetShelf shelf(desk.page);
            QVERIFY2(shelf.choose(static_cast<int>(known.preset)), known.name);
            QTest::keyClick(&shelf.list(), Qt::Key_Return);
            QVERIFY2(document.undoStack().count() == 1, known.name);
            QVERIFY(!shelf.popover().isVisible());
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
    void valueBeyondTheLane_isRefusedInTheInspector()
    {
        Desk desk;
        // No handles, which would swing the curve beyond a key that stands on the bound.
        QVERIFY(
            desk.page.document().setCurve({{{.x = 0, .y = 0.3}, {.x = 0.5, .y = 0.6}, {.x = 1, .y = 0.9}}}, "draw"));
        desk.page.document().selection().select(1);
        const std::string before = desk.page.document().text();
        auto& value = desk.child<QLineEdit>("keyValue");
        value.setFocus();
        value.selectAll();
        QTest::keyClicks(&value, "90");
        QTest::keyClick(&value, Qt::Key_Return);
        QCOMPARE(desk.page.document().text(), before);
        QCOMPARE(value.text(), QStringLiteral("90"));
        QCOMPARE(value.property("state").toString(), QStringLiteral("fail"));
        auto& reason = desk.child<QLabel>("keyReason");
        QVERIFY(reason.isVisible());
        QVERIFY2(reason.text().contains("20"), qPrintable(reason.text()));
        auto& fix = desk.child<QPushButton>("keyFix");
        QCOMPARE(fix.text(), QStringLiteral("Use 20"));
        QTest::mouseClick(&fix, Qt::LeftButton);
        QCOMPARE(desk.page.document().curve().keys[1].y, 20.0);
        QVERIFY(!reason.isVisible());
        QVERIFY(value.property("state").toString().isEmpty());
        desk.page.document().undoStack().undo();
        QCOMPARE(desk.page.document().text(), before);
    }
    void refusedCell_isSaidOverTheTable()
    {
        Desk desk;
        const std::string before = desk.page.document().text();
        auto& table = desk.child<QTableView>("pointsTable");
        QVERIFY(!table.model()->setData(table.model()->index(1, viewmodels::PointsModel::Value), "90"));
        auto& fix = desk.child<QPushButton>("pointsFix");
        QVERIFY(fix.isVisible());
        QTest::mouseClick(&fix, Qt::LeftButton);
        QCOMPARE(desk.page.document().curve().keys[1].y, 20.0);
        QVERIFY(!fix.isVisible());
        desk.page.document().undoStack().undo();
        QCOMPARE(desk.page.document().text(), before);
    }
    void everyFinding_isReachedWithItsButtons()
    {
        common::ThemeController theme(*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light);
        pages::FindingStrip strip(theme);
        strip.resize(900, 34);
        strip.show();
        int pressed = 0;
        const auto finding = [&pressed](const char* sentence, int worth) {
            return pages::Finding{"warn", sentence, {{"Do it", [&pressed, worth] { pressed += worth; }}}};
        };
        strip.setFindings({finding("one", 1), finding("two", 10), finding("three", 100)});
        auto* next = strip.findChild<QPushButton*>("nextFinding");
        QCOMPARE(next->text(), QStringLiteral("2 more"));
        for (const char* sentence : {"one", "two", "three"}) {
            QCOMPARE(strip.sentence(), QString(sentence));
            for (QPushButton* button : strip.findChildren<QPushButton*>())
                if (button->text() == "Do it" && button->isVisible()) QTest::mouseClick(button, Qt::LeftButton);
            QTest::mouseClick(next, Qt::LeftButton);
        }
        QCOMPARE(pressed, 111);
        QTest::mouseClick(next, Qt::LeftButton);
        strip.setFindings({finding("one", 1), finding("two", 10)});
        QCOMPARE(strip.sentence(), QStringLiteral("two")); // what is read stays
        strip.setFindings({finding("new", 1), finding("two", 10)});
        QCOMPARE(strip.sentence(), QStringLiteral("new"));
    }
    void fileChangedByAnotherProgram_isAskedAbout()
    {
        Desk desk;
        QVERIFY(desk.page.save());
        auto& document = desk.page.document();
        const std::string path = document.path().toStdString();
        desk.page.lane().commands().insertAt(0.5);
        const std::string mine = document.text();
        const std::string theirs = mine + "# theirs\n";
        QVERIFY(writeFileAtomically(path, theirs));
        QVERIFY(!desk.page.save());
        QVERIFY2(desk.sentence().contains("Another program"), qPrintable(desk.sentence()));
        QCOMPARE(*readFile(path), theirs);
        const auto press = [&desk](const char* text) {
            for (QPushButton* button : desk.child<pages::FindingStrip>("findingStrip").findChildren<QPushButton*>())
                if (button->text() == text && button->isVisible()) {
                    QTest::mouseClick(button, Qt::LeftButton);
                    return true;
                }
            return false;
        };
        QVERIFY(press("Reload"));
        QCOMPARE(document.text(), theirs);
        document.undoStack().undo();
        QCOMPARE(document.text(), mine);
        QVERIFY(writeFileAtomically(path, theirs + "# again\n"));
        QVERIFY(!desk.page.save());
        QVERIFY(press("Keep mine"));
        QVERIFY(desk.page.save());
        QCOMPARE(*readFile(path), mine);
    }
    void draftThatWasNeverSaved_isOffered()
    {
        QTemporaryDir folder;
        common::ThemeController theme(*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light);
        std::string lost;
        {
            DesignPage page(theme, {.workspace = folder.path(), .program = {}});
            page.lane().commands().insertAt(0.5);
            lost = page.document().text();
        }
        DesignPage page(theme, {.workspace = folder.path(), .program = {}});
        page.show();
        auto* strip = page.findChild<pages::FindingStrip*>("findingStrip");
        QVERIFY2(strip->sentence().contains("never saved"), qPrintable(strip->sentence()));
        for (QPushButton* button : strip->findChildren<QPushButton*>())
            if (button->text() == "Restore") QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(page.document().text(), lost);
        QVERIFY2(!strip->sentence().contains("never saved"), qPrintable(strip->sentence()));
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
        // Nothing of the draft that was open before is shown under this file's name.
        QCOMPARE(desk.page.document().name(), QStringLiteral("bad"));
        QCOMPARE(desk.child<QTableView>("pointsTable").model()->rowCount(), 0);
        QVERIFY(desk.page.mix().lanes().isEmpty());
        // No key of that draft is walked to, chosen or copied either.
        QGuiApplication::clipboard()->clear();
        for (const auto& [key, modifiers] : {std::pair{Qt::Key_Tab, Qt::KeyboardModifiers()},
                                             {Qt::Key_A, Qt::ControlModifier},
                                             {Qt::Key_C, Qt::ControlModifier}})
            QTest::keyClick(&desk.page.lane(), key, modifiers);
        QVERIFY(desk.page.document().selection().indices().empty());
        QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
        QVERIFY(desk.page.lane().hitTest(desk.page.lane().plotArea().center()).kind == plot::HitKind::Nothing);
        QVERIFY(!desk.sentence().contains("controller takes"));
    }
    void curveBeyondItsBound_isMarkedInItsLaneWithAFix()
    {
        Desk desk;
        QVERIFY(writeFileAtomically(desk.file("far.toml"),
                                    "[gap]\ncontroller = \"schedule\"\ncurve = { keys = [[0.0, 0.3], [0.5, 25.0], "
                                    "[1.0, 0.9]] }\n"));
        QVERIFY(desk.page.openFile(desk.folder.filePath("far.toml")));
        editor::LaneView& lane = desk.page.lane();
        QCOMPARE(lane.warnings().size(), 1);
        QCOMPARE(lane.warnings().front().at, QPointF(0.5, 25.0));
        const QString said = lane.warningAt(lane.warningPixel(lane.warnings().front()));
        QVERIFY2(said.contains("25") && said.contains("20"), qPrintable(said));
        QVERIFY(lane.accessibleDescription().contains(said));
        const std::string before = desk.page.document().text();
        auto buttons = desk.child<pages::FindingStrip>("findingStrip").findChildren<QPushButton*>();
        const auto fix = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton* button) {
            return button->text() == "Keep within the bounds";
        });
        QVERIFY(fix != buttons.end());
        (*fix)->click();
        QVERIFY(desk.page.document().isValid());
        QCOMPARE(desk.page.document().curve().keys[1].y, 20.0);
        QVERIFY(std::none_of(lane.warnings().begin(), lane.warnings().end(),
                             [](const plot::WarningMark& warning) { return warning.danger; }));
        desk.page.document().undoStack().undo();
        QCOMPARE(desk.page.document().text(), before);
    }
    void assumptions_areReachedWithoutAMouse()
    {
        Desk desk;
        auto& button = desk.child<QPushButton>("simulationAssumptions");
        QVERIFY(button.focusPolicy() & Qt::TabFocus);
        QCOMPARE(button.accessibleDescription(), pages::SimulationCard::assumptions());
        button.setFocus();
        QTest::keyClick(&button, Qt::Key_Space);
        QTRY_VERIFY(QToolTip::isVisible());
        QCOMPARE(QToolTip::text(), pages::SimulationCard::assumptions());
        QToolTip::hideText();
    }
    void keysThatNothingReads_areMarkedInTheirLaneWithAFix()
    {
        Desk desk;
        QVERIFY(desk.page.openText("[gap]\ncontroller = \"schedule\"\ncurve = { keys = [[0.0, 0.3], [0.2, 0.9], "
                                   "[0.5, 0.3], [1.0, 0.4]], interpolation = \"linear\" }\n[ladder]\ngenerations = 4\n"
                                   "[[signals.source]]\nname = \"past\"\nkind = \"model\"\nweight = { keys = [[0.0, "
                                   "0.8], [0.5, 0.0], [1.0, 0.0]], interpolation = \"linear\" }\n"
                                   "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\n"));
        QCOMPARE(desk.page.lane().warnings().size(), 1);
        QCOMPARE(desk.page.lane().warnings().front().at, QPointF(0.2, 0.9));
        QVERIFY(!desk.page.lane().warnings().front().danger);
        QCOMPARE(desk.page.mix().lanes()[0]->warnings().size(), 2); // of the starved source
        QVERIFY(desk.page.mix().lanes()[1]->warnings().isEmpty());
        const std::string before = desk.page.document().text();
        auto& strip = desk.child<pages::FindingStrip>("findingStrip");
        const auto press = [&strip](const QString& text) {
            for (int i = 0; i < 8; ++i, strip.showNext())
                for (QPushButton* button : strip.findChildren<QPushButton*>())
                    if (button->isVisible() && button->text() == text) return button->click(), true;
            return false;
        };
        QVERIFY(press("Remove the key"));
        QVERIFY(desk.page.lane().warnings().isEmpty());
        QVERIFY(press("Keep 0.05"));
        QVERIFY(desk.page.mix().lanes()[0]->warnings().isEmpty());
        desk.page.document().undoStack().undo();
        desk.page.document().undoStack().undo();
        QCOMPARE(desk.page.document().text(), before);
        QCOMPARE(desk.page.lane().warnings().size(), 1);
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
    void simulation_followsADrag_isFastAndSaysWhatItIs()
    {
        Desk desk;
        pages::SimulationCard& card = desk.page.simulation();
        QTRY_VERIFY_WITH_TIMEOUT(!card.summary().steps.empty() && !card.isSimulating(), 5000 * tests::kPatience);
        QVERIFY2(card.sentence().contains("simulated"), qPrintable(card.sentence()));
        bool says = false;
        for (const QLabel* label : card.findChildren<QLabel*>())
            says = says || label->text() == "simulated";
        QVERIFY(says);
        const auto before = card.summary().steps;
        QSignalSpy simulated(&card, &pages::SimulationCard::simulated);
        auto& document = desk.page.document();
        schedule::Curve wide = document.curve();
        for (schedule::Key& key : wide.keys)
            key.y = 2.0;
        QElapsedTimer timer;
        timer.start();
        document.preview(wide);                           // as a drag does, before anything is committed
        QVERIFY(timer.elapsed() < 50 * tests::kPatience); // the window did not wait for it
        QTRY_VERIFY_WITH_TIMEOUT(simulated.count() >= 1 && !card.isSimulating(), 1000 * tests::kPatience);
        QVERIFY(card.summary().steps.size() < before.size()); // such gaps end the ladder sooner
        QVERIFY(!document.isUnsaved());
        document.cancelPreview();
        QTRY_VERIFY_WITH_TIMEOUT(card.summary().steps.size() == before.size(), 1000 * tests::kPatience);
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
