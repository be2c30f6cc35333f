// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/curve_thumbnail.h"

#include <QPainter>
#include <QPolygonF>

namespace gradus::editor {

namespace {

constexpr double kMargin = 5;
constexpr int kSamples = 65;

} // namespace

QPixmap curveThumbnail(const schedule::Curve& curve, const schedule::Extent& range, const QSize& size,
                       const QColor& colour, qreal pixelRatio)
{
    QPixmap pixmap(size * pixelRatio);
    pixmap.setDevicePixelRatio(pixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.25));
    const auto values = schedule::Evaluator(curve).sample(0, 1, kSamples);
    const double width = size.width() - 2 * kMargin;
    const double height = size.height() - 2 * kMargin;
    const double span = range.high - range.low;
    QPolygonF line;
    for (int i = 0; i < kSamples; ++i) {
        const double share = span > 0 ? (values[static_cast<std::size_t>(i)] - range.low) / span : 0.5;
        line << QPointF(kMargin + width * i / (kSamples - 1), kMargin + height * (1 - share));
    }
    painter.drawPolyline(line);
    return pixmap;
}

} // namespace gradus::editor
