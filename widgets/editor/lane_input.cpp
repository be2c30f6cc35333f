// SPDX-License-Identifier: GPL-3.0-or-later
// The lane's mouse and keyboard events.
#include "editor/lane_view.h"

#include "common/controls.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>

namespace gradus::editor {

void LaneView::refreshCursor()
{
    if (m_pan || (m_marker && m_marker->moved && !m_marker->discarding)) return setCursor(Qt::ClosedHandCursor);
    if (m_gesture.isDragging() || m_marker) {
        const bool discards = m_gesture.willDiscard() || (m_marker && m_marker->discarding);
        return setCursor(discards ? Qt::ForbiddenCursor : Qt::ClosedHandCursor);
    }
    if (m_space) return setCursor(Qt::OpenHandCursor);
    const QPointF position = mapFromGlobal(QCursor::pos());
    const plot::Hit hit = hitTest(position);
    switch (hit.kind) {
    case plot::HitKind::Nothing:
        return setCursor(isInRuler(position) ? Qt::SplitHCursor : Qt::ArrowCursor);
    case plot::HitKind::Playhead:
        return setCursor(Qt::SplitHCursor);
    case plot::HitKind::BoxInside:
        return setCursor(Qt::SizeAllCursor);
    case plot::HitKind::Box:
        return setCursor(hit.index % 4 == 0   ? Qt::SizeFDiagCursor
                         : hit.index % 4 == 2 ? Qt::SizeBDiagCursor
                         : hit.index % 4 == 1 ? Qt::SizeVerCursor
                                              : Qt::SizeHorCursor);
    default:
        return setCursor(Qt::PointingHandCursor);
    }
}

bool LaneView::event(QEvent* event)
{
    // Tab walks the keys while the lane has focus; Qt would take it before keyPressEvent sees it. Past the last key it
    // leaves the lane, so that the keyboard is never trapped.
    if (event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        const int current = m_track.selection().current();
        const int last = m_track.keyCount() - 1;
        const bool forward = key->key() == Qt::Key_Tab && current < last;
        const bool backward = key->key() == Qt::Key_Backtab && current != 0;
        if ((forward || backward) && !(key->modifiers() & Qt::ControlModifier)) {
            keyPressEvent(key);
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString sentence = warningAt(help->pos());
        QToolTip::showText(help->globalPos(), common::plainTooltip(sentence), this);
        return true;
    }
    // Escape in a drag is ours before any shortcut's.
    if (event->type() == QEvent::ShortcutOverride && (m_gesture.isActive() || m_pan || m_marker || m_movesPlayhead)) {
        event->accept();
        return true;
    }
    return LanePlot::event(event);
}

void LaneView::mousePressEvent(QMouseEvent* event)
{
    const bool left = event->button() == Qt::LeftButton;
    if (!left && event->button() != Qt::MiddleButton) return;
    setFocus(Qt::MouseFocusReason);
    m_held = event->modifiers();
    if (!left || m_space) {
        beginPan(event->position());
        return refreshCursor();
    }
    const plot::Hit hit = hitTest(event->position());
    if (hit.kind == plot::HitKind::Flag && m_track.isValid()) {
        m_marker = MarkerDrag{hit.index, event->position(), m_track.markers()};
    } else if (hit.kind == plot::HitKind::Playhead ||
               (hit.kind == plot::HitKind::Nothing && isInRuler(event->position()))) {
        m_movesPlayhead = true;
        m_playheadBefore = m_span->playhead();
        movePlayhead(event->position());
    } else {
        m_gesture.press(pointerEvent(event->position(), event->modifiers()));
    }
    refreshCursor();
}

void LaneView::mouseMoveEvent(QMouseEvent* event)
{
    m_held = event->modifiers();
    if (m_pan) {
        pan(event->position());
    } else if (m_movesPlayhead) {
        movePlayhead(event->position());
    } else if (m_marker) {
        dragMarker(pointerEvent(event->position(), event->modifiers()), event->position());
    } else if (m_gesture.isActive()) {
        m_gesture.move(pointerEvent(event->position(), event->modifiers()));
        const auto band = m_gesture.band();
        setSelectionBox(band ? std::optional(QRectF(toPixel({band->first.x, band->first.y}),
                                                    toPixel({band->second.x, band->second.y}))
                                                 .normalized())
                             : std::nullopt);
    } else {
        const plot::Hit hit = hitTest(event->position());
        const int hovered = hit.kind == plot::HitKind::Key ? hit.index : -1;
        if (hovered != m_hovered) {
            m_hovered = hovered;
            refreshMarks();
        }
    }
    refreshCursor();
}

void LaneView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_pan) {
        m_pan.reset();
    } else if (event->button() != Qt::LeftButton) {
        return;
    } else if (m_movesPlayhead) {
        m_movesPlayhead = false;
    } else if (m_marker) {
        dropMarker();
    } else if (m_gesture.isActive()) {
        m_gesture.release(pointerEvent(event->position(), event->modifiers()));
        setSelectionBox(std::nullopt);
        refresh();
    }
    refreshCursor();
}

