// SPDX-License-Identifier: GPL-3.0-or-later
// One card of Compare's Charts: a series of all groups over each other, and below it how many runs each mean is over;
// or, where no run has it more than once, a row a group.
#pragma once

#include "common/theme.h"
#include "plot/forest_plot.h"
#include "plot/time_plot.h"
#include "viewmodels/compare_curves.h"

#include <QFrame>

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class LegendRow;

/// What the curves' groups are called and look like.
struct GroupLook
{
    QString name;
    int style = 0;
};

/// Draws what it is given; the page keeps x and crosshair of all cards together through `link`.
class CurveCard final : public QFrame
{
    Q_OBJECT
public:
    CurveCard(common::ThemeController& theme, plot::TimeLink& link, QWidget* parent = nullptr);

    void setCurves(const viewmodels::SeriesCurves& curves, const viewmodels::ComparedCurves& all,
                   const viewmodels::CurveOptions& options, const QVector<GroupLook>& looks);
    void setCursor(std::optional<double> x); ///< values in the head; none: those at each curve's end
    const viewmodels::SeriesCurves& curves() const { return m_curves; }
    plot::TimePlot* chart() const { return m_chart; }
    plot::TimePlot* counts() const { return m_counts; }
    plot::ForestPlot* once() const { return m_once; } ///< in the place of both where it is not hidden
    LegendRow* values() const { return m_values; }

Q_SIGNALS:
    /// A click on the chart: this point of the screen, this point of the chart.
    void momentRequested(const QPoint& at, const QPointF& point);

private:
    void drawCurves(const viewmodels::CurveOptions& options);
    void fitY();
    void drawCounts();
    void drawOnce(const viewmodels::ComparedCurves& all, const viewmodels::CurveOptions& options);

    common::ThemeController& m_theme;
    common::CardFrame* m_frame;
    LegendRow* m_values;
    plot::TimePlot* m_chart;
    plot::TimePlot* m_counts;
    plot::ForestPlot* m_once;
    viewmodels::SeriesCurves m_curves;
    QVector<GroupLook> m_looks;
    int m_decimals = 3;
};

/// What x says under a chart.
QString alignedText(double x, viewmodels::Alignment alignment);

} // namespace gradus::pages
