// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard's side of the lane editor: every gesture's twin, without a window.
#pragma once

#include "viewmodels/curve_track.h"
#include "viewmodels/snap.h"

#include <Qt>

#include <optional>

namespace gradus::editor {

/// What the view must do after a key, beyond the edit that is already done.
enum class KeyOutcome
{
    Ignored, ///< not a key of the lane
    Done,
    OpenEditor,        ///< numbers of the current key, in place
    OpenInterpolation, ///< menu at the current key
    OpenEasing,        ///< popover at the current key
    FrameAll,
    FrameSelection,
    ToggleGhost,
    ToggleHandles,
    ToggleSnapping,
    PutMarker, ///< where the playhead or the current key is; takes one away that is there
    PreviousMarker,
    NextMarker,
    PreviousLane,
    NextLane,
    Rename,
    PickLane, ///< the digit that was pressed names it
};

/// Acts on the track's selection. grid gives the unit of the arrow keys: Shift x10, Alt /10. Arrow presses that
/// follow one another on the same keys are one undo step. GUI thread only.
class KeyCommands final
{
public:
    explicit KeyCommands(viewmodels::CurveTrack& track) : m_track(track) {}

    void setGrid(const viewmodels::SnapGrid& grid) { m_grid = grid; }
    void setPlayhead(std::optional<double> x) { m_playhead = x; } ///< where Insert puts a key
    KeyOutcome handle(int key, Qt::KeyboardModifiers modifiers);

    // The same edits for menus and buttons.
    void removeSelected();
    void insertAfterCurrent(); ///< on the curve, in the middle of the segment right of the current key
    void insertAt(double x);   ///< on the curve
    void copy();
    void cut();
    void paste();
    void pasteScaled(); ///< what is on the clipboard, from the first to the last selected key
    void setInterpolation(schedule::Interpolation interpolation); ///< of the selected keys' segments
    void setKind(viewmodels::KeyKind kind);                       ///< of the current key
    void cycleKind();

private:
    KeyOutcome handleCtrl(int key, Qt::KeyboardModifiers modifiers);
    void arrow(int key, Qt::KeyboardModifiers modifiers);
    void step(int direction);
    void nudge(double dx, double dy);

    viewmodels::CurveTrack& m_track;
    viewmodels::SnapGrid m_grid;
    std::optional<double> m_playhead;
    viewmodels::KeyIndices m_nudged;
    int m_nudgeId = -1;
};

} // namespace gradus::editor
