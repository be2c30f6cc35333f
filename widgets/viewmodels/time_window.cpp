// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/time_window.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {
constexpr qsizetype kLongestHistory = 100;
}

void TimeWindow::reset()
{
    m_history.clear();
    m_wheeling = false;
    m_now = 0;
    m_pointer = std::nullopt;
    m_pinned = false;
    show(0, 1, false);
    setFollow(true);
    Q_EMIT cursorChanged();
}

void TimeWindow::show(double first, double last, bool zoomed)
{
    if (first == m_first && last == m_last && zoomed == m_zoomed) return;
    m_first = first;
    m_last = last;
    m_zoomed = zoomed;
    Q_EMIT rangeChanged();
}

void TimeWindow::setNow(double step)
{
    if (step == m_now) return;
    m_now = step;
    if (!m_zoomed)
        show(0, std::max(step, 1.0), false);
    else if (m_follow && m_last < step)
        show(step - (m_last - m_first), step, true);
    if (!m_pointer) Q_EMIT cursorChanged();
}

void TimeWindow::zoomTo(double first, double last)
{
    if (!std::isfinite(first) || !std::isfinite(last)) return;
    if (first > last) std::swap(first, last);
    const double end = std::max(m_now, 1.0);
    const double span = std::clamp(last - first, std::min(kMinimumSpan, end), end);
    const double centre = (first + last) / 2;
    first = std::clamp(centre - span / 2, 0.0, end - span);
    m_history.append({m_first, m_last, m_zoomed});
    if (m_history.size() > kLongestHistory) m_history.removeFirst();
    m_wheeling = false;
    // A look at the past stops following, a look at the newest end does not.
    if (first + span < m_now) setFollow(false);
    show(first, first + span, span < end);
}

void TimeWindow::zoomAround(double step, double factor)
{
    const double first = step - (step - m_first) * factor;
    const double last = step + (m_last - step) * factor;
    drag(std::max(first, 0.0), std::min(last, std::max(m_now, 1.0)));
}

void TimeWindow::drag(double first, double last)
{
    if (!std::isfinite(first) || !std::isfinite(last)) return;
    const bool goesOn = m_wheeling && !m_history.isEmpty();
    zoomTo(first, last);
    if (goesOn) m_history.removeLast();
    m_wheeling = true;
}

bool TimeWindow::back()
{
    m_wheeling = false;
    if (m_history.isEmpty()) return false;
    const Range range = m_history.takeLast();
    if (range.zoomed)
        show(range.first, range.last, true);
    else
        show(0, std::max(m_now, 1.0), false);
    return true;
}

void TimeWindow::showAll()
{
    if (!m_zoomed) return;
    m_history.append({m_first, m_last, m_zoomed});
    m_wheeling = false;
    show(0, std::max(m_now, 1.0), false);
}

void TimeWindow::setPointer(std::optional<double> step)
{
    m_pinned = false;
    if (step) step = std::clamp(*step, 0.0, std::max(m_now, 0.0));
    if (step == m_pointer) return;
    m_pointer = step;
    Q_EMIT cursorChanged();
}

void TimeWindow::pin(double step)
{
    setPointer(step);
    m_pinned = true;
}

void TimeWindow::setFollow(bool follow)
{
    if (follow) setPointer(std::nullopt);
    if (follow == m_follow) return;
    m_follow = follow;
    if (follow && m_zoomed && m_last < m_now) show(m_now - (m_last - m_first), m_now, true);
    Q_EMIT followChanged(follow);
}

void TimeWindow::setAxis(XAxis axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    Q_EMIT axisChanged();
}

} // namespace gradus::viewmodels