void LaneView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    const QPointF position = event->position();
    if (const plot::Hit hit = hitTest(position); hit.kind == plot::HitKind::Flag) return openMarkerName(hit.index);
    const PointerEvent pointer = pointerEvent(position, event->modifiers());
    if (pointer.outside > 0 && pointer.target.kind == TargetKind::Empty) {
        if (position.x() < plotArea().left()) openRange(Qt::Vertical, position.toPoint());
        if (position.y() > plotArea().bottom()) openRange(Qt::Horizontal, position.toPoint());
        return;
    }
    if (m_gesture.doubleClick(pointer)) openEditor(m_track.selection().current());
}

void LaneView::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    refreshMarks();
    LanePlot::leaveEvent(event);
}

void LaneView::resizeEvent(QResizeEvent* event)
{
    LanePlot::resizeEvent(event);
    refresh();
}

void LaneView::focusInEvent(QFocusEvent* event)
{
    LanePlot::focusInEvent(event);
    Q_EMIT focused();
}

void LaneView::focusOutEvent(QFocusEvent* event)
{
    m_space = false; // its release goes elsewhere
    LanePlot::focusOutEvent(event);
}

/// Whatever drag is going on goes back to where it began. False when there was none.
bool LaneView::cancelDrag()
{
    if (m_pan) {
        const Pan before = *m_pan;
        m_pan.reset();
        m_bottom = before.bottom;
        m_top = before.top;
        m_autoFrame = before.autoFrame;
        m_span->setRange(before.xLow, before.xHigh);
    } else if (m_movesPlayhead) {
        m_movesPlayhead = false;
        m_span->setPlayhead(m_playheadBefore);
    } else if (m_marker) {
        m_marker.reset();
    } else if (!m_gesture.cancel()) {
        return false;
    }
    setSelectionBox(std::nullopt);
    refresh();
    refreshCursor();
    return true;
}

void LaneView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        if (cancelDrag()) return;
        if (!m_track.selection().indices().empty())
            m_track.selection().clear();
        else
            event->ignore();
        return;
    }
    if (m_gesture.isActive() || m_pan || m_marker || m_movesPlayhead) return; // one thing at a time
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        m_space = true;
        return refreshCursor();
    }
    const KeyOutcome outcome = m_commands.handle(event->key(), event->modifiers());
    if (outcome == KeyOutcome::Ignored) return event->ignore();
    event->accept();
    act(outcome, event->key());
}

void LaneView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Space || event->isAutoRepeat()) return LanePlot::keyReleaseEvent(event);
    m_space = false;
    refreshCursor();
}

void LaneView::act(KeyOutcome outcome, int key)
{
    const int current = m_track.selection().current();
    switch (outcome) {
    case KeyOutcome::Ignored:
    case KeyOutcome::Done:
        return;
    case KeyOutcome::OpenEditor:
        return openEditor(current, true);
    case KeyOutcome::OpenInterpolation:
        if (current >= 0)
            popUp(makeInterpolationMenu(),
                  mapToGlobal(pixelOf(m_track.curve().keys[static_cast<std::size_t>(current)]).toPoint()));
        return;
    case KeyOutcome::OpenEasing:
        return openEasing();
    case KeyOutcome::FrameAll:
        return frameAll();
    case KeyOutcome::FrameSelection:
        return frameSelection();
    case KeyOutcome::ToggleGhost:
        return setGhostVisible(!m_ghostVisible);
    case KeyOutcome::ToggleHandles:
        return setHandlesVisible(!m_handlesVisible);
    case KeyOutcome::ToggleSnapping:
        return setSnapping(!isSnapping());
    case KeyOutcome::PutMarker:
        return toggleMarkerHere();
    case KeyOutcome::PreviousMarker:
        return stepMarker(-1);
    case KeyOutcome::NextMarker:
        return stepMarker(1);
    case KeyOutcome::PreviousLane:
        return Q_EMIT laneStepRequested(-1);
    case KeyOutcome::NextLane:
        return Q_EMIT laneStepRequested(1);
    case KeyOutcome::Rename:
        return Q_EMIT renameRequested();
    case KeyOutcome::PickLane:
        return Q_EMIT lanePickRequested(key - Qt::Key_0);
    }
}

} // namespace gradus::editor
