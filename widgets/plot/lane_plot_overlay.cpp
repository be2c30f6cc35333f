// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over a lane's curve and moves with the pointer, and what is under a pixel.
#include "plot/lane_plot.h"

#include "plot/plot_parts_p.h"

#include <QLineF>
#include <QPaintEngine>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace gradus::plot {

namespace {

constexpr int kStamp = 16;        ///< pixels; room for the largest key
constexpr double kFlagHeight = 9; ///< pixels
constexpr double kFlagWidth = 8;
constexpr double kWarningSize = 12;
constexpr double kWarningAbove = 14; ///< of the place it speaks of
constexpr double kWarningApart = 40; ///< in x, from the one before
constexpr double kBoxReach = 6;      ///< pixels around a handle of the transform box
constexpr double kBoxAround = 14;

common::Marker shapeOf(KeyShape shape)
{
    switch (shape) {
    case KeyShape::Circle:
        return common::Marker::Disc;
    case KeyShape::Diamond:
        return common::Marker::Diamond;
    case KeyShape::Square:
        return common::Marker::Square;
    }
    return common::Marker::Disc;
}

double distance(const QPointF& a, const QPointF& b)
{
    return QLineF(a, b).length();
}

QPointF nearestOnSegment(const QPointF& from, const QPointF& to, const QPointF& point)
{
    const QPointF along = to - from;
    const double square = QPointF::dotProduct(along, along);
    if (square == 0) return from;
    return from + along * std::clamp(QPointF::dotProduct(point - from, along) / square, 0.0, 1.0);
}

} // namespace

void LanePlot::paintOverlay(QPainter& painter) const
{
    const QRectF area = plotArea();
    const common::Tokens& t = tokens();
    if (m_playhead) {
        const double x = std::round(toPixel({*m_playhead, 0}).x()) + 0.5;
        if (x >= area.left() - 1 && x <= area.right() + 1) {
            painter.setPen(linePen(t.accent));
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
            if (!m_playheadTag.isEmpty())
                paintTag(painter, {x, area.bottom() + 11}, m_playheadTag, t.accent, t.onAccent, QRectF(rect()));
        }
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    paintFlags(painter);
    for (const HandleMark& handle : m_handles) {
        painter.setPen(linePen(t.text2));
        painter.drawLine(toPixel(handle.key), toPixel(handle.at));
        paintMarker(painter, toPixel(handle.at), common::Marker::Disc, t.text2, t.surface, 6);
    }
    paintKeys(painter);
    paintWarnings(painter);
    painter.restore();
    paintBoxes(painter);
    paintBubble(painter);
}

/// A lane may have hundreds of keys of a few looks: each look is drawn once and stamped, to the nearest device pixel.
void LanePlot::paintKeys(QPainter& painter) const
{
    const common::Tokens& t = tokens();
    const auto* engine = painter.paintEngine();
    const bool stamps = engine != nullptr && engine->type() == QPaintEngine::Raster;
    const double ratio = stamps ? painter.device()->devicePixelRatioF() : 1;
    std::map<std::tuple<KeyShape, bool, bool>, QPixmap> looks;
    for (const KeyMark& key : m_keys) {
        const auto draw = [&](QPainter& on, const QPointF& centre) {
            const QColor line = key.selected ? t.accent : t.seriesAt(m_style).line;
            const QColor fill = key.selected ? t.accent : key.hovered ? t.accentWeak : t.surface;
            paintMarker(on, centre, shapeOf(key.shape), line, fill, key.hovered || key.selected ? 9 : 7);
        };
        const QPointF at = toPixel(key.at);
        if (!stamps) {
            draw(painter, at);
            continue;
        }
        QPixmap& look = looks[{key.shape, key.selected, key.hovered}];
        if (look.isNull()) {
            look = QPixmap(QSize(kStamp, kStamp) * ratio);
            look.setDevicePixelRatio(ratio);
            look.fill(Qt::transparent);
            QPainter own(&look);
            draw(own, {kStamp / 2.0, kStamp / 2.0});
        }
        const QPointF corner = (at - QPointF(kStamp / 2.0, kStamp / 2.0)) * ratio;
        painter.drawPixmap(QPointF(std::round(corner.x()), std::round(corner.y())) / ratio, look);
    }
}

void LanePlot::paintBoxes(QPainter& painter) const
{
    const common::Tokens& t = tokens();
    if (m_selectionBox) {
        QColor fill = t.accent;
        fill.setAlphaF(0.14F);
        painter.setPen(linePen(t.accent));
        painter.setBrush(fill);
        painter.drawRect(m_selectionBox->normalized());
    }
    if (!m_transformBox) return;
    painter.setPen(linePen(t.accent, {3, 3}));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(boxPixels());
    for (int i = 0; i < 8; ++i)
        paintMarker(painter, boxHandle(i), common::Marker::Square, t.accent, t.surface, 6);
}

QRectF LanePlot::boxPixels() const
{
    const QRectF box(toPixel(m_transformBox->topLeft()), toPixel(m_transformBox->bottomRight()));
    return box.normalized().adjusted(-kBoxAround, -kBoxAround, kBoxAround, kBoxAround);
}

/// Clockwise from the left top.
QPointF LanePlot::boxHandle(int index) const
{
    const QRectF box = boxPixels();
    constexpr double kAcross[] = {0, 0.5, 1, 1, 1, 0.5, 0, 0};
    constexpr double kDown[] = {0, 0, 0, 0.5, 1, 1, 1, 0.5};
    return {box.left() + kAcross[index] * box.width(), box.top() + kDown[index] * box.height()};
}

void LanePlot::paintFlags(QPainter& painter) const
{
    const QRectF area = plotArea();
    painter.setFont(common::typeFont(common::Type::Chart));
    const QFontMetricsF metrics(painter.font());
    for (qsizetype i = 0; i < m_flags.size(); ++i) {
        const double x = std::round(toPixel({m_flags[i].x, 0}).x()) + 0.5;
        if (x < area.left() - 1 || x > area.right() + 1) continue;
        painter.setPen(linePen(tokens().text2, {1, 3}));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        const double top = area.top() + 2;
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens().text2);
        painter.drawPolygon(QPolygonF{{x, top}, {x + kFlagWidth, top + kFlagHeight / 2}, {x, top + kFlagHeight}});
        const double next = i + 1 < m_flags.size() ? toPixel({m_flags[i + 1].x, 0}).x() : area.right();
        painter.setPen(tokens().text2);
        painter.drawText(QPointF(x + kFlagWidth + 4, top + kFlagHeight),
                         metrics.elidedText(m_flags[i].name, Qt::ElideRight, next - x - kFlagWidth - 8));
    }
}

