// SPDX-License-Identifier: GPL-3.0-or-later
// One figure of several groups, a row each: the runs, their centre and its interval on one scale.
#pragma once

#include "plot/plot_view.h"

#include <QString>
#include <QVector>

#include <limits>
#include <optional>

namespace gradus::plot {

struct ForestRow
{
    QString name;
    int style = 0;               ///< place in the colour cycle
    QVector<double> points = {}; ///< one a run: small hollow markers
    double centre = std::numeric_limits<double>::quiet_NaN();
    double low = std::numeric_limits<double>::quiet_NaN(); ///< of the interval; NaN: none
    double high = low;
};

class ForestPlot final : public PlotView
{
    Q_OBJECT
public:
    explicit ForestPlot(common::ThemeController& theme, QWidget* parent = nullptr);
    ~ForestPlot() override;

    /// decimals: of the values that stand at the right.
    void setRows(QVector<ForestRow> rows, int decimals);
    const QVector<ForestRow>& rows() const { return m_rows; }
    /// The dashed line that all rows are held against; none without one.
    void setReference(std::optional<double> value);
    int heightWanted() const; ///< pixels, so that no two rows touch
    std::optional<int> rowAt(const QPointF& pixel) const;

Q_SIGNALS:
    void clicked(int row, double value); ///< in the plot area

protected:
    void prepare() override;
    bool isEmpty() const override;
    bool event(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void paintRows(QPainter& painter) const;
    void paintNames(QPainter& painter) const;
    void fitMargins();
    QString tipOf(const ForestRow& row) const;
    double rowY(qsizetype row) const; ///< pixels

    QVector<ForestRow> m_rows;
    std::optional<double> m_reference;
    int m_decimals = 3;
};

} // namespace gradus::plot
