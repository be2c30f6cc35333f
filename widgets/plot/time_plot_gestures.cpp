// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse and the keyboard do in a TimePlot, and the link between several of them.
#include "plot/time_plot.h"

#include "common/controls.h"
#include "plot/time_plot_p.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::plot {

namespace {

constexpr double kMarkHitPixels = 8;
constexpr double kDragPixels = 4;

} // namespace

void TimePlot::setCrosshair(std::optional<double> x)
{
    if (m_crosshair == x) return;
    m_crosshair = x;
    replotOverlay();
}

void TimePlot::moveCrosshair(double x)
{
    setCrosshair(x);
    Q_EMIT crosshairMoved(x);
}

void TimePlot::userRange(double first, double last)
{
    const double smallest = (m_fullLast - m_fullFirst) * 1e-4;
    first = std::max(first, m_fullFirst);
    last = std::min(last, m_fullLast);
    if (last - first < smallest) return;
    setXRange(first, last);
    Q_EMIT xRangeChanged(first, last);
}

int TimePlot::eventAt(const QPointF& pixel) const
{
    const QRectF area = plotArea();
    if (pixel.y() > area.top() || pixel.y() < area.top() - 18) return -1;
    int best = -1;
    double nearest = kMarkHitPixels;
    for (qsizetype i = 0; i < m_events.size(); ++i) {
        if (m_events[i].mark == Mark::Evaluation) continue;
        const double distance = std::abs(toPixel({m_events[i].x, 0}).x() - pixel.x());
        if (distance > nearest) continue;
        nearest = distance;
        best = int(i);
    }
    return best;
}

bool TimePlot::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = eventAt(help->pos());
        common::showTip(*help, index >= 0 ? m_events[index].text : QString(), this);
        return true;
    }
    return PlotView::event(event);
}

void TimePlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !plotArea().contains(event->position())) return;
    m_dragFrom = toCoordinate(event->position()).x();
    m_dragY = toCoordinate(event->position()).y();
    m_dragTo.reset();
}

void TimePlot::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    const double x = toCoordinate(at).x();
    if (m_dragFrom && (event->buttons() & Qt::LeftButton)) {
        if (std::abs(toPixel({*m_dragFrom, 0}).x() - at.x()) > kDragPixels) m_dragTo = std::clamp(x, xLow(), xHigh());
        replotOverlay();
    }
    if (plotArea().contains(at)) moveCrosshair(x);
}

void TimePlot::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    const auto from = std::exchange(m_dragFrom, std::nullopt);
    const auto to = std::exchange(m_dragTo, std::nullopt);
    replotOverlay();
    if (from && to) return userRange(std::min(*from, *to), std::max(*from, *to));
    const int index = eventAt(event->position());
    if (index >= 0)
        Q_EMIT eventClicked(index);
    else if (from)
        Q_EMIT clicked(*from, m_dragY);
}

void TimePlot::mouseDoubleClickEvent(QMouseEvent*)
{
    zoomBack();
    Q_EMIT xRangeChanged(m_fullFirst, m_fullLast);
}

void TimePlot::wheelEvent(QWheelEvent* event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) return event->ignore(); // the page scrolls
    const double centre = toCoordinate(event->position()).x();
    const double factor = std::pow(0.85, event->angleDelta().y() / 120.0);
    userRange(centre - (centre - xLow()) * factor, centre + (xHigh() - centre) * factor);
    event->accept();
}

void TimePlot::leaveEvent(QEvent* event)
{
    PlotView::leaveEvent(event);
    Q_EMIT crosshairLeft();
}

/// The nearest point of any line beyond x; nothing where there is none.
std::optional<double> TimePlot::stopBeyond(double x, bool forward) const
{
    std::optional<double> best;
    for (const Series& series : m_series) {
        if (series.draw == Draw::Raw) continue;
        const QVector<QPointF>& points = series.points;
        const auto before = [](const QPointF& point, double at) { return point.x() < at; };
        const auto after = [](double at, const QPointF& point) { return at < point.x(); };
        qsizetype i = forward ? std::upper_bound(points.begin(), points.end(), x, after) - points.begin()
                              : std::lower_bound(points.begin(), points.end(), x, before) - points.begin() - 1;
        while (i >= 0 && i < points.size() && !std::isfinite(points[i].y()))
            i += forward ? 1 : -1;
        if (i < 0 || i >= points.size()) continue;
        const double stop = points[i].x();
        if (!best || (forward ? stop < *best : stop > *best)) best = stop;
    }
    return best;
}

void TimePlot::stepCrosshair(int points)
{
    constexpr double kEnd = std::numeric_limits<double>::infinity();
    const bool forward = points > 0;
    std::optional<double> at = m_crosshair ? m_crosshair : stopBeyond(kEnd, false);
    if (!m_crosshair && at && forward) return moveCrosshair(*at);
    for (int i = 0; i < std::abs(points) && at; ++i) {
        const std::optional<double> next = stopBeyond(*at, forward);
        // At the last one it stays; between the data and nowhere it goes to the nearest end.
        if (!next) {
            at = stopBeyond(forward ? kEnd : -kEnd, !forward);
            break;
        }
        at = next;
    }
    if (at) moveCrosshair(*at);
}

void TimePlot::keyPressEvent(QKeyEvent* event)
{
    const int stride = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        return stepCrosshair(-stride);
    case Qt::Key_Right:
        return stepCrosshair(stride);
    case Qt::Key_Backspace:
        return mouseDoubleClickEvent(nullptr);
    case Qt::Key_Escape:
        if (!m_dragFrom) break;
        m_dragFrom.reset();
        m_dragTo.reset();
        return replotOverlay();
    default:
        break;
    }
    PlotView::keyPressEvent(event);
}

void TimeLink::add(TimePlot* chart)
{
    m_charts.append(chart);
    connect(chart, &QObject::destroyed, this, [this, chart] { m_charts.removeOne(chart); });
    connect(chart, &TimePlot::crosshairMoved, this, [this](double x) {
        setCrosshair(x);
        Q_EMIT crosshairMoved(x);
    });
    connect(chart, &TimePlot::crosshairLeft, this, &TimeLink::crosshairLeft);
    connect(chart, &TimePlot::xRangeChanged, this, [this, chart](double first, double last) {
        for (TimePlot* other : std::as_const(m_charts))
            if (other != chart) other->setXRange(first, last);
        Q_EMIT xRangeChanged(first, last);
    });
}

void TimeLink::setCrosshair(std::optional<double> x)
{
    for (TimePlot* chart : std::as_const(m_charts))
        chart->setCrosshair(x);
}

} // namespace gradus::plot
