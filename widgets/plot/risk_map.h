// SPDX-License-Identifier: GPL-3.0-or-later
// The framework's own picture, drawn from a run: risk against competence, each generation's way from A⁻ to A⁺.
#pragma once

#include "plot/plot_view.h"

#include <QPointF>
#include <QVector>

#include <optional>

namespace gradus::plot {

/// A model's place, with half widths of its intervals in both directions.
struct RiskPoint
{
    QPointF at; ///< risk (harm rate), competence
    QPointF half;
};

/// One generation: trained for competence, then aligned.
struct RiskStep
{
    int generation = 1;
    RiskPoint before; ///< A⁻
    RiskPoint after;  ///< A⁺
    bool rolledBack = false;
};

/// A⁻ is hollow, A⁺ filled; an arrow "value alignment" joins them, a dashed line leads on to the next A⁻.
class RiskMap final : public PlotView
{
    Q_OBJECT
public:
    explicit RiskMap(common::ThemeController& theme, QWidget* parent = nullptr);
    ~RiskMap() override;

    void setSteps(QVector<RiskStep> steps);
    const QVector<RiskStep>& steps() const { return m_steps; }

protected:
    void prepare() override;
    bool isEmpty() const override { return m_steps.isEmpty(); }

private:
    void paintMap(QPainter& painter) const;
    void paintIntervals(QPainter& painter, const RiskPoint& point) const;
    void paintArrow(QPainter& painter, const QPointF& from, const QPointF& to) const;
    void paintNames(QPainter& painter) const;
    void updateSummary();

    QVector<RiskStep> m_steps;
};

} // namespace gradus::plot
