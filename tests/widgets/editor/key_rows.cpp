// SPDX-License-Identifier: GPL-3.0-or-later
// The specification's keys and its easing popover.
#include "gesture_rows.h"

#include "editor/easing_popover.h"
#include "viewmodels/easing.h"

#include <QClipboard>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>

namespace gradus::tests {

using schedule::Interpolation;

std::vector<Row> keyRows()
{
    return {
        {"9.3", "Tab and Shift+Tab: next and previous key", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_Tab);
             b.press(Qt::Key_Tab);
             if (b.track->selection().current() != 1) return QString("Tab");
             b.press(Qt::Key_Backtab, Qt::ShiftModifier);
             return unless(b.track->selection().current() == 0, "Shift+Tab");
         }},
        {"9.3", "Ctrl+Up and Ctrl+Down: other lane", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_Down, Qt::ControlModifier);
             if (!b.stack->lanes()[0]->hasFocus()) return QString("Ctrl+Down");
             QTest::keyClick(b.stack->lanes()[0], Qt::Key_Up, Qt::ControlModifier);
             return unless(b.lane->hasFocus(), "Ctrl+Up");
         }},
        {"9.3", "1 to 9: that lane", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_3);
             if (!b.stack->lanes()[1]->hasFocus()) return QString("3");
             QTest::keyClick(b.stack->lanes()[1], Qt::Key_9); // there is none
             QTest::keyClick(b.stack->lanes()[1], Qt::Key_1);
             return unless(b.lane->hasFocus(), "1");
         }},
        {"9.3", "arrows: a grid step; Shift ten, Alt a tenth; one step to undo", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_Right);
             b.press(Qt::Key_Left);
             b.press(Qt::Key_Right);
             b.press(Qt::Key_Up);
             b.press(Qt::Key_Up, Qt::ShiftModifier);
             b.press(Qt::Key_Down, Qt::AltModifier);
             return unless(b.keyAt(1).x == 0.45 && near(b.keyAt(1).y, 0.5 + 10.9 * b.yStep()), "elsewhere");
         }},
        {"9.3", "Enter: place, Tab, value, with arithmetic", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_Return);
             auto* place = b.lane->findChild<QLineEdit*>("keyPlaceEditor");
             auto* value = b.lane->findChild<QLineEdit*>("keyValueEditor");
             if (!place->hasFocus()) return QString("the place has no focus");
             QTest::keyClicks(place, "100/2");
             QTest::keyClick(place, Qt::Key_Tab);
             if (!value->hasFocus()) return QString("Tab does not go on");
             QTest::keyClicks(value, QStringLiteral("(%1 + %2) * 2").arg(b.typed(0.3), b.typed(0.1)));
             QTest::keyClick(value, Qt::Key_Return);
             return unless(near(b.keyAt(1).x, 0.5) && near(b.keyAt(1).y, 0.8), "not set");
         }},
        {"9.3", "Esc in the fields: nothing changes", Leaves::Nothing,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_Return);
             auto* value = b.lane->findChild<QLineEdit*>("keyValueEditor");
             QTest::keyClicks(value, "2");
             QTest::keyClick(value, Qt::Key_Escape);
             return unless(!value->isVisible() && b.lane->hasFocus(), "still open");
         }},
        {"9.3", "Insert: a key at the playhead", Leaves::OneStep,
         [](LaneBench& b) {
             b.group.span().setPlayhead(0.55);
             b.press(Qt::Key_Insert);
             return unless(b.count() == 5 && near(b.keyAt(2).x, 0.55), "not there");
         }},
        {"9.3", "Insert without a playhead: in the middle of the segment", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_Insert);
             return unless(b.count() == 5 && near(b.keyAt(2).x, 0.55), "not there");
         }},
        {"9.3", "Del", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_Delete);
             return unless(b.count() == 3, "still there");
         }},
        {"9.3", "K: the kinds in turn", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_K);
             return QString();
         }},
        {"9.3", "I: the menu of interpolations", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_I);
             auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
             if (!menu) return QString("no menu");
             QTest::keyClick(menu, Qt::Key_Down);
             QTest::keyClick(menu, Qt::Key_Return);
             return unless(b.keyAt(1).interpolation == Interpolation::Constant, "not constant");
         }},
        {"9.4", "E: easings; arrows preview, Enter keeps", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_E);
             auto* popover = b.lane->easingPopover();
             if (!popover || !popover->isVisible()) return QString("no popover");
             auto* search = popover->findChild<QLineEdit*>("easingSearch");
             QTest::keyClick(search, Qt::Key_Down);
             auto* grid = popover->findChild<QListWidget*>("easingGrid");
             QTest::keyClick(grid, Qt::Key_Right);
             if (b.document.text() != b.text) return QString("a preview reached the text");
             if (b.track->curve().keys[1].interpolation != Interpolation::Constant) return QString("no preview");
             QTest::keyClick(grid, Qt::Key_Return);
             return unless(b.keyAt(1).interpolation == Interpolation::Constant && !popover->isVisible(), "not kept");
         }},
        {"9.4", "E: cubic-bezier numbers", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_E);
             auto* search = b.lane->easingPopover()->findChild<QLineEdit*>("easingSearch");
             QTest::keyClicks(search, "cubic-bezier(0.25, 0.1, 0.5, 1)");
             QTest::keyClick(search, Qt::Key_Return);
             return unless(viewmodels::easingText(b.track->curve(), 1) == "cubic-bezier(0.25, 0.1, 0.5, 1)",
                           viewmodels::easingText(b.track->curve(), 1));
         }},
        {"9.4", "E: Esc restores", Leaves::Nothing,
         [](LaneBench& b) {
             b.track->selection().select(1);
             const schedule::Curve before = b.track->curve();
             b.press(Qt::Key_E);
             auto* search = b.lane->easingPopover()->findChild<QLineEdit*>("easingSearch");
             QTest::keyClicks(search, "quint in");
             if (b.track->curve() == before) return QString("no preview");
             QTest::keyClick(search, Qt::Key_Escape);
             return unless(b.track->curve() == before && !b.lane->easingPopover()->isVisible(), "not restored");
         }},
        {"9.4", "E: hovering previews", Leaves::Nothing,
         [](LaneBench& b) {
             b.track->selection().select(1);
             const schedule::Curve before = b.track->curve();
             b.press(Qt::Key_E);
             auto* grid = b.lane->easingPopover()->findChild<QListWidget*>("easingGrid");
             const QPoint over = grid->visualItemRect(grid->item(5)).center();
             QMouseEvent move(QEvent::MouseMove, over, grid->viewport()->mapToGlobal(over), Qt::NoButton, Qt::NoButton,
                              {});
             QApplication::sendEvent(grid->viewport(), &move);
             const bool previewed = !(b.track->curve() == before);
             b.lane->easingPopover()->hide();
             return unless(previewed && b.track->curve() == before, "no preview, or it stayed");
         }},
        {"9.3", "M: a marker at the playhead", Leaves::OneStep,
         [](LaneBench& b) {
             b.group.span().setPlayhead(0.6);
             b.press(Qt::Key_M);
             return unless(b.track->markers().size() == 3 && near(b.track->markers()[1].x, 0.6), "none");
         }},
        {"9.3", "M on a marker: takes it away", Leaves::OneStep,
         [](LaneBench& b) {
             b.group.span().setPlayhead(0.25);
             b.press(Qt::Key_M);
             return unless(b.track->markers().size() == 1, "still there");
         }},
        {"9.3", "[ and ]: previous and next marker", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_BracketRight);
             b.press(Qt::Key_BracketRight);
             b.press(Qt::Key_BracketRight); // past the last it stays
             if (b.group.span().playhead() != 0.8) return QString("]");
             b.press(Qt::Key_BracketLeft);
             return unless(b.group.span().playhead() == 0.25, "[");
         }},
        {"9.3", "S: snapping", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_S);
             return unless(!b.lane->isSnapping(), "still on");
         }},
        {"9.3", "H: handles shown", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.lane->commands().setKind(viewmodels::KeyKind::Smooth);
             const QPoint handle = rightHandle(b, 1);
             if (b.lane->hitTest(handle).kind != plot::HitKind::Handle) return QString("no handle to begin with");
             b.press(Qt::Key_H);
             return unless(b.lane->hitTest(handle).kind != plot::HitKind::Handle, "still shown");
         }},
        {"9.3", "G: ghosts", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_G);
             return unless(!b.lane->isGhostVisible(), "still shown");
         }},
        {"9.3", "F: frames the selection; Home: all", Leaves::Nothing,
         [](LaneBench& b) {
             const double top = b.lane->yHigh();
             b.select({1, 2});
             b.press(Qt::Key_F);
             if (b.group.span().isAll() || b.lane->xLow() > 0.4 || b.lane->xHigh() < 0.7) return QString("F");
             b.press(Qt::Key_Home);
             return unless(b.group.span().isAll() && b.lane->yHigh() == top, "Home");
         }},
        {"9.3", "Ctrl+A: all keys", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_A, Qt::ControlModifier);
             return unless(b.track->selection().indices().size() == 4, "not all");
         }},
        {"9.3", "Ctrl+C and Ctrl+V", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_C, Qt::ControlModifier);
             QGuiApplication::clipboard()->setText(QGuiApplication::clipboard()->text().replace("40\t", "55\t"));
             b.press(Qt::Key_V, Qt::ControlModifier);
             return unless(b.count() == 5 && near(b.keyAt(2).x, 0.55), "not pasted");
         }},
        {"9.3", "Ctrl+X", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_X, Qt::ControlModifier);
             return unless(b.count() == 3 && QGuiApplication::clipboard()->text().startsWith("40\t" + b.typed(0.5)),
                           "not cut");
         }},
        {"9.3", "Ctrl+Shift+V: scaled into the selection's range", Leaves::OneStep,
         [](LaneBench& b) {
             QGuiApplication::clipboard()->setText(
                 QStringLiteral("0\t%1\n50\t%2\n100\t%3\n").arg(b.typed(0.5), b.typed(0.9), b.typed(0.6)));
             b.select({1, 2});
             b.press(Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
             return unless(b.count() == 5 && near(b.keyAt(1).x, 0.4) && near(b.keyAt(2).x, 0.55) &&
                               near(b.keyAt(2).y, 0.9) && near(b.keyAt(3).x, 0.7),
                           "elsewhere");
         }},
        {"9.3", "Ctrl+D: the same again, behind", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.press(Qt::Key_D, Qt::ControlModifier);
             return unless(b.count() == 5 && b.keyAt(2).y == b.keyAt(1).y, "no copy");
         }},
        {"9.3", "L: locked, nothing moves; again: unlocked", Leaves::Nothing,
         [](LaneBench& b) {
             b.press(Qt::Key_L);
             if (!b.track->isLocked()) return QString("not locked");
             b.drag(b.key(1), b.at(0.3, 0.71));
             b.track->selection().select(1);
             b.press(Qt::Key_Up);
             b.press(Qt::Key_Delete);
             b.press(Qt::Key_Insert);
             if (b.document.text() != b.text) return QString("a locked lane was edited");
             b.press(Qt::Key_L);
             return unless(!b.track->isLocked(), "not unlocked");
         }},
        {"9.3", "U: muted, the curve is kept", Leaves::OneStep,
         [](LaneBench& b) {
             const schedule::Curve before = b.track->curve();
             b.press(Qt::Key_U);
             return unless(b.track->isMuted() && b.track->curve() == before, "not muted");
         },
         true},
    };
}

} // namespace gradus::tests
