// SPDX-License-Identifier: GPL-3.0-or-later
// The specification's mouse gestures, and drags to be given up in the middle.
#include "gesture_rows.h"

#include "editor/easing_popover.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>

#include <cmath>

namespace gradus::tests {

using schedule::Interpolation;

namespace {

bool isOnGrid(double value, double step)
{
    return std::abs(std::remainder(value, step)) < 1e-9;
}

QMenu* openMenu(LaneBench& b, const QPoint& at)
{
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, b.lane->mapToGlobal(at));
    QApplication::sendEvent(b.lane, &event);
    return qobject_cast<QMenu*>(QApplication::activePopupWidget());
}

QAction* actionOf(QMenu* menu, const QString& text)
{
    for (QAction* action : menu->actions())
        if (action->text() == text) return action;
    return nullptr;
}

/// Does what a line of the context menu says.
QString choose(LaneBench& b, const QPoint& at, const QString& text)
{
    QMenu* menu = openMenu(b, at);
    if (!menu) return QStringLiteral("no menu");
    QAction* action = actionOf(menu, text);
    if (!action) {
        menu->close();
        return QStringLiteral("no line '%1'").arg(text);
    }
    action->trigger();
    menu->close();
    return {};
}

/// A key with handles that are not on one line, so that nothing holds them together.
void makeBroken(LaneBench& b)
{
    schedule::Curve curve = viewmodels::withKind(b.track->committedCurve(), 1, viewmodels::KeyKind::Smooth);
    curve = viewmodels::withHandle(curve, 1, viewmodels::HandleSide::Right, {0.1, 0.02 * b.unit}, false);
    (void)b.track->setCurve(curve, "prepare");
    b.track->selection().select(1);
}

} // namespace

QString unless(bool good, const QString& otherwise)
{
    return good ? QString() : otherwise;
}

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

QPoint boxHandle(LaneBench& b, int index)
{
    for (int y = 0; y < b.lane->height(); y += 4)
        for (int x = 0; x < b.lane->width(); x += 4) {
            const plot::Hit hit = b.lane->hitTest(QPointF(x, y));
            if (hit.kind == plot::HitKind::Box && hit.index == index) return b.lane->toPixel(hit.coordinate).toPoint();
        }
    return {};
}

QPoint rightHandle(LaneBench& b, int index)
{
    const schedule::Key key = b.keyAt(index);
    return b.at(key.x + key.right.dx, key.y + key.right.dy);
}

