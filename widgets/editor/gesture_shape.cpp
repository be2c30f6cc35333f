// SPDX-License-Identifier: GPL-3.0-or-later
// Drags that change a shape: a segment that is bent, a box of keys that is scaled.
#include "editor/gesture.h"
#include "viewmodels/curve_shape.h"

#include <algorithm>

namespace gradus::editor {

using viewmodels::LanePoint;

namespace {

struct Side
{
    double edge = 0;     ///< where the dragged side of the box is
    double opposite = 0; ///< where it is held
};
/// direction -1: the low side is dragged, 1: the high one, 0: neither.
Side sideOf(double low, double high, int direction)
{
    return direction < 0 ? Side{low, high} : Side{high, low};
}

double factorOf(const Side& side, int direction, double pivot, double wanted)
{
    return direction == 0 || side.edge == pivot ? 1 : (wanted - pivot) / (side.edge - pivot);
}

} // namespace

/// The segment follows the pointer, within what a bend can reach.
void LaneGesture::bend(const PointerEvent& event)
{
    // Alt and Shift say what is dragged here: neither slows the pointer. Relative to the curve, because a press need
    // not hit it exactly.
    const double from = schedule::Evaluator(m_base)(m_pressed.at.x);
    const double to = carried(from, event.at.y);
    m_track.preview(viewmodels::draggedSegment(m_base, m_grabbed, m_pressed.at.x, from, to, m_track.bounds()));
}

/// The dragged side of the box follows the pointer; the opposite one stands, with Alt the middle does.
void LaneGesture::scale(const PointerEvent& event)
{
    constexpr int kAcross[] = {-1, 0, 1, 1, 1, 0, -1, -1}; // clockwise from the left top
    constexpr int kUpwards[] = {1, 1, 1, 0, -1, -1, -1, 0};
    const int across = kAcross[m_pressed.target.index % 8];
    const int upwards = kUpwards[m_pressed.target.index % 8];
    double low[2] = {1e300, 1e300};
    double high[2] = {-1e300, -1e300};
    for (const int index : m_dragged) {
        const schedule::Key& key = m_base.keys[static_cast<std::size_t>(index)];
        low[0] = std::min(low[0], key.x), high[0] = std::max(high[0], key.x);
        low[1] = std::min(low[1], key.y), high[1] = std::max(high[1], key.y);
    }
    const Side x = sideOf(low[0], high[0], across);
    const Side y = sideOf(low[1], high[1], upwards);
    const bool central = event.modifiers & Qt::AltModifier;
    const double pivotX = central ? 0.5 * (low[0] + high[0]) : x.opposite;
    const double pivotY = central ? 0.5 * (low[1] + high[1]) : y.opposite;
    const LanePoint wanted = viewmodels::snapped({x.edge + event.at.x - m_pressed.at.x, carried(y.edge, event.at.y)},
                                                 activeGrid(event.modifiers & ~Qt::AltModifier));
    m_track.preview(viewmodels::scaledKeys(m_base, m_dragged, pivotX, pivotY, factorOf(x, across, pivotX, wanted.x),
                                           factorOf(y, upwards, pivotY, wanted.y), m_track.bounds()));
}

} // namespace gradus::editor
