// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/lane_plot.h"

#include "plot/plot_parts_p.h"
#include "plot/thin_line.h"

#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace gradus::plot {

LanePlot::LanePlot(common::ThemeController& theme, QWidget* parent) : PlotView(theme, parent)
{
    addPainted("bands", [this](QPainter& painter) { paintBack(painter); });
    addPainted("main", [this](QPainter& painter) { paintCurves(painter); });
    addPainted("marks", [this](QPainter& painter) { paintMarks(painter); });
    addPainted("overlay", [this](QPainter& painter) { paintOverlay(painter); });
    setMargins({48, 18, 12, 22});
    LanePlot::restyle();
}

LanePlot::~LanePlot() = default;

void LanePlot::setRange(double xLow, double xHigh, double yLow, double yHigh)
{
    plot()->xAxis->setRange(xLow, xHigh);
    plot()->yAxis->setRange(yLow, yHigh);
    scheduleReplot();
}

void LanePlot::setLogY(bool on, QVector<double> positions)
{
    plot()->yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    static_cast<FormatTicker*>(plot()->yAxis->ticker().data())->positions = std::move(positions);
}

void LanePlot::setXTicks(QVector<double> positions)
{
    static_cast<FormatTicker*>(plot()->xAxis->ticker().data())->positions = std::move(positions);
    scheduleReplot();
}

void LanePlot::setSeriesStyle(int style)
{
    m_style = style;
    scheduleReplot();
}

void LanePlot::setCurve(QVector<QPointF> samples)
{
    m_curve = std::move(samples);
    scheduleReplot();
}

void LanePlot::setGhosts(QVector<Ghost> ghosts)
{
    if (ghosts == m_ghosts) return;
    m_ghosts = std::move(ghosts);
    m_ghostPicture = {};
    scheduleReplot();
}

void LanePlot::setKeys(QVector<KeyMark> keys)
{
    m_keys = std::move(keys);
    replotOverlay();
}

void LanePlot::setHandles(QVector<HandleMark> handles)
{
    m_handles = std::move(handles);
    replotOverlay();
}

void LanePlot::setTaken(QVector<TakenMark> taken)
{
    m_taken = std::move(taken);
    scheduleReplot();
}

void LanePlot::setBubble(std::optional<QPointF> at, const QString& text)
{
    m_bubble = at;
    m_bubbleText = text;
    replotOverlay();
}

void LanePlot::setPlayhead(std::optional<double> x, const QString& tag)
{
    m_playhead = x;
    m_playheadTag = tag;
    replotOverlay();
}

void LanePlot::setGenerationStarts(QVector<double> starts)
{
    m_starts = std::move(starts);
    scheduleReplot();
}

void LanePlot::setRulerLabels(QVector<QString> labels)
{
    m_rulerLabels = std::move(labels);
    scheduleReplot();
}

void LanePlot::setSelectionBox(std::optional<QRectF> pixels)
{
    m_selectionBox = pixels;
    replotOverlay();
}

void LanePlot::setFlags(QVector<FlagMark> flags)
{
    m_flags = std::move(flags);
    replotOverlay();
}

void LanePlot::setWarnings(QVector<WarningMark> warnings)
{
    if (warnings == m_warnings) return;
    m_warnings = std::move(warnings);
    replotOverlay();
}

void LanePlot::setTransformBox(std::optional<QRectF> coordinates)
{
    m_transformBox = coordinates;
    replotOverlay();
}

void LanePlot::setMuted(bool muted, const QString& note)
{
    if (muted == m_muted && note == m_note) return;
    m_muted = muted;
    m_note = note;
    scheduleReplot();
}

void LanePlot::setClosed(std::optional<double> until)
{
    if (until == m_closed) return;
    m_closed = until;
    scheduleReplot();
}

void LanePlot::setFill(bool filled)
{
    m_filled = filled;
    scheduleReplot();
}

void LanePlot::prepare() {}

void LanePlot::restyle()
{
    PlotView::restyle();
}

bool LanePlot::isEmpty() const
{
    return m_curve.isEmpty();
}

QPolygonF LanePlot::pixels(const QVector<QPointF>& points) const
{
    QPolygonF out;
    out.reserve(points.size());
    for (const QPointF& point : points)
        out << toPixel(point);
    return out;
}

