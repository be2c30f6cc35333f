// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard's side of the lane editor: every gesture's twin, without a window.
#pragma once

#include "viewmodels/schedule_document.h"
#include "viewmodels/snap.h"

#include <Qt>

namespace gradus::editor {

/// What the view must do after a key, beyond the edit that is already done.
enum class KeyOutcome
{
    Ignored, ///< not a key of the lane
    Done,
    OpenEditor,        ///< numbers of the current key, in place
    OpenInterpolation, ///< menu at the current key
    FrameAll,
    FrameSelection,
    ToggleGhost,
    ToggleSnapping,
};

/// Acts on the document's selection. grid gives the unit of the arrow keys: Shift x10, Alt /10. Arrow presses that
/// follow one another on the same keys are one undo step. GUI thread only.
class KeyCommands final
{
public:
    explicit KeyCommands(viewmodels::ScheduleDocument& document) : m_document(document) {}

    void setGrid(const viewmodels::SnapGrid& grid) { m_grid = grid; }
    KeyOutcome handle(int key, Qt::KeyboardModifiers modifiers);

    // The same edits for menus and buttons.
    void removeSelected();
    void insertAfterCurrent(); ///< on the curve, in the middle of the segment right of the current key
    void insertAt(double x);   ///< on the curve
    void setInterpolation(schedule::Interpolation interpolation); ///< of the selected keys' segments
    void setKind(viewmodels::KeyKind kind);                       ///< of the current key
    void cycleKind();

private:
    void step(int direction);
    void nudge(double dx, double dy);

    viewmodels::ScheduleDocument& m_document;
    viewmodels::SnapGrid m_grid;
    viewmodels::KeyIndices m_nudged;
    int m_nudgeId = -1;
};

} // namespace gradus::editor
