// SPDX-License-Identifier: GPL-3.0-or-later
// The ladder builder: rungs and model folders by mouse and key, each act one undo to the same bytes.
#include "design_desk.h"
#include "pages/design/ladder_panel.h"
#include "support/suite.h"

#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

using namespace gradus;
using pages::DesignPage;
using Desk = tests::DesignDesk;

class DesignLadderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ladder_isBuiltRungByRung_eachOneUndoToTheSameBytes()
    {
        Desk desk;
        const std::string text = "# mine\n[ladder] # by hand\nfamily = \"scratch\" # kept\n"
                                 "rungs = [[32, 2], [64, 2], [96, 3]]\ngenerations = 2\nstart = 1\n[task]\n"
                                 "name = \"builtin:registers/code\"\n";
        QVERIFY2(desk.page.openText(text), qPrintable(desk.sentence()));
        auto& document = desk.page.document();
        desk.page.showLower(DesignPage::Lower::Ladder);
        pages::LadderView& view = desk.page.ladder().view();
        QVERIFY(view.isVisible());
        const auto undone = [&] {
            const bool one = document.undoStack().index() == 1;
            document.undoStack().undo();
            return one && document.text() == text;
        };
        // The first rung goes by key; the start stays on the rung that it was on.
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.placeOf(0).toPoint());
        QCOMPARE(view.chosen(), 0);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(document.experiment().ladder.rungs.size(), std::size_t{2});
        QCOMPARE(document.experiment().ladder.start, 0);
        QVERIFY(document.text().find("family = \"scratch\" # kept") != std::string::npos);
        QVERIFY(undone());
        QTest::mouseDClick(&view, Qt::LeftButton, {}, view.placeOf(0).toPoint());
        QCOMPARE(document.experiment().ladder.start, 0);
        QVERIFY(undone());
        QMenu* menu = desk.child<QPushButton>("addRung").menu();
        Q_EMIT menu->aboutToShow();
        menu->actions().front()->trigger();
        QCOMPARE(document.experiment().ladder.rungs.size(), std::size_t{4});
        QVERIFY2(undone(), document.text().c_str());
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.placeOf(0).toPoint());
        auto& width = desk.child<QSpinBox>("rungWidth");
        QCOMPARE(width.value(), 32);
        width.setFocus();
        width.selectAll();
        QTest::keyClicks(&width, "80");
        QTest::keyClick(&width, Qt::Key_Return);
        // Stronger than the second now, where the ladder starts: they change places, and the start goes along.
        QCOMPARE(document.experiment().ladder.rungs[1], (spec::Rung{.width = 80, .layers = 2}));
        QCOMPARE(document.experiment().ladder.start, 0);
        QVERIFY(undone());
    }
    void ladderEdit_thatTheFileRefuses_isASentence()
    {
        Desk desk;
        QVERIFY(desk.page.openText("[ladder]\nfamily = \"scratch\"\nrungs = [[32, 2], [64, 2], [96, 3]]\n"
                                   "generations = 3\nstart = 0\n[gap]\ncontroller = \"schedule\"\n"));
        const std::string before = desk.page.document().text();
        desk.page.showLower(DesignPage::Lower::Ladder);
        pages::LadderView& view = desk.page.ladder().view();
        view.setChosen(2);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(desk.page.document().text(), before);
        QVERIFY2(desk.sentence().contains("generations"), qPrintable(desk.sentence()));
    }
    void modelFolders_areAddedMovedAndRemoved()
    {
        Desk desk;
        const std::string text =
            "[ladder]\nfamily = [\"/a/small\", \"/a/large\"] # weak to strong\n"
            "generations = 2\nstart = 0\n[gap]\ncontroller = \"fixed\"\n[task]\nname = \"preferences\"\n"
            "teacher_data = \"t.jsonl\"\ntest_data = \"e.jsonl\"\n";
        QVERIFY2(desk.page.openText(text), qPrintable(desk.sentence()));
        auto& document = desk.page.document();
        desk.page.showLower(DesignPage::Lower::Ladder);
        pages::LadderView& view = desk.page.ladder().view();
        const auto folders = [&] {
            std::vector<std::string> names;
            for (const spec::FolderRung& rung : document.experiment().ladder.models)
                names.push_back(rung.folder);
            return names;
        };
        desk.page.ladder().addFolder("/a/huge");
        QCOMPARE(folders(), (std::vector<std::string>{"/a/small", "/a/large", "/a/huge"}));
        view.setChosen(2);
        QTest::keyClick(&view, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(folders(), (std::vector<std::string>{"/a/small", "/a/huge", "/a/large"}));
        QCOMPARE(view.chosen(), 1);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(folders(), (std::vector<std::string>{"/a/small", "/a/large"}));
        QVERIFY(document.text().find("# weak to strong") != std::string::npos);
        for (int i = 0; i < 3; ++i)
            document.undoStack().undo();
        QCOMPARE(document.text(), text);
    }
    void partsOfAFolder_areSetByNumber_andStayThroughOtherEdits()
    {
        Desk desk;
        const std::string text =
            "[ladder]\nfamily = [\"/a/small\", { folder = \"/a/large\", adapter_rank = 8 }] # weak to strong\n"
            "generations = 2\nstart = 0\n[gap]\ncontroller = \"fixed\"\n[task]\nname = \"preferences\"\n"
            "teacher_data = \"t.jsonl\"\ntest_data = \"e.jsonl\"\n";
        QVERIFY2(desk.page.openText(text), qPrintable(desk.sentence()));
        auto& document = desk.page.document();
        desk.page.showLower(DesignPage::Lower::Ladder);
        auto& panel = desk.page.ladder();
        auto* layers = panel.findChild<QSpinBox*>("folderLayers");
        auto* rank = panel.findChild<QSpinBox*>("folderRank");
        QVERIFY(layers != nullptr && rank != nullptr && layers->isVisible() && rank->isVisible());
        panel.view().setChosen(1);
        QVERIFY(layers->value() == 0 && rank->value() == 8);
        QCOMPARE(layers->text(), QString("all layers"));
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty()) // for an eye
            QVERIFY(desk.page.grab().save(folder + "/ladder-of-folders.png"));
        const auto entered = [](QSpinBox* field, int value) {
            field->setValue(value);
            Q_EMIT field->editingFinished();
        };
        Q_EMIT layers->editingFinished(); // passed through
        QCOMPARE(document.text(), text);
        entered(layers, 12);
        const spec::FolderRung part{.folder = "/a/large", .layers = 12};
        QCOMPARE(document.experiment().ladder.models[1], part);
        QCOMPARE(rank->value(), 0);
        panel.addFolder("/a/large"); // whole, beside its part
        QCOMPARE(document.experiment().ladder.models.size(), std::size_t{3});
        QCOMPARE(document.experiment().ladder.models[1], part);
        panel.view().setChosen(2);
        entered(layers, 12); // there already
        QVERIFY2(desk.sentence().contains("large, 12 layers"), qPrintable(desk.sentence()));
        QCOMPARE(document.experiment().ladder.models[2], (spec::FolderRung{.folder = "/a/large"}));
        QVERIFY(document.text().find("# weak to strong") != std::string::npos);
        document.undoStack().undo();
        document.undoStack().undo();
        QCOMPARE(document.text(), text);
    }
};
GRADUS_SUITE(DesignLadderTest)
#include "design_ladder_test.moc"
