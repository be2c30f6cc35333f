// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep as a grid: one key down, one across, a final figure in each cell; and the plane's clouds of two figures.
#pragma once

#include "compare/final_metrics.h"
#include "viewmodels/comparison.h"

#include <QPointF>
#include <QString>
#include <QStringList>
#include <QVector>

#include <optional>

namespace gradus::viewmodels {

struct GridCell
{
    std::optional<double> mean; ///< over all runs of the cell; none: no run has the figure
    int runs = 0;
};

struct SweepGrid
{
    QStringList rows, columns; ///< values of the two keys, numbers in numeric order
    QVector<GridCell> cells;   ///< row-major
    const GridCell& at(int row, int column) const { return cells[row * columns.size() + column]; }
};

/// What a grid of these groups can run over: "group" (what the legend calls it), the keys that differ, "seed".
QStringList gridKeys(const ComparedData& data);
/// Runs whose configuration cannot be read are left out.
SweepGrid sweepGrid(const ComparedData& data, const QString& rowKey, const QString& columnKey,
                    const compare::FinalMetric& metric);

/// One group's runs in the plane of two final figures, its mean with half intervals, its means generation by
/// generation (only figures that generations have).
struct PlaneGroup
{
    QVector<QPointF> points;
    QVector<std::int64_t> seeds; ///< of the points
    std::optional<QPointF> mean;
    QPointF half;
    QVector<QPointF> path;
};
QVector<PlaneGroup> planeOf(const ComparedData& data, const compare::FinalMetric& x, const compare::FinalMetric& y);

} // namespace gradus::viewmodels
