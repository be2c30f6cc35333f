// SPDX-License-Identifier: GPL-3.0-or-later
// The lane's menus and its number fields.
#include "editor/easing_popover.h"
#include "editor/inline_editor.h"
#include "editor/lane_view.h"

#include "base/text.h"
#include "viewmodels/curve_shape.h"
#include "viewmodels/points_model.h"
#include "viewmodels/snap.h"
#include "viewmodels/typed_key.h"

#include <QAction>
#include <QActionGroup>
#include <QContextMenuEvent>
#include <QMenu>

#include <algorithm>

namespace gradus::editor {

using schedule::Interpolation;

namespace {

constexpr Interpolation kInterpolations[] = {Interpolation::Constant, Interpolation::Linear, Interpolation::Monotone,
                                             Interpolation::Bezier};
constexpr viewmodels::KeyKind kKinds[] = {viewmodels::KeyKind::Smooth, viewmodels::KeyKind::Flat,
                                          viewmodels::KeyKind::Corner};

} // namespace

QMenu* LaneView::makeInterpolationMenu()
{
    auto* menu = new QMenu(tr("Interpolation"), this);
    auto* group = new QActionGroup(menu);
    const int current = m_track.selection().current();
    for (const Interpolation kind : kInterpolations) {
        QAction* action =
            menu->addAction(viewmodels::titleOf(kind), this, [this, kind] { m_commands.setInterpolation(kind); });
        action->setCheckable(true);
        action->setActionGroup(group);
        action->setChecked(current >= 0 &&
                           m_track.curve().keys[static_cast<std::size_t>(current)].interpolation == kind);
    }
    return menu;
}

void LaneView::addSegmentActions(QMenu& menu, int index)
{
    if (index + 1 >= static_cast<int>(m_track.curve().keys.size())) return;
    menu.addMenu(makeInterpolationMenu());
    menu.addAction(tr("Easing…"), this, [this] { openEasing(); });
}

QMenu* LaneView::makeMenu(const Target& target, double x)
{
    auto* menu = new QMenu(this);
    const bool editable = m_track.isEditable();
    menu->addAction(tr("Insert key"), this, [this, x] { m_commands.insertAt(x); })->setEnabled(editable);
    menu->addAction(tr("Add marker"), this, [this, x] { putMarker(x); })->setEnabled(m_track.isValid());
    menu->addAction(tr("Paste"), this, [this] { m_commands.paste(); })->setEnabled(editable);
    QAction* snap = menu->addAction(tr("Snap"), this, [this] { setSnapping(!isSnapping()); });
    snap->setCheckable(true);
    snap->setChecked(isSnapping());
    QAction* log = menu->addAction(tr("Axis by powers of ten"), this, [this] { setLogAxis(!isLogAxis()); });
    log->setObjectName(QStringLiteral("logAxis"));
    log->setCheckable(true);
    log->setChecked(isLogAxis());
    if (!editable) return menu;
    if (target.kind == TargetKind::Curve) {
        menu->addSeparator();
        addSegmentActions(*menu, viewmodels::segmentAt(m_track.curve(), x));
    }
    if (target.kind != TargetKind::Key) return menu;
    menu->addSeparator();
    const int index = target.index;
    if (!viewmodels::isPinned(m_track.curve(), index))
        menu->addAction(tr("Delete"), this, [this] { m_commands.removeSelected(); });
    menu->addAction(tr("Copy"), this, [this] { m_commands.copy(); });
    menu->addAction(tr("Set value…"), this, [this, index] { openEditor(index); });
    addSegmentActions(*menu, index);
    QMenu* kinds = menu->addMenu(tr("Kind"));
    for (const viewmodels::KeyKind kind : kKinds)
        kinds->addAction(viewmodels::titleOf(kind), this, [this, kind] { m_commands.setKind(kind); });
    const auto& saved = m_track.savedCurve().keys;
    const schedule::Key& key = m_track.curve().keys[static_cast<std::size_t>(index)];
    const auto twin = std::find_if(saved.begin(), saved.end(), [&](const schedule::Key& k) { return k.x == key.x; });
    if (twin != saved.end() && twin->y != key.y)
        menu->addAction(tr("Reset to saved"), this, [this, index, y = twin->y] {
            const schedule::Curve& curve = m_track.committedCurve();
            const double at = curve.keys[static_cast<std::size_t>(index)].x;
            (void)m_track.setCurve(viewmodels::keyPlaced(curve, index, at, y, m_track.bounds()), tr("Reset key"));
        });
    return menu;
}

void LaneView::popUp(QMenu* menu, const QPoint& globalPosition)
{
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(globalPosition);
}

void LaneView::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_gesture.isActive()) return;
    QPoint place = event->pos();
    const int current = m_track.selection().current();
    if (event->reason() == QContextMenuEvent::Keyboard && current >= 0)
        place = pixelOf(m_track.curve().keys[static_cast<std::size_t>(current)]).toPoint();
    if (const plot::Hit hit = hitTest(place); hit.kind == plot::HitKind::Flag) {
        auto* menu = new QMenu(this);
        menu->addAction(tr("Name…"), this, [this, index = hit.index] { openMarkerName(index); });
        menu->addAction(tr("Remove marker"), this, [this, index = hit.index] { removeMarker(index); });
        return popUp(menu, mapToGlobal(place));
    }
    const PointerEvent pointer = pointerEvent(place, Qt::NoModifier);
    if (pointer.target.kind == TargetKind::Key && !m_track.selection().contains(pointer.target.index))
        m_track.selection().select(pointer.target.index);
    if (pointer.target.kind == TargetKind::Curve)
        m_track.selection().select(viewmodels::segmentAt(m_track.curve(), pointer.at.x));
    popUp(makeMenu(pointer.target, std::clamp(pointer.at.x, 0.0, 1.0)), mapToGlobal(place));
}

