// SPDX-License-Identifier: GPL-3.0-or-later
// A line of many points, one pixel wide, as cheaply as the raster engine draws it.
#pragma once

class QPainter;
class QPolygonF;

namespace gradus::plot {

/// Draws with the painter's pen, which must be opaque. On a screen with more pixels than units (scale 1.25 or 2) a
/// polyline goes through the stroker, which joins its points at ten times the cost of single lines: there it is single
/// lines. Vector formats and scale 1 get one polyline; a dashed pen always does.
void drawThinLine(QPainter& painter, const QPolygonF& points);

} // namespace gradus::plot
