// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/scatter_plot.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "plot/plot_parts_p.h"

#include <QHelpEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::plot {

namespace {

constexpr double kPointSide = 6;
constexpr double kMeanSide = 10;
constexpr double kHit = 8; // pixels
constexpr double kPad = 0.08;

bool finite(const QPointF& point)
{
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

struct Extent
{
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void add(double value)
    {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    double pad() const { return std::max((high - low) * kPad, 1e-3); }
};

} // namespace

QVector<QPointF> paretoFront(const QVector<QPointF>& points, const Goodness& goodness)
{
    QVector<QPointF> sorted;
    std::copy_if(points.begin(), points.end(), std::back_inserter(sorted), finite);
    const auto better = [](double a, double b, bool higher) { return higher ? a > b : a < b; };
    std::sort(sorted.begin(), sorted.end(), [&](const QPointF& a, const QPointF& b) {
        if (a.x() != b.x()) return better(a.x(), b.x(), goodness.xHigher);
        return better(a.y(), b.y(), goodness.yHigher);
    });
    // From the best x on, a point is on the front when its y is better than any seen.
    QVector<QPointF> front;
    for (const QPointF& point : std::as_const(sorted))
        if (front.isEmpty() || better(point.y(), front.last().y(), goodness.yHigher)) front.append(point);
    if (goodness.xHigher) std::reverse(front.begin(), front.end());
    return front;
}

ScatterPlot::ScatterPlot(common::ThemeController& theme, QWidget* parent) : PlotView(theme, parent)
{
    setMargins({52, 24, 20, 40});
    setVerticalGrid(true);
    addPainted("marks", [this](QPainter& painter) { paintPlane(painter); });
    ScatterPlot::restyle();
}

ScatterPlot::~ScatterPlot() = default;

void ScatterPlot::setClouds(QVector<Cloud> clouds)
{
    m_clouds = std::move(clouds);
    QVector<QPointF> all;
    for (const Cloud& cloud : std::as_const(m_clouds))
        all += cloud.points;
    m_front = paretoFront(all, m_goodness);
    updateSummary();
    scheduleReplot();
}

void ScatterPlot::setGoodness(const Goodness& goodness)
{
    m_goodness = goodness;
    setClouds(m_clouds);
}

void ScatterPlot::setAxisNames(const QString& x, const QString& y)
{
    m_xName = x;
    m_yName = y;
    scheduleReplot();
}

void ScatterPlot::setFrontVisible(bool visible)
{
    m_showFront = visible;
    scheduleReplot();
}

void ScatterPlot::setPathsVisible(bool visible)
{
    m_showPaths = visible;
    scheduleReplot();
}

void ScatterPlot::setPointsVisible(bool visible)
{
    m_showPoints = visible;
    scheduleReplot();
}

bool ScatterPlot::isEmpty() const
{
    return std::all_of(m_clouds.begin(), m_clouds.end(), [](const Cloud& cloud) {
        return std::none_of(cloud.points.begin(), cloud.points.end(), finite);
    });
}

void ScatterPlot::prepare()
{
    fitRanges();
}

void ScatterPlot::fitRanges()
{
    Extent x;
    Extent y;
    const auto add = [&](const QPointF& point) {
        if (!finite(point)) return;
        x.add(point.x());
        y.add(point.y());
    };
    for (const Cloud& cloud : std::as_const(m_clouds)) {
        for (const QPointF& point : cloud.points)
            add(point);
        if (m_showPaths)
            for (const QPointF& point : cloud.path)
                add(point);
    }
    if (x.low > x.high) x = {0, 1}, y = {0, 1};
    plot()->xAxis->setRange(x.low - x.pad(), x.high + x.pad());
    plot()->yAxis->setRange(y.low - y.pad(), y.high + y.pad());
}

void ScatterPlot::paintPlane(QPainter& painter) const
{
    painter.save();
    painter.setClipRect(plotArea().adjusted(-2, -2, 2, 2));
    if (m_showFront) paintFront(painter);
    for (const Cloud& cloud : m_clouds)
        paintCloud(painter, cloud);
    painter.restore();
    paintNames(painter);
}

/// Steps: between two points of the front nothing better than the worse of both in each direction is known.
void ScatterPlot::paintFront(QPainter& painter) const
{
    if (m_front.size() < 2) return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(linePen(tokens().text2, {4, 3}));
    for (qsizetype i = 1; i < m_front.size(); ++i) {
        const QPointF a = toPixel(m_front[i - 1]);
        const QPointF b = toPixel(m_front[i]);
        const QPointF corner = m_goodness.xHigher ? QPointF(a.x(), b.y()) : QPointF(b.x(), a.y());
        painter.drawLine(a, corner);
        painter.drawLine(corner, b);
    }
}

void ScatterPlot::paintCloud(QPainter& painter, const Cloud& cloud) const
{
    const common::SeriesStyle& style = tokens().seriesAt(cloud.style);
    if (m_showPaths) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(common::numericFont(common::Type::Chart));
        for (qsizetype i = 0; i < cloud.path.size(); ++i) {
            if (!finite(cloud.path[i])) continue;
            const QPointF at = toPixel(cloud.path[i]);
            painter.setPen(linePen(style.line));
            if (i > 0 && finite(cloud.path[i - 1])) painter.drawLine(toPixel(cloud.path[i - 1]), at);
            paintMarker(painter, at, style.marker, style.line, tokens().surface, kPointSide);
            painter.setPen(style.label);
            painter.drawText(QRectF(at.x() - 20, at.y() + 3, 16, 14), Qt::AlignRight | Qt::AlignTop,
                             QString::number(i + 1));
        }
    }
    if (m_showPoints) {
        painter.setOpacity(0.6);
        for (const QPointF& point : cloud.points)
            if (finite(point))
                paintMarker(painter, toPixel(point), style.marker, style.line, tokens().surface, kPointSide);
        painter.setOpacity(1);
    }
    if (!cloud.mean) return;
    const QPointF at = toPixel(*cloud.mean);
    const QPointF low = toPixel(*cloud.mean - cloud.half);
    const QPointF high = toPixel(*cloud.mean + cloud.half);
    painter.setPen(linePen(style.line));
    painter.drawLine(QPointF(low.x(), at.y()), QPointF(high.x(), at.y()));
    painter.drawLine(QPointF(at.x(), low.y()), QPointF(at.x(), high.y()));
    paintMarker(painter, at, style.marker, style.line, style.line, kMeanSide);
}

void ScatterPlot::paintNames(QPainter& painter) const
{
    const QRectF area = plotArea();
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(tokens().text2);
    painter.drawText(QRectF(area.left(), area.bottom() + 22, area.width(), 16), Qt::AlignCenter, m_xName);
    painter.drawText(QRectF(6, 4, area.width(), 16), Qt::AlignLeft | Qt::AlignVCenter, m_yName);
    painter.drawText(QRectF(area.left(), 4, area.width(), 16),
                     (m_goodness.xHigher ? Qt::AlignRight : Qt::AlignHCenter) | Qt::AlignVCenter,
                     m_goodness.xHigher ? tr("better ↗") : tr("↖ better"));
    painter.setFont(common::typeFont(common::Type::ChartStrong));
    QVector<QRectF> taken;
    for (const Cloud& cloud : m_clouds) {
        if (!cloud.mean) continue;
        const QPointF at = toPixel(*cloud.mean);
        const double width = painter.fontMetrics().horizontalAdvance(cloud.name);
        QRectF box(at.x() + 9, at.y() - 17, width + 4, 15);
        if (box.right() > area.right()) box.moveRight(at.x() - 9);
        // A name gives way upwards, at most over the whole plane.
        for (int step = 0; step < 12; ++step)
            for (const QRectF& other : std::as_const(taken))
                if (box.intersects(other)) box.moveBottom(other.top() - 1);
        taken.append(box);
        painter.fillRect(box, common::blended(tokens().surface, tokens().surface, 0.8));
        painter.setPen(tokens().seriesAt(cloud.style).label);
        painter.drawText(box, Qt::AlignCenter, cloud.name);
    }
}

void ScatterPlot::updateSummary()
{
    QStringList parts;
    for (const Cloud& cloud : std::as_const(m_clouds))
        if (cloud.mean)
            parts << tr("%1 at %2, %3")
                         .arg(cloud.name, common::numberText(cloud.mean->x(), 3),
                              common::numberText(cloud.mean->y(), 3));
    setSummary(parts.join(QStringLiteral("; ")));
}

QString ScatterPlot::pointAt(const QPointF& pixel) const
{
    QString nearest;
    double least = kHit;
    for (const Cloud& cloud : m_clouds)
        for (qsizetype i = 0; i < cloud.points.size(); ++i) {
            if (!finite(cloud.points[i])) continue;
            const QPointF away = toPixel(cloud.points[i]) - pixel;
            const double distance = std::hypot(away.x(), away.y());
            if (distance > least) continue;
            least = distance;
            nearest = cloud.labels.value(i, cloud.name);
        }
    return nearest;
}

bool ScatterPlot::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return PlotView::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    common::showTip(*help, pointAt(QPointF(help->pos())), this);
    return true;
}

} // namespace gradus::plot
