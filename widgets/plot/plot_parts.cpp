// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/plot_parts_p.h"

#include "common/number_text.h"

#include <algorithm>
#include <cmath>

namespace gradus::plot {

namespace {

QPolygonF outlineOf(common::Marker marker, const QPointF& c, double r)
{
    switch (marker) {
    case common::Marker::UpTriangle:
        return {c + QPointF(0, -r), c + QPointF(r, r * 0.8), c + QPointF(-r, r * 0.8)};
    case common::Marker::DownTriangle:
        return {c + QPointF(0, r), c + QPointF(r, -r * 0.8), c + QPointF(-r, -r * 0.8)};
    case common::Marker::Diamond:
        return {c + QPointF(0, -r), c + QPointF(r, 0), c + QPointF(0, r), c + QPointF(-r, 0)};
    default:
        return {};
    }
}

} // namespace

void paintMarker(QPainter& painter, const QPointF& centre, common::Marker marker, const QColor& line,
                 const QColor& fill, double side)
{
    const double r = side / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(line, 1.25));
    painter.setBrush(fill);
    switch (marker) {
    case common::Marker::Disc:
        painter.drawEllipse(centre, r, r);
        break;
    case common::Marker::Ring:
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(centre, r, r);
        break;
    case common::Marker::Square:
        painter.drawRect(QRectF(centre - QPointF(r, r), centre + QPointF(r, r)));
        break;
    case common::Marker::Plus:
        painter.drawLine(centre - QPointF(r, 0), centre + QPointF(r, 0));
        painter.drawLine(centre - QPointF(0, r), centre + QPointF(0, r));
        break;
    case common::Marker::Cross:
        painter.drawLine(centre - QPointF(r, r) * 0.8, centre + QPointF(r, r) * 0.8);
        painter.drawLine(centre - QPointF(r, -r) * 0.8, centre + QPointF(r, -r) * 0.8);
        break;
    default:
        painter.drawPolygon(outlineOf(marker, centre, r + 0.5));
    }
    painter.restore();
}

double FormatTicker::getTickStep(const QCPRange& range)
{
    const double wished = range.size() / std::max(1, tickCount());
    const double power = std::pow(10, std::floor(std::log10(wished)));
    const double mantissa = wished / power;
    m_step = power * (mantissa < 1.4 ? 1 : mantissa < 3.2 ? 2 : mantissa < 7.1 ? 5 : 10);
    return m_step;
}

QString FormatTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    if (formatter) return formatter(tick);
    const int decimals = int(std::clamp(-std::floor(std::log10(m_step) + 1e-9), 0.0, 12.0));
    return common::numberText(tick, decimals);
}

QVector<double> FormatTicker::createTickVector(double step, const QCPRange& range)
{
    return positions.isEmpty() ? QCPAxisTicker::createTickVector(step, range) : positions;
}

QPen linePen(const QColor& colour, const QVector<qreal>& dash)
{
    QPen pen(colour, 1.0);
    pen.setCapStyle(Qt::FlatCap);
    if (!dash.isEmpty()) pen.setDashPattern(dash);
    return pen;
}

void paintEndLabels(QPainter& painter, QVector<EndLabel> labels, double x, const QRectF& area)
{
    constexpr double kHeight = 13;
    std::sort(labels.begin(), labels.end(), [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
    for (qsizetype i = 1; i < labels.size(); ++i)
        labels[i].y = std::max(labels[i].y, labels[i - 1].y + kHeight);
    double floor = area.bottom() - kHeight / 2 + 4;
    for (qsizetype i = labels.size() - 1; i >= 0; --i) {
        labels[i].y = std::min(labels[i].y, floor);
        floor = labels[i].y - kHeight;
    }
    painter.setFont(common::typeFont(common::Type::Chart));
    for (const EndLabel& label : labels) {
        painter.setPen(label.colour);
        painter.drawText(QRectF(x, label.y - kHeight / 2, 400, kHeight), Qt::AlignLeft | Qt::AlignVCenter, label.text);
    }
}

void paintTag(QPainter& painter, const QPointF& at, const QString& text, const QColor& fill, const QColor& ink,
              const QRectF& bounds, const QColor& frame)
{
    painter.save();
    painter.setFont(common::numericFont(common::Type::ChartStrong));
    const QFontMetricsF metrics(painter.font());
    QRectF box(0, 0, metrics.horizontalAdvance(text) + 12, 18);
    box.moveCenter(at);
    box.moveLeft(std::clamp(box.left(), bounds.left(), std::max(bounds.left(), bounds.right() - box.width())));
    box.moveTop(std::clamp(box.top(), bounds.top(), std::max(bounds.top(), bounds.bottom() - box.height())));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(frame.isValid() ? QPen(frame, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill);
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, text);
    painter.restore();
}

} // namespace gradus::plot
