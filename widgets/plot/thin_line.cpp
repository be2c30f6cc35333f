// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/thin_line.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPolygonF>
#include <QVector>

namespace gradus::plot {

void drawThinLine(QPainter& painter, const QPolygonF& points)
{
    const auto* engine = painter.paintEngine();
    const bool isRaster = engine != nullptr && engine->type() == QPaintEngine::Raster;
    const bool isPlain = painter.pen().style() == Qt::SolidLine && painter.pen().color().alpha() == 255;
    if (!isRaster || !isPlain || painter.device()->devicePixelRatioF() <= 1) {
        painter.drawPolyline(points);
        return;
    }
    QVector<QLineF> lines;
    lines.reserve(points.size());
    for (qsizetype i = 1; i < points.size(); ++i)
        lines.append(QLineF(points[i - 1], points[i]));
    const QPen before = painter.pen();
    QPen square = before;
    square.setCapStyle(Qt::SquareCap); // closes the corners that a join would
    painter.setPen(square);
    painter.drawLines(lines);
    painter.setPen(before);
}

} // namespace gradus::plot
