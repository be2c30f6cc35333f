// SPDX-License-Identifier: GPL-3.0-or-later
// The pointer's side of the lane editor: a state machine from presses and moves to edits, without a window.
#pragma once

#include "viewmodels/curve_track.h"
#include "viewmodels/snap.h"

#include <QObject>

#include <optional>

namespace gradus::editor {

enum class TargetKind
{
    Empty,
    Key,
    Handle,
    Curve,
    Box,       ///< one of the eight handles of the box around the selected keys
    BoxInside, ///< within that box, on nothing else
};
/// What lies under the pointer, as the view's hit test found it.
struct Target
{
    TargetKind kind = TargetKind::Empty;
    int index = -1; ///< key, the key a handle belongs to, or the box's handle: clockwise from its left top
    viewmodels::HandleSide side = viewmodels::HandleSide::Right;
};

/// One pointer event in the lane's own units.
struct PointerEvent
{
    viewmodels::LanePoint at;
    viewmodels::LanePoint pixelsPerUnit{1, 1}; ///< to compare distances in x and y
    Qt::KeyboardModifiers modifiers;
    Target target;
    double outside = 0; ///< pixels the pointer is outside the lane, 0 inside
};

inline constexpr double kDragPixels = 3;     ///< a press that moves less is a click
inline constexpr double kDiscardPixels = 24; ///< a key dragged further out of the lane is deleted on release

/// While a drag lasts the track shows a preview; release makes it one undo step, cancel() drops it without a trace.
/// GUI thread only.
class LaneGesture final
{
public:
    explicit LaneGesture(viewmodels::CurveTrack& track) : m_track(track) {}

    void setGrid(const viewmodels::SnapGrid& grid) { m_grid = grid; }
    void setSnapping(bool on) { m_snapping = on; }
    bool snapping() const { return m_snapping; }

    void press(const PointerEvent& event); ///< the left button
    void move(const PointerEvent& event);
    void release(const PointerEvent& event);
    /// Adds a key on the curve or at the place; true where a key was hit, whose value the view should let type.
    bool doubleClick(const PointerEvent& event);
    /// Back to the state before the press, exactly. False when nothing was going on.
    bool cancel();

    bool isActive() const { return m_state != State::Idle; }
    bool isDragging() const { return isActive() && m_state != State::Pressed; }
    bool willDiscard() const { return m_discarding; } ///< releasing here deletes: the view shows it
    /// The rubber band's corners in lane units; none when there is none.
    std::optional<std::pair<viewmodels::LanePoint, viewmodels::LanePoint>> band() const;

private:
    enum class State
    {
        Idle,
        Pressed,
        DragKeys,
        DragHandle,
        Band,
        Bend,
        Scale,
    };
    bool isInThePast() const; ///< what was pressed belongs to a part of the run that is over
    bool opensTheFuture() const;
    void begin(const PointerEvent& event);
    void advance(const PointerEvent& event);
    void dragKeys(const PointerEvent& event);
    void dragHandle(const PointerEvent& event);
    void dragBand(const PointerEvent& event);
    void bend(const PointerEvent& event);
    void scale(const PointerEvent& event);
    /// A value that goes with the pointer since the press: by what it moved, on an axis by powers of ten by its factor.
    double carried(double y, double pointer) const;
    QString label() const;
    void click(const PointerEvent& event);
    viewmodels::SnapGrid activeGrid(Qt::KeyboardModifiers modifiers) const;

    viewmodels::CurveTrack& m_track;
    viewmodels::SnapGrid m_grid;
    bool m_snapping = true;

    State m_state = State::Idle;
    PointerEvent m_pressed;
    viewmodels::LanePoint m_last;    ///< where the pointer was
    viewmodels::LanePoint m_virtual; ///< where the drag stands: Alt slows it against the pointer
    schedule::Curve m_base;          ///< with the inserted key, when there is one
    viewmodels::KeyIndices m_dragged;
    viewmodels::KeyIndices m_selectionBefore;
    int m_currentBefore = -1;
    int m_grabbed = -1;
    bool m_inserted = false;
    bool m_discarding = false;
};

} // namespace gradus::editor