QPointF LanePlot::warningPixel(const WarningMark& warning) const
{
    const QRectF area = plotArea();
    const QPointF at = toPixel(warning.at) - QPointF(0, kWarningAbove);
    return {std::clamp(at.x(), area.left(), area.right()),
            std::clamp(at.y(), area.top() + kWarningSize / 2, area.bottom() - kWarningSize / 2)};
}

/// A triangle with a dot: a shape, not a colour alone. Of many side by side as many are drawn as have room.
void LanePlot::paintWarnings(QPainter& painter) const
{
    double last = -1e9;
    for (const WarningMark& warning : m_warnings) {
        const QPointF at = warningPixel(warning);
        if (std::abs(at.x() - last) < kWarningApart) continue;
        last = at.x();
        const double half = kWarningSize / 2;
        const QColor colour = warning.danger ? tokens().danger : tokens().warn;
        painter.setPen(linePen(colour));
        painter.setBrush(tokens().surface);
        painter.drawPolygon(
            QPolygonF{at + QPointF(0, -half), at + QPointF(half, half - 1), at + QPointF(-half, half - 1)});
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRect(QRectF(at.x() - 0.75, at.y() - 1.5, 1.5, 3));
        painter.drawRect(QRectF(at.x() - 0.75, at.y() + 2.5, 1.5, 1.5));
    }
}

void LanePlot::paintBubble(QPainter& painter) const
{
    if (!m_bubble) return;
    const QPointF at = toPixel(*m_bubble);
    const bool above = at.y() - 30 > plotArea().top() - 12;
    paintTag(painter, at + QPointF(0, above ? -20 : 20), m_bubbleText, tokens().accent, tokens().onAccent,
             QRectF(rect()));
}

Hit LanePlot::hitTest(const QPointF& pixel, double radius) const
{
    Hit best;
    double nearest = radius;
    const auto offer = [&](HitKind kind, qsizetype index, const QPointF& coordinate) {
        const double away = distance(toPixel(coordinate), pixel);
        if (away > nearest) return;
        nearest = away;
        best = {kind, int(index), coordinate};
    };
    for (qsizetype i = 0; i < m_handles.size(); ++i)
        offer(HitKind::Handle, i, m_handles[i].at);
    if (best.kind != HitKind::Nothing) return best;
    for (qsizetype i = 0; i < m_keys.size(); ++i)
        offer(HitKind::Key, i, m_keys[i].at);
    if (best.kind != HitKind::Nothing) return best;
    // The flag itself, not its line, which runs through keys and curve.
    const double top = plotArea().top();
    for (qsizetype i = 0; i < m_flags.size(); ++i) {
        const double x = toPixel({m_flags[i].x, 0}).x();
        if (QRectF(x - 3, top - 2, kFlagWidth + 6, kFlagHeight + 6).contains(pixel))
            return {HitKind::Flag, int(i), {m_flags[i].x, yHigh()}};
    }
    if (m_transformBox)
        for (int i = 0; i < 8; ++i)
            if (distance(boxHandle(i), pixel) <= kBoxReach) return {HitKind::Box, i, toCoordinate(boxHandle(i))};
    const QPolygonF line = pixels(m_curve);
    for (qsizetype i = 1; i < line.size(); ++i) {
        const QPointF on = nearestOnSegment(line[i - 1], line[i], pixel);
        if (distance(on, pixel) > nearest) continue;
        nearest = distance(on, pixel);
        best = {HitKind::Curve, int(i - 1), toCoordinate(on)};
    }
    if (best.kind != HitKind::Nothing) return best;
    if (m_playhead && std::abs(toPixel({*m_playhead, 0}).x() - pixel.x()) <= radius / 2)
        return {HitKind::Playhead, 0, {*m_playhead, toCoordinate(pixel).y()}};
    if (m_transformBox && boxPixels().contains(pixel)) return {HitKind::BoxInside, -1, toCoordinate(pixel)};
    return best;
}

} // namespace gradus::plot