void LanePlot::paintBack(QPainter& painter) const
{
    const QRectF area = plotArea();
    if (m_closed) {
        const double end = std::clamp(toPixel({*m_closed, 0}).x(), area.left(), area.right());
        painter.fillRect(QRectF(area.topLeft(), QPointF(end, area.bottom())),
                         QBrush(tokens().border, Qt::BDiagPattern));
    }
    painter.setFont(common::typeFont(common::Type::Chart));
    for (qsizetype i = 0; i < m_starts.size(); ++i) {
        const double x = std::round(toPixel({m_starts[i], 0}).x()) + 0.5;
        if (x < area.left() - 1 || x > area.right() + 1) continue;
        painter.setPen(linePen(tokens().border));
        painter.drawLine(QPointF(x, area.top() - 14), QPointF(x, area.bottom()));
        painter.setPen(tokens().text2);
        const double next = i + 1 < m_starts.size() ? toPixel({m_starts[i + 1], 0}).x() : area.right();
        const QString text =
            QFontMetricsF(painter.font()).elidedText(m_rulerLabels.value(i), Qt::ElideRight, next - x - 8);
        painter.drawText(QPointF(x + 5, area.top() - 5), text);
    }
}

void LanePlot::paintCurves(QPainter& painter) const
{
    const QRectF area = plotArea();
    painter.save();
    painter.setClipRect(area.adjusted(-1, -1, 1, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = tokens().seriesAt(m_style).line;
    const QPolygonF line = pixels(m_curve);
    if (m_filled && !m_muted && line.size() > 1) {
        QColor under = colour;
        under.setAlphaF(0.14F);
        QPolygonF region = line;
        region << QPointF(line.last().x(), area.bottom()) << QPointF(line.first().x(), area.bottom());
        painter.setPen(Qt::NoPen);
        painter.setBrush(under);
        // The line smooths its upper edge; smoothing the fill too costs ten times as much.
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.drawPolygon(region);
        painter.setRenderHint(QPainter::Antialiasing);
    }
    painter.setBrush(Qt::NoBrush);
    paintGhosts(painter);
    painter.setPen(m_muted ? linePen(tokens().text3, {2, 3}) : linePen(colour));
    drawThinLine(painter, line);
    painter.restore();
}

void LanePlot::paintGhosts(QPainter& painter) const
{
    if (m_ghosts.isEmpty()) return;
    const auto* engine = painter.paintEngine();
    if (engine == nullptr || engine->type() != QPaintEngine::Raster) return drawGhosts(painter); // lines stay lines
    GhostPicture& kept = m_ghostPicture;
    const double ratio = painter.device()->devicePixelRatioF();
    const QVector<double> range{xLow(), xHigh(), yLow(), yHigh()};
    const QRgb colour = tokens().text2.rgba();
    if (kept.pixels.isNull() || kept.size != size() || kept.ratio != ratio || kept.range != range ||
        kept.colour != colour) {
        kept = {QPixmap(size() * ratio), size(), ratio, range, colour};
        kept.pixels.setDevicePixelRatio(ratio);
        kept.pixels.fill(Qt::transparent);
        QPainter own(&kept.pixels);
        own.setRenderHint(QPainter::Antialiasing);
        drawGhosts(own);
    }
    painter.drawPixmap(0, 0, kept.pixels);
}

void LanePlot::drawGhosts(QPainter& painter) const
{
    QColor faded = tokens().text2;
    faded.setAlphaF(0.75F);
    painter.setBrush(Qt::NoBrush);
    for (const Ghost& ghost : m_ghosts) {
        painter.setPen(linePen(faded, ghost.dotted ? QVector<qreal>{1, 3} : QVector<qreal>{6, 4}));
        painter.drawPolyline(pixels(ghost.points));
    }
}

void LanePlot::paintMarks(QPainter& painter) const
{
    const QRectF area = plotArea();
    const QColor colour = tokens().seriesAt(m_style).line;
    for (const TakenMark& taken : m_taken)
        paintMarker(painter, toPixel(taken.at), common::Marker::Square, colour, tokens().surface, 6);
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(tokens().text2);
    if (!m_note.isEmpty()) painter.drawText(area.adjusted(6, 4, -6, 0), Qt::AlignLeft | Qt::AlignTop, m_note);
    for (const Ghost& ghost : m_ghosts) {
        if (ghost.name.isEmpty() || ghost.points.isEmpty()) continue;
        const QPointF end = toPixel(ghost.points.last());
        const double y = std::clamp(end.y() + 15, area.top() + 12, area.bottom() - 4);
        painter.drawText(QRectF(area.left(), y - 12, area.width() - 6, 14), Qt::AlignRight, ghost.name);
    }
}

QVector<int> LanePlot::keysInside(const QRectF& box) const
{
    QVector<int> inside;
    for (qsizetype i = 0; i < m_keys.size(); ++i)
        if (box.normalized().contains(toPixel(m_keys[i].at))) inside.append(int(i));
    return inside;
}

} // namespace gradus::plot
