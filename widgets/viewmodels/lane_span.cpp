// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/lane_span.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

void LaneSpan::setRange(double low, double high)
{
    if (!std::isfinite(low) || !std::isfinite(high)) return;
    if (low > high) std::swap(low, high);
    const double length = std::clamp(high - low, kLeastSpan, 1.0);
    low = std::clamp(low, 0.0, 1.0 - length);
    high = length == 1 ? 1.0 : low + length;
    if (low == m_low && high == m_high) return;
    m_low = low;
    m_high = high;
    Q_EMIT rangeChanged();
}

void LaneSpan::setAxis(const RunAxis& axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    Q_EMIT axisChanged();
}

void LaneSpan::zoom(double about, double factor)
{
    if (!(factor > 0)) return;
    const double length = m_high - m_low;
    const double next = std::clamp(length / factor, kLeastSpan, 1.0);
    const double low = about - (about - m_low) * next / length;
    setRange(low, low + next);
}

void LaneSpan::setPlayhead(std::optional<double> x)
{
    if (x) x = std::clamp(*x, 0.0, 1.0);
    if (x == m_playhead) return;
    m_playhead = x;
    Q_EMIT playheadChanged();
}

} // namespace gradus::viewmodels
