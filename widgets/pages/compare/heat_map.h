// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep's grid painted: flat accent by value, the figure and n in every cell.
#pragma once

#include "common/theme.h"
#include "viewmodels/sweep_grid.h"

#include <QWidget>

namespace gradus::pages {

class HeatMap final : public QWidget
{
    Q_OBJECT
public:
    explicit HeatMap(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setGrid(const viewmodels::SweepGrid& grid, const QString& rowKey, const QString& columnKey,
                 const compare::FinalMetric& metric);
    const viewmodels::SweepGrid& grid() const { return m_grid; }
    void paintOn(QPainter& painter) const; ///< at its own size, with its corner at the origin
    QSize sizeHint() const override { return {360, 240}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintCell(QPainter& painter, const viewmodels::GridCell& cell, const QRectF& box, double low,
                   double high) const;
    QRectF cellAt(int row, int column) const;
    double labelWidth() const;

    const common::ThemeController& m_theme;
    viewmodels::SweepGrid m_grid;
    QString m_rowKey, m_columnKey;
    compare::FinalMetric m_metric{};
};

} // namespace gradus::pages