void LaneView::openEditor(int index, bool atPlace)
{
    if (index < 0 || !m_track.isEditable()) return;
    const schedule::Curve& curve = m_track.curve();
    const schedule::Key& key = curve.keys[static_cast<std::size_t>(index)];
    // A pinned key has no other place: its field is shown disabled.
    const bool pinned = viewmodels::isPinned(curve, index);
    const viewmodels::RunAxis axis = m_span->axis();
    const QStringList texts{pinned ? QString() : axis.number(key.x), QString::fromStdString(numberText(key.y))};
    m_keyEditor->open(
        pixelOf(key).toPoint(), texts, atPlace && !pinned ? 0 : 1,
        [this, index, axis](const QStringList& typed) -> std::optional<InlineEditor::Refusal> {
            const schedule::Curve& before = m_track.committedCurve();
            if (index >= static_cast<int>(before.keys.size())) return std::nullopt;
            const schedule::Key present = before.keys[static_cast<std::size_t>(index)];
            const double there = axis.shown(present.x);
            const auto x = typed[0].isEmpty() ? std::optional(there) : viewmodels::typedNumber(typed[0], there);
            const auto y = viewmodels::typedNumber(typed[1], present.y);
            if (!x || !y)
                return InlineEditor::Refusal{x ? 1 : 0,
                                             tr("This is not a number; write it like 0.52, 0.3*2, *1.1 or +0.05.")};
            // A text that was not touched says the same place, bit by bit.
            const bool sameX = typed[0].isEmpty() || typed[0] == axis.number(present.x);
            const double place = sameX ? present.x : viewmodels::nearestMultiple(axis.place(*x), 1e-12);
            if (const auto no = viewmodels::refusalOf(before, index, place, *y, m_track.bounds(), axis))
                return InlineEditor::Refusal{no->isPlace ? 0 : 1, no->sentence, no->fixText(), no->nearestText};
            const auto set =
                m_track.setCurve(viewmodels::keyPlaced(before, index, place, *y, m_track.bounds()), tr("Set value"));
            if (!set) return InlineEditor::Refusal{1, QString::fromStdString(set.error().message)};
            return std::nullopt;
        });
}

void LaneView::openEasing()
{
    const int current = m_track.selection().current();
    if (current < 0 || current + 1 >= static_cast<int>(m_track.curve().keys.size()) || !m_track.isEditable()) return;
    if (!m_easing) m_easing = new EasingPopover(m_track, this);
    m_easing->openAt(mapToGlobal(pixelOf(m_track.curve().keys[static_cast<std::size_t>(current)]).toPoint()));
}

} // namespace gradus::editor
