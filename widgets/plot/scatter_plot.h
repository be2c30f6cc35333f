// SPDX-License-Identifier: GPL-3.0-or-later
// Two figures against each other: points of runs, means with error bars, paths over generations, a Pareto front.
#pragma once

#include "plot/plot_view.h"

#include <QPointF>
#include <QVector>

#include <optional>

namespace gradus::plot {

/// One group of the plane.
struct Cloud
{
    QString name;                ///< written beside its mean
    int style = 0;               ///< place in the colour cycle
    QVector<QPointF> points;     ///< one a run: small hollow markers
    QVector<QString> labels;     ///< tooltips of the points, plain; as many as points or none
    std::optional<QPointF> mean; ///< a large filled marker
    QPointF half;                ///< half widths of the mean's intervals; 0: no bar in that direction
    QVector<QPointF> path;       ///< means over generations 1, 2, ...: a line with their numbers
};

/// Which corner of the plane is good; the front runs along it.
struct Goodness
{
    bool xHigher = false;
    bool yHigher = true;
};

/// The points that no other point beats in one direction without losing in the other, by increasing x. NaN is left out.
QVector<QPointF> paretoFront(const QVector<QPointF>& points, const Goodness& goodness);

class ScatterPlot final : public PlotView
{
    Q_OBJECT
public:
    explicit ScatterPlot(common::ThemeController& theme, QWidget* parent = nullptr);
    ~ScatterPlot() override;

    void setClouds(QVector<Cloud> clouds);
    const QVector<Cloud>& clouds() const { return m_clouds; }
    void setGoodness(const Goodness& goodness);
    void setAxisNames(const QString& x, const QString& y);
    void setFrontVisible(bool visible);
    void setPathsVisible(bool visible);
    void setPointsVisible(bool visible);
    QVector<QPointF> front() const { return m_front; } ///< of all points

protected:
    void prepare() override;
    bool isEmpty() const override;
    bool event(QEvent* event) override;

private:
    void paintPlane(QPainter& painter) const;
    void paintFront(QPainter& painter) const;
    void paintCloud(QPainter& painter, const Cloud& cloud) const;
    void paintNames(QPainter& painter) const;
    void fitRanges();
    void updateSummary();
    QString pointAt(const QPointF& pixel) const;

    QVector<Cloud> m_clouds;
    QVector<QPointF> m_front;
    Goodness m_goodness;
    QString m_xName, m_yName;
    bool m_showFront = true;
    bool m_showPaths = true;
    bool m_showPoints = true;
};

} // namespace gradus::plot
