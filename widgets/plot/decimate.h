// SPDX-License-Identifier: GPL-3.0-or-later
// Thins points for drawing only: what a pixel column shows stays, what it cannot show goes.
#pragma once

#include "common/extremes.h"

#include <QPointF>
#include <QVector>

namespace gradus::plot {

/// The points of [first, last] and one neighbour at each side. Where there are more than two a column, each of the
/// columns keeps its minimum and its maximum in their order; a gap (NaN) inside a column keeps its place. points have
/// increasing x; columns >= 1. extremes: of all the points' y, or null; with it the cost is that of the columns, not of
/// the points.
QVector<QPointF> decimated(const QVector<QPointF>& points, double first, double last, int columns,
                           const common::Extremes* extremes = nullptr);

} // namespace gradus::plot
