// SPDX-License-Identifier: GPL-3.0-or-later
// The draft's text on the Design page: typed by real keys, taken as undo steps, also while it does not parse.
#include "base/files.h"
#include "design_desk.h"
#include "editor/lane_view.h"
#include "pages/design/finding_strip.h"
#include "pages/design/text_panel.h"
#include "support/suite.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace gradus;

namespace {

const std::string kText = "# my notes\n[experiment]\nname = \"typed\" # kept\n[gap]\n"
                          "curve = { keys = [[0.0, 0.3], [1.0, 0.9]] }\ncontroller = \"schedule\"\n";

struct Desk : tests::DesignDesk
{
    explicit Desk(const std::string& text = kText) : DesignDesk(text)
    {
        page.showLower(pages::DesignPage::Lower::Text);
    }
    QPlainTextEdit& edit() { return page.text().edit(); }
    std::string shown() { return edit().toPlainText().toStdString(); }
    /// Selects a part of the text and types over it.
    void type(const char* over, const char* text)
    {
        edit().setFocus();
        edit().moveCursor(QTextCursor::Start);
        if (!edit().find(QString::fromLatin1(over))) qFatal("no %s in the text", over);
        QTest::keyClicks(&edit(), QString::fromLatin1(text));
    }
    bool taken(const char* part)
    {
        return QTest::qWaitFor([&] { return document().text().find(part) != std::string::npos; }, 3000);
    }
};

} // namespace

class TextPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void typedText_isOneStepOnceTheKeysRest()
    {
        Desk desk;
        QCOMPARE(desk.shown(), kText);
        desk.type("0.9]", "0.75]");
        QCOMPARE(desk.document().undoStack().count(), 0); // the keys do not rest yet
        QVERIFY(desk.taken("[1.0, 0.75]"));
        QCOMPARE(desk.document().undoStack().count(), 1);
        QCOMPARE(desk.document().curve().keys[1].y, 0.75);
        QVERIFY(desk.document().text().starts_with("# my notes\n[experiment]\nname = \"typed\" # kept\n"));
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
        QCOMPARE(desk.shown(), kText);
    }
    void leavingTheField_takesWhatWasTyped()
    {
        Desk desk;
        desk.type("0.9]", "0.5]");
        desk.page.lane().setFocus();
        QCOMPARE(desk.document().undoStack().count(), 1);
        QCOMPARE(desk.document().curve().keys[1].y, 0.5);
    }
    void undoKey_isTheDrafts()
    {
        Desk desk;
        desk.type("0.9]", "0.5]");
        QTest::keyClick(&desk.edit(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(desk.document().text(), kText);
        QCOMPARE(desk.shown(), kText);
        QTest::keyClick(&desk.edit(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(desk.document().curve().keys[1].y, 0.5);
        QVERIFY(desk.shown().find("0.5]") != std::string::npos);
    }
    void drawnCurve_standsInTheText()
    {
        Desk desk;
        desk.edit().moveCursor(QTextCursor::End);
        const int place = desk.edit().textCursor().blockNumber();
        desk.page.lane().commands().insertAt(0.5);
        QCOMPARE(desk.shown(), desk.document().text());
        QCOMPARE(desk.edit().textCursor().blockNumber(), place); // what is read stays in sight
    }
    void brokenFile_isMendedInTheWindow()
    {
        Desk desk;
        const std::string broken = "# mine\n[experiment]\nname = \"broken\"\n[gap]\ncontroler = \"schedule\"\n"
                                   "curve = { keys = [[0.0, 0.5], [1.0, 0.6]] }\n";
        const QString path = desk.folder.filePath("broken.toml");
        QVERIFY(writeFileAtomically(path.toStdString(), broken));
        QVERIFY(desk.page.openFile(path));
        QVERIFY(!desk.document().isValid());
        QVERIFY2(desk.page.text().reasonText().contains("broken.toml:5"), qPrintable(desk.page.text().reasonText()));
        const auto marks = desk.edit().extraSelections();
        QCOMPARE(marks.size(), 1);
        QCOMPARE(marks.front().cursor.blockNumber(), 4);
        QTest::mouseClick(desk.page.findChild<QPushButton*>("draftTextGo"), Qt::LeftButton);
        QCOMPARE(desk.edit().textCursor().blockNumber(), 4);
        desk.type("controler", "controller");
        QVERIFY(desk.taken("controller"));
        QVERIFY2(desk.document().isValid(), desk.document().text().c_str());
        QCOMPARE(desk.document().curve().keys[0].y, 0.5); // the lanes are back
        QVERIFY(desk.page.text().reasonText().isEmpty());
        QVERIFY(desk.edit().extraSelections().isEmpty());
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), broken);
        desk.document().undoStack().redo();
        QVERIFY(desk.page.save());
        QVERIFY(readFile(path.toStdString())->find("controller") != std::string::npos);
    }
    void valuesAndCurvesBeyondABound_areSaidAndMended()
    {
        for (const auto& [wrong, mended] :
             {std::pair("curve = { keys = [[0.0, 0.3], [1.0, -5.0]] }", "curve = { keys = [[0.0, 0.3], [1.0, 0.5]] }"),
              std::pair("value = -3", "value = 0.3")}) {
            Desk desk("[experiment]\nname = \"x\"\n");
            desk.edit().setFocus();
            desk.edit().moveCursor(QTextCursor::End);
            QTest::keyClicks(&desk.edit(), QStringLiteral("[gap]"));
            QTest::keyClick(&desk.edit(), Qt::Key_Return);
            QTest::keyClicks(&desk.edit(), QString::fromLatin1(wrong));
            QVERIFY(desk.taken(wrong));
            QVERIFY(!desk.document().isValid());
            QVERIFY(!desk.page.text().reasonText().isEmpty());
            desk.type(wrong, mended);
            QVERIFY(desk.taken(mended));
            QVERIFY2(desk.document().isValid(), qPrintable(desk.page.text().reasonText()));
        }
    }
    void windowsLineEnds_stay()
    {
        std::string text = kText;
        for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
            text.insert(at, 1, '\r');
        Desk desk(text);
        desk.type("0.9]", "0.8]");
        QVERIFY(desk.taken("0.8]"));
        std::string wanted = text;
        wanted.replace(wanted.find("0.9]"), 4, "0.8]");
        QCOMPARE(desk.document().text(), wanted);
    }
};
GRADUS_SUITE(TextPanelTest)
#include "text_panel_test.moc"
