// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Relations: two final figures against each other with paths over generations, the heat map of a sweep,
// parallel coordinates, and how alike the errors of a run's sources are.
#pragma once

#include "pages/compare/curve_card.h"
#include "plot/scatter_plot.h"
#include "viewmodels/comparison.h"
#include "viewmodels/sweep_grid.h"

#include <QWidget>

class QComboBox;
class QToolButton;

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class HeatMap;
class ParallelCard;
class SourcesCard;

class RelationsTab final : public QWidget
{
    Q_OBJECT
public:
    explicit RelationsTab(common::ThemeController& theme, QWidget* parent = nullptr);

    /// store: where the votes of the runs' sources are read.
    void setData(const viewmodels::ComparedDataPtr& compared, const QVector<GroupLook>& looks, const QString& store);
    plot::ScatterPlot* plane() const { return m_plane; }
    QString planeTitle() const; ///< "competence, utility against imitation, held-out rate"
    QString heatTitle() const;  ///< "competence, utility over gap.controller and seed"
    HeatMap* heat() const { return m_heat; }
    ParallelCard* parallel() const { return m_parallel; }
    SourcesCard* sources() const { return m_sources; }

private:
    void refreshPlane();
    void refreshHeat();
    QComboBox* metricBox(const char* name, const QString& accessible, const char* metric, common::CardFrame& card);

    viewmodels::ComparedDataPtr m_data;
    QVector<GroupLook> m_looks;
    common::CardFrame* m_planeCard;
    common::CardFrame* m_heatCard;
    plot::ScatterPlot* m_plane;
    HeatMap* m_heat;
    ParallelCard* m_parallel;
    SourcesCard* m_sources;
    QComboBox* m_x;
    QComboBox* m_y;
    QComboBox* m_rows;
    QComboBox* m_columns;
    QComboBox* m_value;
};

} // namespace gradus::pages
