// SPDX-License-Identifier: GPL-3.0-or-later
// The markers of the series cycle, as charts and legends draw them.
#pragma once

#include "common/tokens.h"

class QPainter;
class QPointF;

namespace gradus::plot {

/// One marker of the cycle, centred; side in pixels.
void paintMarker(QPainter& painter, const QPointF& centre, common::Marker marker, const QColor& line,
                 const QColor& fill, double side = 7);

} // namespace gradus::plot
