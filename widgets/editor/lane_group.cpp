// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_group.h"

#include "editor/lane_view.h"

namespace gradus::editor {

void LaneGroup::setLanes(const QVector<LaneView*>& lanes)
{
    for (const auto& lane : std::as_const(m_lanes))
        if (lane) lane->disconnect(this);
    m_lanes.clear();
    for (LaneView* lane : lanes) {
        m_lanes.append(lane);
        lane->setSpan(m_span);
        lane->setSnapping(m_snapping);
        lane->setGhostVisible(m_ghosts);
        connect(lane, &LaneView::snappingChanged, this, &LaneGroup::setSnapping);
        connect(lane, &LaneView::ghostVisibleChanged, this, &LaneGroup::setGhostsVisible);
        connect(lane, &LaneView::laneStepRequested, this, [this, lane](int direction) { step(lane, direction); });
        connect(lane, &LaneView::focused, this, [this, lane] { Q_EMIT laneFocused(lane); });
        connect(lane, &LaneView::lanePickRequested, this, [this](int number) { focusLane(number - 1); });
    }
}

void LaneGroup::setSnapping(bool on)
{
    if (on == m_snapping) return;
    m_snapping = on;
    for (const auto& lane : std::as_const(m_lanes))
        if (lane) lane->setSnapping(on);
    Q_EMIT snappingChanged(on);
}

void LaneGroup::setGhostsVisible(bool visible)
{
    if (visible == m_ghosts) return;
    m_ghosts = visible;
    for (const auto& lane : std::as_const(m_lanes))
        if (lane) lane->setGhostVisible(visible);
    Q_EMIT ghostsVisibleChanged(visible);
}

void LaneGroup::step(const LaneView* from, int direction)
{
    for (qsizetype i = 0; i < m_lanes.size(); ++i)
        if (m_lanes[i] == from) return focusLane(static_cast<int>(i) + direction);
}

void LaneGroup::focusLane(int index)
{
    if (index < 0 || index >= m_lanes.size() || !m_lanes[index]) return;
    Q_EMIT aboutToFocus(index);
    LaneView& lane = *m_lanes[index];
    lane.setFocus(Qt::ShortcutFocusReason);
    if (lane.track().selection().current() < 0) lane.track().selection().select(0);
}

} // namespace gradus::editor
