// SPDX-License-Identifier: GPL-3.0-or-later
// Real mouse and key events on the real lane: every gesture and its keyboard twin, each undone to the same bytes.
#include "base/files.h"
#include "base/rng.h"
#include "editor/lane_view.h"
#include "support/suite.h"
#include "viewmodels/schedule_document.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace gradus;
using editor::LaneView;
using schedule::Curve;
using schedule::Interpolation;
using viewmodels::ScheduleDocument;

namespace {

const std::string kText = "[gap] # drawn by hand\n"
                          "curve = { keys = [[0.0, 0.30], [0.4, 0.5], [0.7, 0.62], [1.0, 0.90]] }\n";

struct Bench
{
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    ScheduleDocument document;
    LaneView lane{document, theme};

    Bench()
    {
        if (!document.setText(kText)) qFatal("the test's own text is refused");
        lane.resize(900, 400);
        lane.show();
        lane.activateWindow();
        if (!QTest::qWaitForWindowActive(&lane)) qFatal("the lane got no focus");
        lane.setFocus();
        lane.replotNow();
    }
    QPoint at(double x, double y) const { return lane.toPixel({x, y}).toPoint(); }
    QPoint key(int index) const { return lane.pixelOf(keyAt(index)).toPoint(); }
    const schedule::Key& keyAt(int index) const { return document.curve().keys[static_cast<std::size_t>(index)]; }
    int count() const { return static_cast<int>(document.curve().keys.size()); }
    QPoint onCurve(double x) const { return at(x, schedule::Evaluator(document.curve())(x)); }

    void move(const QPoint& to, Qt::KeyboardModifiers modifiers = {})
    {
        // QTest::mouseMove carries no buttons; a drag needs them.
        QMouseEvent event(QEvent::MouseMove, to, lane.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, modifiers);
        QApplication::sendEvent(&lane, &event);
    }
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mousePress(&lane, Qt::LeftButton, modifiers, from);
        move((from + to) / 2, modifiers);
        move(to, modifiers);
        QTest::mouseRelease(&lane, Qt::LeftButton, modifiers, to);
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&lane, Qt::Key(key), modifiers); }
    /// True when the edit was one step and undoing it brings the first bytes back.
    bool isOneUndo()
    {
        const bool one = document.undoStack().index() == 1;
        document.undoStack().undo();
        return one && document.text() == kText;
    }
};

} // namespace

class LaneViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handles_goWithCopiedCutAndDuplicatedKeys()
    {
        Bench bench;
        const Curve drawn = viewmodels::withKind(bench.document.curve(), 1, viewmodels::KeyKind::Smooth);
        QVERIFY(bench.document.setCurve(drawn, QStringLiteral("draw")));
        bench.document.selection().set({1, 2}, 1);
        bench.press(Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(bench.count(), 2);
        bench.press(Qt::Key_V, Qt::ControlModifier);
        QVERIFY2(bench.document.curve() == drawn, bench.document.text().c_str());
        bench.document.selection().set({1}, 1);
        bench.press(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(bench.count(), 5);
        const schedule::Key& copy = bench.keyAt(2);
        QVERIFY(copy.left == drawn.keys[1].left && copy.right == drawn.keys[1].right);
        QCOMPARE(copy.interpolation, drawn.keys[1].interpolation);
        QCOMPARE(bench.document.selection().indices(), (viewmodels::KeyIndices{2}));
    }
    void dragKey_movesAndSnapsToTheGrid()
    {
        Bench bench;
        bench.drag(bench.key(1), bench.at(0.3, 0.71));
        QCOMPARE(bench.keyAt(1).x, 0.3);
        QVERIFY(std::abs(std::remainder(bench.keyAt(1).y, bench.lane.grid().yStep)) < 1e-12);
        QVERIFY(bench.isOneUndo());
    }
    void ctrl_invertsSnapping()
    {
        Bench bench;
        bench.drag(bench.key(1), bench.at(0.3163, 0.7143), Qt::ControlModifier);
        QVERIFY(std::abs(bench.keyAt(1).x - 0.3163) < 0.002);
        QVERIFY(std::abs(std::remainder(bench.keyAt(1).x, bench.lane.grid().xStep)) > 1e-6);
        QVERIFY(bench.isOneUndo());
    }
    void ctrlAndShift_snapToAQuarterOfTheGrid()
    {
        Bench bench;
        const double step = bench.lane.grid().xStep / 4;
        bench.drag(bench.key(1), bench.at(0.4 - 1.04 * step, 0.73), Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY2(std::abs(bench.keyAt(1).x - (0.4 - step)) < 1e-9,
                 qPrintable(QString::number(bench.keyAt(1).x, 'g', 12)));
        QVERIFY(std::abs(std::remainder(bench.keyAt(1).y, bench.lane.grid().yStep / 4)) < 1e-9);
        QVERIFY(bench.keyAt(1).y > 0.6); // Shift alone would have kept one axis
        QVERIFY(bench.isOneUndo());
    }
    void rubberBand_addsWithShiftAndTogglesWithCtrl()
    {
        Bench bench;
        bench.document.selection().select(0);
        bench.drag(bench.at(0.35, 0.3), bench.at(0.5, 0.7), Qt::ShiftModifier);
        QCOMPARE(bench.document.selection().indices(), (viewmodels::KeyIndices{0, 1}));
        bench.drag(bench.at(0.35, 0.3), bench.at(0.8, 0.8), Qt::ControlModifier);
        QCOMPARE(bench.document.selection().indices(), (viewmodels::KeyIndices{0, 2}));
        QCOMPARE(bench.document.text(), kText);
        QCOMPARE(bench.document.undoStack().count(), 0);
    }
    void shift_locksToTheDominantAxis()
    {
        Bench bench;
        bench.drag(bench.key(1), bench.key(1) + QPoint(12, -90), Qt::ShiftModifier);
        QVERIFY(bench.keyAt(1).x == 0.4);
        QVERIFY(bench.keyAt(1).y > 0.5);
        QVERIFY(bench.isOneUndo());
    }
    void alt_isATenthOfTheWay()
    {
        Bench bench;
        bench.drag(bench.key(1), bench.at(0.6, 0.5), Qt::AltModifier);
        QVERIFY2(std::abs(bench.keyAt(1).x - 0.42) < 0.003, qPrintable(QString::number(bench.keyAt(1).x)));
        QVERIFY(bench.isOneUndo());
    }
    void pressOnTheCurve_insertsAndDragsInOnePress()
    {
        Bench bench;
        bench.drag(bench.onCurve(0.2), bench.at(0.2, 0.7));
        QCOMPARE(bench.count(), 5);
        QCOMPARE(bench.document.selection().current(), 1);
        QVERIFY(bench.keyAt(1).y > 0.6);
        QVERIFY(bench.isOneUndo());
    }
    void clickOnTheCurve_onlySelects()
    {
        Bench bench;
        QTest::mouseClick(&bench.lane, Qt::LeftButton, {}, bench.onCurve(0.55));
        QCOMPARE(bench.count(), 4);
        QCOMPARE(bench.document.selection().current(), 1);
        QVERIFY(!bench.document.undoStack().canUndo());
    }
    void insertedKey_changesNoSample()
    {
        Rng rng(tests::propertySeed(), "insert");
        for (int kind = 0; kind < 4; ++kind) {
            Bench bench;
            bench.press(Qt::Key_A, Qt::ControlModifier);
            bench.lane.commands().setInterpolation(static_cast<Interpolation>(kind));
            for (int round = 0; round < 20; ++round) {
                const schedule::Evaluator before(bench.document.curve());
                bench.lane.commands().insertAt(rng.uniform());
                const schedule::Evaluator after(bench.document.curve());
                for (int i = 0; i <= 1000; ++i)
                    QVERIFY(std::abs(before(i / 1000.0) - after(i / 1000.0)) <= 1e-12);
            }
        }
    }
    void escapeMidDrag_restoresExactly()
    {
        Bench bench;
        bench.document.selection().select(2);
        const Curve before = bench.document.curve();
        QSignalSpy steps(&bench.document.undoStack(), &QUndoStack::indexChanged);
        QTest::mousePress(&bench.lane, Qt::LeftButton, {}, bench.onCurve(0.2));
        bench.move(bench.at(0.25, 0.8));
        QVERIFY(bench.count() == 5);
        bench.press(Qt::Key_Escape);
        QVERIFY(bench.document.curve() == before);
        QVERIFY(bench.document.text() == kText);
        QCOMPARE(bench.document.selection().current(), 2);
        QTest::mouseRelease(&bench.lane, Qt::LeftButton, {}, bench.at(0.25, 0.8));
        QVERIFY(bench.document.curve() == before);
        QCOMPARE(steps.count(), 0);
    }
    void outOfTheLane_deletesOnRelease_backInRestores()
    {
        Bench bench;
        QTest::mousePress(&bench.lane, Qt::LeftButton, {}, bench.key(1));
        const QPoint out(bench.key(1).x(), -60);
        bench.move(bench.key(1) + QPoint(0, -40));
        bench.move(out);
        QCOMPARE(bench.count(), 3);
        bench.move(bench.at(0.4, 0.6));
        QCOMPARE(bench.count(), 4);
        bench.move(out);
        QTest::mouseRelease(&bench.lane, Qt::LeftButton, {}, out);
        QCOMPARE(bench.count(), 3);
        QVERIFY(bench.isOneUndo());
    }
    void endKey_isNeverDragggedAway()
    {
        Bench bench;
        bench.drag(bench.key(0), QPoint(bench.key(0).x(), -90));
        QCOMPARE(bench.count(), 4);
        QVERIFY(bench.keyAt(0).x == 0.0);
        QVERIFY(bench.keyAt(0).y <= bench.document.bounds().maximumY);
    }
    void handle_isDragged()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.lane.commands().setKind(viewmodels::KeyKind::Smooth);
        const std::string withHandles = bench.document.text();
        const schedule::Key key = bench.keyAt(1);
        const QPoint handle = bench.at(key.x + key.right.dx, key.y + key.right.dy);
        bench.drag(handle, handle + QPoint(10, -30));
        QVERIFY(bench.keyAt(1).right.dy > key.right.dy);
        QVERIFY(bench.keyAt(1).left.dy != key.left.dy); // smooth: they turn together
        QVERIFY(bench.keyAt(1).x == key.x && bench.keyAt(1).y == key.y);
        bench.document.undoStack().undo();
        QVERIFY(bench.document.text() == withHandles);
        bench.drag(handle, handle + QPoint(10, -30), Qt::ShiftModifier);
        QVERIFY(bench.keyAt(1).left == key.left); // broken
    }
    void rubberBand_selectsAndTheGroupMoves()
    {
        Bench bench;
        bench.drag(bench.at(0.3, 0.3), bench.at(0.8, 0.75));
        QCOMPARE(bench.document.selection().indices(), (viewmodels::KeyIndices{1, 2}));
        bench.drag(bench.key(1), bench.at(0.4, 0.6));
        QVERIFY(bench.keyAt(2).y > 0.65);
        QVERIFY(bench.isOneUndo());
    }
    void valueBeyondTheLane_staysInTheFieldWithItsReasonAndAFix()
    {
        Bench bench;
        bench.lane.setFocus();
        const std::string before = bench.document.text();
        bench.document.selection().select(1);
        bench.lane.openEditor(1);
        auto* field = bench.lane.findChild<QLineEdit*>("keyValueEditor");
        field->selectAll();
        QTest::keyClicks(field, "90");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(bench.document.text(), before);
        QVERIFY(field->isVisible());
        QCOMPARE(field->text(), QStringLiteral("90"));
        auto* reason = field->parentWidget()->findChild<QLabel*>("inlineReason");
        QVERIFY(reason->isVisible());
        QVERIFY2(reason->text().contains("more than 20"), qPrintable(reason->text()));
        auto* fix = field->parentWidget()->findChild<QPushButton*>("inlineFix");
        QCOMPARE(fix->text(), QStringLiteral("Use 20"));
        QTest::mouseClick(fix, Qt::LeftButton);
        QVERIFY(!field->isVisible());
        QCOMPARE(bench.document.curve().keys[1].y, 20.0);
        bench.document.undoStack().undo();
        QCOMPARE(bench.document.text(), before);
    }
    void doubleClick_addsOnEmptyAndEditsOnAKey()
    {
        Bench bench;
        QTest::mouseDClick(&bench.lane, Qt::LeftButton, {}, bench.at(0.25, 0.85));
        QCOMPARE(bench.count(), 5);
        QVERIFY(bench.isOneUndo());
        QTest::mouseDClick(&bench.lane, Qt::LeftButton, {}, bench.key(2));
        auto* field = bench.lane.findChild<QLineEdit*>("keyValueEditor");
        QVERIFY(field->isVisible());
        QTest::keyClicks(field, "0.7");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!field->isVisible());
        QVERIFY(bench.keyAt(2).y == 0.7);
        QVERIFY(bench.isOneUndo());
    }
    void numberField_keepsASlipAndEscLeaves()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.press(Qt::Key_Return);
        auto* field = bench.lane.findChild<QLineEdit*>("keyValueEditor");
        QTest::keyClicks(field, "much");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(field->isVisible());
        QCOMPARE(field->property("state").toString(), QStringLiteral("fail"));
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!field->isVisible());
        QVERIFY(bench.document.text() == kText);
    }
    void menu_holdsWhatTheKeyAllows()
    {
        Bench bench;
        const std::unique_ptr<QMenu> end(bench.lane.makeMenu({editor::TargetKind::Key, 0, {}}, 0));
        const std::unique_ptr<QMenu> middle(bench.lane.makeMenu({editor::TargetKind::Key, 1, {}}, 0.4));
        QStringList endTexts;
        for (QAction* action : end->actions())
            endTexts << action->text();
        QVERIFY(!endTexts.contains("Delete"));
        bench.document.selection().select(1);
        for (QAction* action : middle->actions())
            if (action->text() == "Delete") action->trigger();
        QCOMPARE(bench.count(), 3);
        QVERIFY(bench.isOneUndo());
    }
    void arrows_moveByTheGridAndMergeIntoOneStep()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.press(Qt::Key_Right);
        bench.press(Qt::Key_Up);
        QVERIFY(bench.keyAt(1).x == 0.45);
        QCOMPARE(bench.keyAt(1).y, 0.5 + bench.lane.grid().yStep);
        bench.press(Qt::Key_Up, Qt::ShiftModifier);
        bench.press(Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(bench.keyAt(1).y, 0.5 + 10.9 * bench.lane.grid().yStep);
        QVERIFY(bench.isOneUndo());
    }
    void tab_walksTheKeysAndLeavesAtTheEnd()
    {
        Bench bench;
        for (int i = 0; i < 4; ++i) {
            bench.press(Qt::Key_Tab);
            QCOMPARE(bench.document.selection().current(), i);
        }
        bench.press(Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(bench.document.selection().current(), 2);
    }
    void insertAndDelete_areTwinsOfPressAndDragOut()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.press(Qt::Key_Insert);
        QCOMPARE(bench.count(), 5);
        QVERIFY(bench.isOneUndo());
        for (const int key : {Qt::Key_Delete, Qt::Key_Backspace}) {
            bench.document.selection().select(1);
            bench.press(key);
            QCOMPARE(bench.count(), 3);
            QVERIFY(bench.isOneUndo());
        }
        bench.document.selection().select(0);
        bench.press(Qt::Key_Delete);
        QCOMPARE(bench.count(), 4);
        QVERIFY(!bench.document.undoStack().canUndo());
    }
    void keys_areCopiedCutAndPasted_eachOneUndoToTheSameBytes()
    {
        Bench bench;
        bench.document.selection().set({1, 2}, 1);
        bench.press(Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith("40\t0.5"));
        bench.press(Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(bench.count(), 2);
        QVERIFY(bench.isOneUndo());
        bench.press(Qt::Key_X, Qt::ControlModifier);
        bench.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(bench.count(), 4);
        QCOMPARE(bench.keyAt(1).x, 0.4);
        bench.document.undoStack().undo();
        bench.document.undoStack().undo();
        QCOMPARE(bench.document.text(), kText);
        QSignalSpy refused(&bench.document, &ScheduleDocument::editRefused);
        QGuiApplication::clipboard()->setText("not numbers");
        bench.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(refused.count(), 1);
        QCOMPARE(bench.document.text(), kText);
    }
    void duplicate_putsTheKeysBehindThemselves()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.press(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(bench.count(), 5);
        QCOMPARE(bench.keyAt(2).y, bench.keyAt(1).y);
        QVERIFY(std::abs(bench.keyAt(2).x - (0.4 + bench.lane.grid().xStep)) < 1e-9);
        QCOMPARE(bench.document.selection().indices(), (viewmodels::KeyIndices{2}));
        QVERIFY(bench.isOneUndo());
        bench.document.selection().select(3); // behind the last one is nothing
        bench.press(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(bench.document.text(), kText);
    }
    void kind_cyclesWithK()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.press(Qt::Key_K);
        const auto first = viewmodels::kindOf(bench.document.curve(), 1);
        QVERIFY(bench.isOneUndo());
        bench.press(Qt::Key_K);
        bench.press(Qt::Key_K);
        QVERIFY(viewmodels::kindOf(bench.document.curve(), 1) != first);
    }
    void interpolationMenu_opensWithI()
    {
        Bench bench;
        bench.document.selection().select(1);
        bench.press(Qt::Key_I);
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 4);
        menu->actions().first()->trigger();
        menu->close();
        QCOMPARE(bench.keyAt(1).interpolation, Interpolation::Constant);
        QVERIFY(bench.isOneUndo());
    }
    void selectAll_frames_andToggles()
    {
        Bench bench;
        bench.press(Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(bench.document.selection().indices().size(), std::size_t{4});
        const double top = bench.lane.yHigh();
        bench.document.selection().select(1);
        bench.press(Qt::Key_F);
        QVERIFY(bench.lane.yHigh() < top);
        bench.press(Qt::Key_Home);
        QCOMPARE(bench.lane.yHigh(), top);
        bench.press(Qt::Key_G);
        QVERIFY(!bench.lane.isGhostVisible());
        bench.press(Qt::Key_S);
        QVERIFY(!bench.lane.isSnapping());
        bench.press(Qt::Key_Escape);
        QVERIFY(bench.document.selection().indices().empty());
        QVERIFY(bench.document.text() == kText);
    }
    void description_namesEveryKeyAndItsValue()
    {
        Bench bench;
        const QString words = bench.lane.accessibleDescription();
        QVERIFY2(words.contains("key 2 at 40.0 percent, value 0.500"), qPrintable(words));
    }
    void invalidDraft_takesNoGesture()
    {
        Bench bench;
        const QTemporaryDir folder;
        QVERIFY(writeFileAtomically(folder.filePath("bad.toml").toStdString(), "no experiment"));
        QVERIFY(!bench.document.load(folder.filePath("bad.toml")));
        QVERIFY(!bench.document.isValid());
        const Curve before = bench.document.curve();
        bench.drag(bench.key(1), bench.at(0.3, 0.71));
        bench.document.selection().select(1);
        bench.press(Qt::Key_Up);
        bench.press(Qt::Key_Insert);
        QVERIFY(bench.document.curve() == before);
    }
};
GRADUS_SUITE(LaneViewTest)
#include "lane_view_test.moc"
