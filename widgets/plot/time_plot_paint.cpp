// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/time_plot_p.h"

#include <QPainter>

#include <cmath>
#include <vector>

namespace gradus::plot {

namespace {

constexpr double kMergePixels = 8;
/// From the middle of a mark to what stands beside it, pixels.
constexpr double kMarkReach = 5;
constexpr qsizetype kMostMarkers = 2000; ///< of a series; more are drawn as squares
constexpr double kLeastBand = 5;         ///< of stages 2 and 3, pixels
constexpr double kCrowdSquare = 2;       ///< side, pixels

common::Marker shapeOf(Mark mark)
{
    switch (mark) {
    case Mark::Checkpoint:
        return common::Marker::Diamond;
    case Mark::ScheduleEdit:
        return common::Marker::Square;
    case Mark::Alert:
        return common::Marker::UpTriangle;
    case Mark::Evaluation:
        return common::Marker::Ring;
    }
    return common::Marker::Disc;
}

QColor colourOfMark(Mark mark, const common::Tokens& tokens)
{
    if (mark == Mark::Alert) return tokens.danger;
    return mark == Mark::ScheduleEdit ? tokens.seriesAt(0).line : tokens.text2;
}

} // namespace

QColor lineColour(const Series& series, const common::Tokens& tokens)
{
    if (series.tone == Tone::Neutral) return tokens.text2;
    if (series.tone == Tone::Danger) return tokens.danger;
    return tokens.seriesAt(series.style).line;
}

QColor TimePlotPainter::colourOf(const Series& series) const
{
    return lineColour(series, m_tokens);
}

double TimePlotPainter::yPixel(const Series& series, double y) const
{
    if (!series.rightAxis) return m_chart.toPixel({0, y}).y();
    return m_chart.plot()->yAxis2->coordToPixel(y);
}

void TimePlotPainter::paintBands(QPainter& painter) const
{
    for (const StageSpan& span : m_chart.m_stages) {
        double left = xPixel(span.first);
        double right = xPixel(span.last);
        // A stage that takes no step is there all the same: 2 stands before its place and 3 behind it.
        const bool isNarrow = span.stage != Stage::Competence && right - left < kLeastBand;
        if (isNarrow && span.stage == Stage::Discovery) left = right - kLeastBand;
        if (isNarrow && span.stage == Stage::Alignment) right = left + kLeastBand;
        left = std::max(left, m_area.left());
        right = std::min(right, m_area.right());
        if (right <= left) continue;
        QColor fill = span.stage == Stage::Competence  ? m_tokens.accentWeak
                      : span.stage == Stage::Discovery ? m_tokens.warnWeak
                                                       : m_tokens.okWeak;
        fill.setAlphaF(span.stage == Stage::Competence ? 0.25F : 0.60F);
        const QRectF box(left, m_area.top(), right - left, m_area.height());
        painter.fillRect(box, fill);
        if (span.future || isNarrow) {
            QColor hatch = m_tokens.text2;
            hatch.setAlphaF(0.35F);
            painter.fillRect(box, QBrush(hatch, isNarrow ? Qt::Dense6Pattern : Qt::BDiagPattern));
        }
    }
}

void TimePlotPainter::paintEventLines(QPainter& painter) const
{
    for (const GenerationLabel& generation : m_chart.m_generations) {
        const double x = std::round(xPixel(generation.x)) + 0.5;
        if (x <= m_area.left() + 1 || x > m_area.right()) continue;
        painter.setPen(linePen(m_tokens.border));
        painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
    }
    for (const EventMark& event : m_chart.m_events) {
        if (event.mark == Mark::Evaluation) continue; // its marker is on the line already
        const double x = std::round(xPixel(event.x)) + 0.5;
        if (x < m_area.left() || x > m_area.right()) continue;
        const bool alert = event.mark == Mark::Alert;
        painter.setPen(linePen(colourOfMark(event.mark, m_tokens), alert ? QVector<qreal>{} : QVector<qreal>{2, 3}));
        painter.setOpacity(alert ? 0.9 : 0.55);
        painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
        painter.setOpacity(1);
    }
}

QVector<TimePlotPainter::EventGroup> TimePlotPainter::eventGroups() const
{
    const QFontMetricsF metrics(common::numericFont(common::Type::Chart));
    QVector<EventGroup> groups;
    for (const EventMark& event : m_chart.m_events) {
        if (event.mark == Mark::Evaluation) continue;
        const double x = xPixel(event.x);
        if (x < m_area.left() - 1 || x > m_area.right() + 1) continue;
        if (groups.isEmpty() || x - groups.last().x >= kMergePixels) {
            groups.append({x, event.mark, 1, x + kMarkReach});
            continue;
        }
        EventGroup& group = groups.last();
        group.right = group.x + kMarkReach + metrics.horizontalAdvance(QString::number(++group.count));
    }
    return groups;
}

void TimePlotPainter::paintEventMarks(QPainter& painter, const QVector<EventGroup>& groups) const
{
    const double y = m_area.top() - 9;
    painter.setFont(common::numericFont(common::Type::Chart));
    for (const EventGroup& group : groups) {
        const QColor colour = colourOfMark(group.mark, m_tokens);
        paintMarker(painter, {group.x, y}, shapeOf(group.mark), colour, colour, 7);
        if (group.count == 1) continue;
        painter.setPen(m_tokens.text2);
        painter.drawText(QRectF(group.x + kMarkReach, y - 7, 20, 14), Qt::AlignLeft | Qt::AlignVCenter,
                         QString::number(group.count));
    }
}

void TimePlotPainter::paintGenerationLabels(QPainter& painter, const QVector<EventGroup>& groups) const
{
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(m_tokens.text2);
    const QFontMetricsF metrics(painter.font());
    double labelEnd = -1e9;
    for (const GenerationLabel& generation : m_chart.m_generations) {
        double x = std::max(xPixel(generation.x), m_area.left()) + 2;
        const double width = metrics.horizontalAdvance(generation.text);
        // Marks at the generation's beginning, with their count, go before its name.
        for (const EventGroup& group : groups)
            if (group.x - kMarkReach < x + width && group.right + 3 > x) x = group.right + 3;
        if (x > m_area.right() - 6 || x < labelEnd + 6) continue;
        painter.drawText(QPointF(x, m_area.top() - 5), generation.text);
        labelEnd = x + width;
    }
}

void TimePlotPainter::paintLimits(QPainter& painter) const
{
    for (const Limit& limit : m_chart.m_limits) {
        const double y = std::round(m_chart.toPixel({0, limit.y}).y()) + 0.5;
        if (y < m_area.top() || y > m_area.bottom()) continue;
        painter.setPen(linePen(m_tokens.danger, {4, 3}));
        painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
        painter.setFont(common::typeFont(common::Type::Chart));
        painter.setPen(m_tokens.danger);
        painter.drawText(QRectF(m_area.left() + 6, y - 15, m_area.width() - 12, 14), Qt::AlignLeft, limit.name);
    }
}

void TimePlotPainter::paintMarkers(QPainter& painter, const Series& series) const
{
    if (!series.markers && series.draw != Draw::Points) return;
    const QColor colour = colourOf(series);
    if (series.points.size() > kMostMarkers) return paintCrowd(painter, series, colour);
    for (const QPointF& point : series.points) {
        if (!std::isfinite(point.y())) continue;
        const QPointF at(xPixel(point.x()), yPixel(series, point.y()));
        if (at.x() < m_area.left() - 1 || at.x() > m_area.right() + 1) continue;
        paintMarker(painter, at, m_tokens.seriesAt(series.style).marker, colour,
                    series.hollow ? m_tokens.surface : colour, 5);
    }
}

/// Every point is on the picture, however many there are: a square where there is one or a thousand of them.
void TimePlotPainter::paintCrowd(QPainter& painter, const Series& series, const QColor& colour) const
{
    const int across = static_cast<int>(m_area.width() / kCrowdSquare) + 1;
    const int down = static_cast<int>(m_area.height() / kCrowdSquare) + 1;
    std::vector<bool> taken(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
    QVector<QRectF> squares;
    for (const QPointF& point : series.points) {
        if (!std::isfinite(point.y())) continue;
        const QPointF at = QPointF(xPixel(point.x()), yPixel(series, point.y())) - m_area.topLeft();
        const double column = std::floor(at.x() / kCrowdSquare);
        const double row = std::floor(at.y() / kCrowdSquare);
        if (!(column >= 0 && column < across && row >= 0 && row < down)) continue;
        const auto cell = static_cast<std::size_t>(row * across + column);
        if (taken[cell]) continue;
        taken[cell] = true;
        squares.append({m_area.topLeft() + QPointF(column, row) * kCrowdSquare, QSizeF(kCrowdSquare, kCrowdSquare)});
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRects(squares);
    painter.restore();
}

void TimePlotPainter::paintSeriesEnds(QPainter& painter) const
{
    QVector<EndLabel> labels;
    for (const Series& series : m_chart.m_series) {
        paintMarkers(painter, series);
        if (series.endLabel.isEmpty()) continue;
        for (auto point = series.points.crbegin(); point != series.points.crend(); ++point) {
            if (!std::isfinite(point->y())) continue;
            const QColor colour =
                series.tone == Tone::Series ? m_tokens.seriesAt(series.style).label : colourOf(series);
            labels.append({yPixel(series, point->y()), series.endLabel, colour});
            break;
        }
    }
    paintEndLabels(painter, labels, m_area.right() + 7, m_area);
}

void TimePlotPainter::paintMarks(QPainter& painter) const
{
    const QVector<EventGroup> groups = eventGroups();
    paintGenerationLabels(painter, groups);
    if (!m_chart.m_unit.isEmpty())
        painter.drawText(QRectF(0, m_area.top() - 17, m_area.left() - 6, 14), Qt::AlignRight, m_chart.m_unit);
    paintEventMarks(painter, groups);
    painter.save();
    painter.setClipRect(m_area.adjusted(-4, -4, 400, 4));
    paintLimits(painter);
    paintSeriesEnds(painter);
    painter.restore();
    if (m_chart.m_now) {
        const double x = std::round(xPixel(*m_chart.m_now)) + 0.5;
        if (x >= m_area.left() && x <= m_area.right()) {
            painter.setPen(linePen(m_tokens.text2));
            painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
        }
    }
}

void TimePlotPainter::paintCrosshair(QPainter& painter) const
{
    if (m_chart.m_dragFrom && m_chart.m_dragTo) {
        QColor fill = m_tokens.accent;
        fill.setAlphaF(0.14F);
        const double from = xPixel(*m_chart.m_dragFrom);
        const double to = xPixel(*m_chart.m_dragTo);
        painter.fillRect(QRectF(std::min(from, to), m_area.top(), std::abs(to - from), m_area.height()), fill);
    }
    if (!m_chart.m_crosshair) return;
    const double x = std::round(xPixel(*m_chart.m_crosshair)) + 0.5;
    if (x < m_area.left() - 1 || x > m_area.right() + 1) return;
    QColor line = m_tokens.text;
    line.setAlphaF(0.75F);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(linePen(line));
    painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(m_area.adjusted(-4, -4, 4, 4));
    for (const Series& series : m_chart.m_series) {
        if (series.draw == Draw::Raw) continue;
        const auto value = valueAt(series, *m_chart.m_crosshair);
        if (!value || !std::isfinite(*value)) continue;
        painter.setPen(QPen(m_tokens.surface, 1));
        painter.setBrush(colourOf(series));
        painter.drawEllipse(QPointF(x, yPixel(series, *value)), 3, 3);
    }
    painter.restore();
    const FormatTicker* ticker = static_cast<const FormatTicker*>(m_chart.plot()->xAxis->ticker().data());
    const double value = *m_chart.m_crosshair;
    paintTag(painter, {x, m_area.bottom() + 10}, ticker->formatter ? ticker->formatter(value) : QString::number(value),
             m_tokens.text, m_tokens.surface, QRectF(m_chart.rect()));
}

} // namespace gradus::plot