std::vector<Row> mouseRows()
{
    return {
        {"9.2", "press on a segment and drag: a key on the curve, dragged in the same press", Leaves::OneStep,
         [](LaneBench& b) {
             b.drag(b.onCurve(0.2), b.at(0.2, 0.7));
             return unless(b.count() == 5 && b.keyAt(1).y > 0.6, "no fifth key up there");
         }},
        {"9.2", "click on a segment: selects it", Leaves::Nothing,
         [](LaneBench& b) {
             QTest::mouseClick(b.lane, Qt::LeftButton, {}, b.onCurve(0.55));
             return unless(b.count() == 4 && b.track->selection().current() == 1, "not selected");
         }},
        {"9.2", "double-click on empty: a key there", Leaves::OneStep,
         [](LaneBench& b) {
             QTest::mouseDClick(b.lane, Qt::LeftButton, {}, b.at(0.55, 0.85));
             return unless(b.count() == 5 && near(b.keyAt(2).y, 0.85, 0.02), "no key there");
         }},
        {"9.2", "drag a key: moves, one step", Leaves::OneStep,
         [](LaneBench& b) {
             b.drag(b.key(1), b.at(0.3, 0.71));
             return unless(near(b.keyAt(1).x, 0.3) && isOnGrid(b.keyAt(1).y, b.yStep()), "not moved");
         }},
        {"9.2", "drag a handle", Leaves::OneStep,
         [](LaneBench& b) {
             makeBroken(b);
             b.document.undoStack().setClean();
             const double before = b.keyAt(1).right.dy;
             b.drag(rightHandle(b, 1), rightHandle(b, 1) + QPoint(0, -30));
             const QString wrong = unless(b.keyAt(1).right.dy > before, "the handle did not move");
             b.document.undoStack().undo();
             return wrong;
         }},
        {"9.2", "Shift: the dominant axis", Leaves::OneStep,
         [](LaneBench& b) {
             b.drag(b.key(1), b.key(1) + QPoint(12, -80), Qt::ShiftModifier);
             return unless(b.keyAt(1).x == 0.4 && b.keyAt(1).y > 0.5, "both axes moved");
         }},
        {"9.2", "Shift on a smooth key's handle: one side only", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.lane->commands().setKind(viewmodels::KeyKind::Smooth);
             const schedule::Handle left = b.keyAt(1).left;
             b.drag(rightHandle(b, 1), rightHandle(b, 1) + QPoint(10, -30), Qt::ShiftModifier);
             const QString wrong =
                 unless(b.keyAt(1).left == left && b.document.undoStack().index() == 2, "both turned");
             b.document.undoStack().undo();
             return wrong;
         }},
        {"9.2", "Shift on a free handle: 45 degrees", Leaves::OneStep,
         [](LaneBench& b) {
             makeBroken(b);
             b.drag(rightHandle(b, 1), b.key(1) + QPoint(60, -49), Qt::ShiftModifier);
             const schedule::Key key = b.keyAt(1);
             const QPointF along = b.pixel(key.x + key.right.dx, key.y + key.right.dy) - b.pixel(key.x, key.y);
             const QString wrong = unless(near(along.x(), -along.y(), 1e-6) && along.x() > 40,
                                          QStringLiteral("%1 to the right, %2 up").arg(along.x()).arg(-along.y()));
             b.document.undoStack().undo();
             return wrong;
         }},
        {"9.2", "Ctrl: snapping the other way round", Leaves::OneStep,
         [](LaneBench& b) {
             b.drag(b.key(1), b.at(0.3163, 0.7143), Qt::ControlModifier);
             return unless(near(b.keyAt(1).x, 0.3163, 0.002) && !isOnGrid(b.keyAt(1).x, b.lane->grid().xStep),
                           "snapped");
         }},
        {"9.2", "Ctrl+Shift: a quarter of the grid", Leaves::OneStep,
         [](LaneBench& b) {
             const double step = b.lane->grid().xStep / 4;
             b.drag(b.key(1), b.at(0.4 - 1.04 * step, 0.73), Qt::ControlModifier | Qt::ShiftModifier);
             return unless(near(b.keyAt(1).x, 0.4 - step), QString::number(b.keyAt(1).x));
         }},
        {"9.2", "Alt: a tenth of the way, four digits", Leaves::OneStep,
         [](LaneBench& b) {
             b.drag(b.key(1), b.at(0.6, 0.5), Qt::AltModifier);
             return unless(near(b.keyAt(1).x, 0.42, 0.003), QString::number(b.keyAt(1).x));
         }},
        {"9.2", "Alt+Shift on a segment: bends it under the pointer", Leaves::OneStep,
         [](LaneBench& b) {
             const double before = b.valueAt(0.2);
             b.drag(b.onCurve(0.2), b.at(0.2, 0.46), Qt::AltModifier | Qt::ShiftModifier);
             return unless(b.count() == 4 && near(b.valueAt(0.2), 0.46, 0.01) && b.valueAt(0.2) > before + 0.02 &&
                               near(b.keyAt(0).y, 0.3) && near(b.keyAt(1).y, 0.5),
                           QString::number(b.valueAt(0.2)));
         }},
        {"9.2", "Alt+Shift on a hold: raises it", Leaves::OneStep,
         [](LaneBench& b) {
             b.track->selection().select(1);
             b.lane->commands().setInterpolation(Interpolation::Constant);
             b.drag(b.at(0.55, 0.5), b.at(0.55, 0.6), Qt::AltModifier | Qt::ShiftModifier);
             const QString wrong = unless(near(b.keyAt(1).y, 0.6, 0.01) && near(b.keyAt(2).y, 0.62) && b.count() == 4,
                                          QString::number(b.keyAt(1).y));
             b.document.undoStack().undo();
             return wrong;
         }},
        {"9.2", "a key dragged out by more than 24 px: deleted on release, back in restores", Leaves::OneStep,
         [](LaneBench& b) {
             const QPoint out(b.key(1).x(), -60);
             QTest::mousePress(b.lane, Qt::LeftButton, {}, b.key(1));
             b.move(b.key(1) + QPoint(0, -40));
             b.move(out);
             if (b.count() != 3) return QString("still there");
             if (b.lane->cursor().shape() != Qt::ForbiddenCursor) return QString("no delete cursor");
             b.move(b.at(0.4, 0.6));
             if (b.count() != 4) return QString("not back");
             b.move(out);
             QTest::mouseRelease(b.lane, Qt::LeftButton, {}, out);
             return unless(b.count() == 3, "not deleted");
         }},
        {"9.2", "an end key is never dragged away", Leaves::OneStep,
         [](LaneBench& b) {
             b.drag(b.key(0), QPoint(b.key(0).x(), -90));
             return unless(b.count() == 4 && b.keyAt(0).x == 0.0, "gone");
         }},
        {"9.2", "right-click: insert key", Leaves::OneStep,
         [](LaneBench& b) { return choose(b, b.at(0.55, 0.2), "Insert key"); }},
        {"9.2", "right-click: delete", Leaves::OneStep, [](LaneBench& b) { return choose(b, b.key(1), "Delete"); }},
        {"9.2", "right-click: kind", Leaves::OneStep,
         [](LaneBench& b) {
             QMenu* menu = openMenu(b, b.key(1));
             QAction* kinds = menu ? actionOf(menu, "Kind") : nullptr;
             if (!kinds) return QString("no kinds");
             actionOf(kinds->menu(), "Flat")->trigger();
             menu->close();
             return QString();
         }},
        {"9.2", "right-click: interpolation", Leaves::OneStep,
         [](LaneBench& b) {
             QMenu* menu = openMenu(b, b.key(1));
             QAction* kinds = menu ? actionOf(menu, "Interpolation") : nullptr;
             if (!kinds) return QString("no interpolations");
             actionOf(kinds->menu(), "Constant")->trigger();
             menu->close();
             return unless(b.keyAt(1).interpolation == Interpolation::Constant, "not constant");
         }},
        {"9.2", "right-click: easing", Leaves::Nothing,
         [](LaneBench& b) {
             const QString wrong = choose(b, b.key(1), QString::fromUtf8("Easing…"));
             if (!wrong.isEmpty()) return wrong;
             const bool open = b.lane->easingPopover() && b.lane->easingPopover()->isVisible();
             if (open) b.lane->easingPopover()->hide();
             return unless(open, "no popover");
         }},
        {"9.2", "right-click: set value", Leaves::Nothing,
         [](LaneBench& b) {
             const QString wrong = choose(b, b.key(1), QString::fromUtf8("Set value…"));
             return wrong.isEmpty() ? unless(b.lane->findChild<QLineEdit*>("keyValueEditor")->isVisible(), "no field")
                                    : wrong;
         }},
        {"9.2", "right-click: snap", Leaves::Nothing,
         [](LaneBench& b) {
             const QString wrong = choose(b, b.at(0.55, 0.2), "Snap");
             return wrong.isEmpty() ? unless(!b.lane->isSnapping(), "still snaps") : wrong;
         }},
        {"9.2", "right-click: copy and paste", Leaves::OneStep,
         [](LaneBench& b) {
             QString wrong = choose(b, b.key(1), "Copy");
             if (!wrong.isEmpty()) return wrong;
             QGuiApplication::clipboard()->setText(QGuiApplication::clipboard()->text().replace("40\t", "50\t"));
             wrong = choose(b, b.at(0.55, 0.2), "Paste");
             return wrong.isEmpty() ? unless(b.count() == 5 && near(b.keyAt(2).x, 0.5), "not pasted") : wrong;
         }},
        {"9.2", "right-click: reset to saved", Leaves::OneStep,
         [](LaneBench& b) {
             (void)b.track->setCurve(viewmodels::keyPlaced(b.track->curve(), 1, 0.4, 0.8 * b.unit, b.track->bounds()),
                                     "x");
             const QString wrong = choose(b, b.key(1), "Reset to saved");
             const bool reset = near(b.keyAt(1).y, 0.5);
             b.document.undoStack().undo();
             return wrong.isEmpty() ? unless(reset, "not reset") : wrong;
         }},
        {"9.2", "right-click: add marker", Leaves::OneStep,
         [](LaneBench& b) {
             const QString wrong = choose(b, b.at(0.55, 0.2), "Add marker");
             return wrong.isEmpty() ? unless(b.track->markers().size() == 3, "no marker") : wrong;
         }},
        {"9.2", "middle-drag: pans", Leaves::Nothing,
         [](LaneBench& b) {
             b.group.span().setRange(0.2, 0.6);
             const double bottom = b.lane->yLow();
             LaneBench::drag(*b.lane, {450, 100}, {350, 130}, {}, Qt::MiddleButton);
             return unless(b.group.span().low() > 0.22 && near(b.group.span().high() - b.group.span().low(), 0.4) &&
                               b.lane->yLow() > bottom,
                           "not panned");
         }},
        {"9.2", "Space-drag: pans", Leaves::Nothing,
         [](LaneBench& b) {
             b.group.span().setRange(0.2, 0.6);
             QTest::keyPress(b.lane, Qt::Key_Space);
             b.drag({450, 100}, {350, 100});
             QTest::keyRelease(b.lane, Qt::Key_Space);
             const double low = b.group.span().low();
             b.drag({450, 60}, {350, 60}); // without it the drag is a rubber band again
             return unless(low > 0.22 && b.group.span().low() == low, "not panned");
         }},
        {"9.2", "wheel: the lanes scroll", Leaves::Nothing,
         [](LaneBench& b) {
             const int before = b.stack->verticalScrollBar()->value();
             LaneBench::wheel(*b.stack->lanes()[0], {300, 40}, -1);
             return unless(b.stack->verticalScrollBar()->value() > before && b.group.span().isAll(), "not scrolled");
         }},
        {"9.2", "Shift+wheel: pans x", Leaves::Nothing,
         [](LaneBench& b) {
             b.group.span().setRange(0.2, 0.6);
             LaneBench::wheel(*b.lane, {300, 100}, -1, Qt::ShiftModifier);
             return unless(near(b.group.span().low(), 0.24) && near(b.group.span().high(), 0.64), "not panned");
         }},
        {"9.2", "Ctrl+wheel: zooms x about the pointer", Leaves::Nothing,
         [](LaneBench& b) {
             b.group.span().setRange(0.2, 0.8);
             const QPoint pixel = b.at(0.35, 0.5);
             LaneBench::wheel(*b.lane, pixel, 2, Qt::ControlModifier);
             return unless(near(b.group.span().high() - b.group.span().low(), 0.6 / 1.44) &&
                               near(b.lane->toCoordinate(pixel).x(), 0.35, 0.002),
                           "the place under the pointer moved");
         }},
        {"9.2", "Ctrl+Shift+wheel: zooms y about the pointer", Leaves::Nothing,
         [](LaneBench& b) {
             const double length = b.lane->yHigh() - b.lane->yLow();
             const QPoint pixel = b.at(0.5, 0.6);
             LaneBench::wheel(*b.lane, pixel, 1, Qt::ControlModifier | Qt::ShiftModifier);
             return unless(near(b.lane->yHigh() - b.lane->yLow(), length / 1.2) &&
                               near(b.lane->toCoordinate(pixel).y() / b.unit, 0.6, 0.005) && b.group.span().isAll(),
                           "not zoomed");
         }},
        {"9.2", "rubber band; Shift adds, Ctrl toggles", Leaves::Nothing,
         [](LaneBench& b) {
             b.track->selection().select(0);
             b.drag(b.at(0.35, 0.3), b.at(0.5, 0.7), Qt::ShiftModifier);
             if (b.track->selection().indices() != viewmodels::KeyIndices{0, 1}) return QString("Shift did not add");
             b.drag(b.at(0.35, 0.3), b.at(0.8, 0.8), Qt::ControlModifier);
             return unless(b.track->selection().indices() == viewmodels::KeyIndices{0, 2}, "Ctrl did not toggle");
         }},
        {"9.2", "transform box: a corner scales", Leaves::OneStep,
         [](LaneBench& b) {
             b.select({1, 2});
             const QPoint corner = boxHandle(b, 2); // right top
             if (corner.isNull()) return QString("no box");
             b.drag(corner, corner + b.at(0.85, 0.8) - b.key(2));
             return unless(b.keyAt(1).x == 0.4 && near(b.keyAt(1).y, 0.5) && near(b.keyAt(2).x, 0.85) &&
                               near(b.keyAt(2).y, 0.8, 0.03),
                           QStringLiteral("%1, %2").arg(b.keyAt(2).x).arg(b.keyAt(2).y));
         }},
        {"9.2", "transform box: a side scales one axis", Leaves::OneStep,
         [](LaneBench& b) {
             b.select({1, 2});
             const QPoint side = boxHandle(b, 7); // left
             b.drag(side, side + QPoint(b.at(0.2, 0).x() - b.at(0.4, 0).x(), -25));
             return unless(near(b.keyAt(1).x, 0.2) && near(b.keyAt(1).y, 0.5) && b.keyAt(2).x == 0.7, "not scaled");
         }},
        {"9.2", "transform box: Alt scales about the centre", Leaves::OneStep,
         [](LaneBench& b) {
             b.select({1, 2});
             const QPoint side = boxHandle(b, 3); // right
             b.drag(side, side + QPoint(b.at(0.8, 0).x() - b.at(0.7, 0).x(), 0), Qt::AltModifier);
             return unless(near(b.keyAt(1).x, 0.3) && near(b.keyAt(2).x, 0.8), "not about the centre");
         }},
        {"9.2", "transform box: inside moves", Leaves::OneStep,
         [](LaneBench& b) {
             b.select({0, 1, 2, 3});
             b.drag(b.at(0.2, 0.8), b.at(0.2, 0.9));
             return unless(near(b.keyAt(0).y, 0.4, 0.03) && near(b.keyAt(3).y, 1.0, 0.03), "not moved");
         }},
        {"9.2", "double-click the value axis: a range is typed", Leaves::Nothing,
         [](LaneBench& b) {
             QTest::mouseDClick(b.lane, Qt::LeftButton, {}, QPoint(12, b.lane->height() / 2));
             auto* low = b.lane->findChild<QLineEdit*>("rangeLowEditor");
             auto* high = b.lane->findChild<QLineEdit*>("rangeHighEditor");
             if (!low->isVisible()) return QString("no fields");
             QTest::keyClicks(low, b.typed(0.2));
             QTest::keyClick(low, Qt::Key_Tab);
             QTest::keyClicks(high, b.typed(0.1));
             QTest::keyClick(high, Qt::Key_Return);
             if (!high->isVisible()) return QString("a range upside down was taken");
             high->selectAll();
             QTest::keyClicks(high, b.typed(0.7));
             QTest::keyClick(high, Qt::Key_Return);
             return unless(near(b.lane->yLow() / b.unit, 0.2) && near(b.lane->yHigh() / b.unit, 0.7), "not shown");
         }},
        {"9.2", "double-click the run's axis: a range is typed", Leaves::Nothing,
         [](LaneBench& b) {
             QTest::mouseDClick(b.lane, Qt::LeftButton, {}, QPoint(400, b.lane->height() - 6));
             auto* low = b.lane->findChild<QLineEdit*>("rangeLowEditor");
             auto* high = b.lane->findChild<QLineEdit*>("rangeHighEditor");
             if (!low->isVisible()) return QString("no fields");
             QTest::keyClicks(low, "25");
             high->selectAll();
             QTest::keyClicks(high, "75");
             QTest::keyClick(high, Qt::Key_Return);
             return unless(near(b.group.span().low(), 0.25) && near(b.group.span().high(), 0.75), "not shown");
         }},
        {"9.2", "double-click a key: its value is typed", Leaves::OneStep,
         [](LaneBench& b) {
             QTest::mouseDClick(b.lane, Qt::LeftButton, {}, b.key(2));
             auto* field = b.lane->findChild<QLineEdit*>("keyValueEditor");
             QTest::keyClicks(field, b.typed(0.7));
             QTest::keyClick(field, Qt::Key_Return);
             return unless(near(b.keyAt(2).y, 0.7) && !field->isVisible(), "not set");
         }},
        {"9.2", "double-click a marker: its name is typed", Leaves::OneStep,
         [](LaneBench& b) {
             const QPoint flag(b.at(0.25, 0).x() + 4, static_cast<int>(b.lane->plotArea().top()) + 6);
             QTest::mouseDClick(b.lane, Qt::LeftButton, {}, flag);
             auto* field = b.lane->findChild<QLineEdit*>("markerNameEditor");
             if (!field->isVisible()) return QString("no field");
             QTest::keyClicks(field, "hand-over");
             QTest::keyClick(field, Qt::Key_Return);
             return unless(b.track->markers()[0].name == "hand-over", "not named");
         }},
        {"9.2", "double-click a lane's name: another is typed", Leaves::OneStep,
         [](LaneBench& b) {
             QWidget* title = nullptr;
             for (QLabel* label : b.stack->findChildren<QLabel*>())
                 if (label->text() == "past") title = label;
             if (!title) return QString("no name");
             QTest::mouseDClick(title, Qt::LeftButton, {}, QPoint(8, 8));
             auto* field = b.stack->findChild<QLineEdit*>("laneNameEditor");
             if (!field->isVisible()) return QString("no field");
             QTest::keyClicks(field, "truth");
             QTest::keyClick(field, Qt::Key_Return);
             if (!field->isVisible()) return QString("a name that is taken was given");
             field->selectAll();
             QTest::keyClicks(field, "elders");
             QTest::keyClick(field, Qt::Key_Return);
             return unless(b.desk.sources()[0].name == "elders", "not renamed");
         }},
        {"9.1", "drag a marker: moves and snaps; out of the lane it goes", Leaves::OneStep,
         [](LaneBench& b) {
             const int top = static_cast<int>(b.lane->plotArea().top()) + 6;
             const QPoint flag(b.at(0.25, 0).x() + 4, top);
             b.drag(flag, QPoint(b.at(0.5, 0).x() + 2, top));
             if (!near(b.track->markers()[0].x, 0.5)) return QString("not moved");
             b.document.undoStack().undo();
             b.drag(flag, QPoint(flag.x(), -70));
             return unless(b.track->markers().size() == 1, "not removed");
         }},
        {"9.2", "press in the ruler: the playhead", Leaves::Nothing,
         [](LaneBench& b) {
             b.drag(QPoint(b.at(0.2, 0).x(), 8), QPoint(b.at(0.6, 0).x() + 2, 8));
             return unless(b.group.span().playhead() && near(*b.group.span().playhead(), 0.6), "not there");
         }},
        {"9.2", "drag the overview strip: the visible range; double-click: all", Leaves::Nothing,
         [](LaneBench& b) {
             const auto x = [&](double at) { return static_cast<int>(std::lround(b.strip->pixelOf(at))); };
             LaneBench::drag(*b.strip, {x(0.3), 15}, {x(0.7), 15});
             if (!near(b.lane->xLow(), 0.3, 0.003) || !near(b.lane->xHigh(), 0.7, 0.003)) return QString("no range");
             LaneBench::drag(*b.strip, {x(0.5), 15}, {x(0.6), 15});
             if (!near(b.lane->xLow(), 0.4, 0.004)) return QString("not moved");
             LaneBench::drag(*b.strip, {x(0.8), 15}, {x(0.9), 15});
             if (!near(b.lane->xHigh(), 0.9, 0.004)) return QString("its end did not move");
             QTest::mouseDClick(b.strip, Qt::LeftButton, {}, QPoint(x(0.5), 15));
             return unless(b.group.span().isAll(), "not all");
         }},
    };
}

