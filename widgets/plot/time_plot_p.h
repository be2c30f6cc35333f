// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of TimePlot's bands, marks and crosshair, apart from its data and its gestures; not for other rooms.
#pragma once

#include "common/extremes.h"
#include "plot/plot_parts_p.h"
#include "plot/time_plot.h"

namespace gradus::plot {

/// QCPGraphs of one series; the plot owns them.
struct GraphSet
{
    QCPGraph* line = nullptr;
    QCPGraph* low = nullptr;
    QCPGraph* high = nullptr;
    common::Extremes extremes;  ///< of the points' y, where they are many
    QVector<QPointF> shown;     ///< what the line is drawn through now
    QVector<QPointF> shownLow;  ///< and the edges of its band
    QVector<QPointF> shownHigh; ///< empty without one
};
struct TimePlot::Graphs
{
    QVector<GraphSet> sets;
};

/// Reads the chart, changes nothing.
class TimePlotPainter final
{
public:
    explicit TimePlotPainter(const TimePlot& chart) : m_chart(chart), m_tokens(chart.tokens()), m_area(chart.plotArea())
    {
    }

    void paintBands(QPainter& painter) const; ///< stages
    void paintEventLines(QPainter& painter) const;
    void paintMarks(QPainter& painter) const; ///< generation labels, marks, limits, now, markers, end labels, unit
    void paintCrosshair(QPainter& painter) const;

private:
    double xPixel(double x) const { return m_chart.toPixel({x, 0}).x(); }
    double yPixel(const Series& series, double y) const;
    QColor colourOf(const Series& series) const;
    /// Events that lie too close for a mark each: the first one's mark and their number.
    struct EventGroup
    {
        double x = 0; ///< pixels
        Mark mark = Mark::Evaluation;
        int count = 1;
        double right = 0; ///< where the mark and its number end, pixels
    };
    QVector<EventGroup> eventGroups() const; ///< from left to right
    void paintEventMarks(QPainter& painter, const QVector<EventGroup>& groups) const;
    void paintGenerationLabels(QPainter& painter, const QVector<EventGroup>& groups) const;
    void paintLimits(QPainter& painter) const;
    void paintSeriesEnds(QPainter& painter) const;
    void paintMarkers(QPainter& painter, const Series& series) const;
    void paintCrowd(QPainter& painter, const Series& series, const QColor& colour) const;

    const TimePlot& m_chart;
    const common::Tokens& m_tokens;
    QRectF m_area;
};

QColor lineColour(const Series& series, const common::Tokens& tokens);

} // namespace gradus::plot
