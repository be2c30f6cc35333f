// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/marker_sample.h"

#include "plot/marker.h"

#include <QPainter>

namespace gradus::pages {

void paintStyleMarker(QPainter& painter, const QRectF& box, const common::Tokens& tokens, int style)
{
    const common::SeriesStyle& look = tokens.seriesAt(style);
    plot::paintMarker(painter, box.center(), look.marker, look.line,
                      style >= common::kSeriesCount ? tokens.surface : look.line, 7);
}

void paintSample(QPainter& painter, const QRectF& box, const common::Tokens& tokens, int style)
{
    const common::SeriesStyle& look = tokens.seriesAt(style);
    QColor band = look.line;
    band.setAlphaF(0.14F);
    painter.fillRect(QRectF(box.left(), box.center().y() - 5, box.width(), 10), band);
    QPen pen(look.line, 1);
    if (!look.dash.isEmpty()) pen.setDashPattern(look.dash);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()));
    paintStyleMarker(painter, box, tokens, style);
}

} // namespace gradus::pages