std::vector<Drag> drags()
{
    const auto drag = [](auto from, auto to, Qt::KeyboardModifiers modifiers = {}) {
        return [=](LaneBench& b) {
            const QPoint start = from(b);
            QTest::mousePress(b.lane, Qt::LeftButton, modifiers, start);
            b.move((start + to(b)) / 2, modifiers);
            b.move(to(b), modifiers);
        };
    };
    const auto key1 = [](LaneBench& b) { return b.key(1); };
    const auto up = [](LaneBench& b) { return b.at(0.3, 0.71); };
    const auto curve = [](LaneBench& b) { return b.onCurve(0.2); };
    const auto handle = [](LaneBench& b) { return rightHandle(b, 1); };
    const auto flag = [](LaneBench& b) {
        return QPoint(b.at(0.25, 0).x() + 4, static_cast<int>(b.lane->plotArea().top()) + 6);
    };
    return {
        {"a key", drag(key1, up)},
        {"a key, fine", drag(key1, up, Qt::AltModifier)},
        {"a key out of the lane", drag(key1, [](LaneBench& b) { return QPoint(b.key(1).x(), -60); })},
        {"a new key on the curve", drag(curve, up)},
        {"a segment's bend",
         drag(
             curve, [](LaneBench& b) { return b.at(0.2, 0.46); }, Qt::AltModifier | Qt::ShiftModifier)},
        {"a rubber band",
         drag([](LaneBench& b) { return b.at(0.3, 0.1); }, [](LaneBench& b) { return b.at(0.8, 0.85); })},
        {"the transform box",
         [](LaneBench& b) {
             const QPoint corner = boxHandle(b, 2);
             QTest::mousePress(b.lane, Qt::LeftButton, {}, corner);
             b.move(corner + QPoint(30, -30));
             b.move(corner + QPoint(60, -60));
         },
         [](LaneBench& b) {
             b.select({1, 2});
         }},
        {"a handle", drag(handle, [](LaneBench& b) { return rightHandle(b, 1) + QPoint(10, -40); }), makeBroken},
        {"a handle, one side",
         drag(
             handle, [](LaneBench& b) { return rightHandle(b, 1) + QPoint(10, -40); }, Qt::ShiftModifier),
         makeBroken},
        {"a marker", drag(flag, [](LaneBench& b) { return QPoint(b.at(0.6, 0).x(), 40); })},
        {"the playhead", drag([](LaneBench& b) { return QPoint(b.at(0.2, 0).x(), 8); },
                              [](LaneBench& b) { return QPoint(b.at(0.6, 0).x(), 8); })},
        {"the view",
         [](LaneBench& b) {
             QTest::mousePress(b.lane, Qt::MiddleButton, {}, {400, 100});
             LaneBench::move(*b.lane, {300, 140}, {}, Qt::MiddleButton);
         }},
    };
}

} // namespace gradus::tests
