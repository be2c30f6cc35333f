// SPDX-License-Identifier: GPL-3.0-or-later
// The lanes of one page as one editor: one visible range, one playhead, and the keys that go from lane to lane.
#pragma once

#include "viewmodels/lane_span.h"

#include <QObject>
#include <QPointer>
#include <QVector>

namespace gradus::editor {

class LaneView;

/// Lanes in the order of their numbers (1 to 9 pick one). Owns the span, not the lanes. GUI thread only.
class LaneGroup final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    viewmodels::LaneSpan& span() { return m_span; }
    void setLanes(const QVector<LaneView*>& lanes);
    const QVector<QPointer<LaneView>>& lanes() const { return m_lanes; }
    /// What one lane is told (S and G in it), all of them do.
    bool isSnapping() const { return m_snapping; }
    void setSnapping(bool on);
    bool areGhostsVisible() const { return m_ghosts; }
    void setGhostsVisible(bool visible);
    /// Gives a lane the focus, with a key selected; numbers beyond the last are ignored.
    void focusLane(int index);

Q_SIGNALS:
    void laneFocused(LaneView* lane); ///< by whatever means
    void aboutToFocus(int index);     ///< a lane that is hidden can be brought to sight
    void snappingChanged(bool on);
    void ghostsVisibleChanged(bool visible);

private:
    void step(const LaneView* from, int direction);

    viewmodels::LaneSpan m_span;
    bool m_snapping = true;
    bool m_ghosts = true;
    QVector<QPointer<LaneView>> m_lanes;
};

} // namespace gradus::editor
