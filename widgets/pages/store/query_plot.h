// SPDX-License-Identifier: GPL-3.0-or-later
// A picture of a statement's result: two of its columns of numbers, a line for each text beside them. Rows of one x are
// points: every row is shown, and a mean is the statement's to ask for (avg).
#pragma once

#include "common/job.h"
#include "plot/time_plot.h"
#include "store/query.h"
#include "viewmodels/result_series.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;

namespace gradus::pages {

class LegendRow;

/// Lines are made off the GUI thread. GUI thread only.
class QueryPlot final : public QWidget
{
    Q_OBJECT
public:
    QueryPlot(common::ThemeController& theme, QWidget* parent = nullptr);

    /// Columns of the same names as before stay chosen. Null: nothing is shown.
    void setResult(const std::shared_ptr<const store::QueryResult>& result);
    plot::TimePlot* chart() const { return m_chart; }
    QString note() const;
    bool isBusy() const { return m_job.isRunning(); }

private:
    void refresh();
    void draw(const viewmodels::ResultLines& lines);

    common::ThemeController& m_theme;
    common::Job m_job;
    std::shared_ptr<const store::QueryResult> m_result;
    plot::TimePlot* m_chart;
    LegendRow* m_legend;
    QComboBox* m_x;
    QComboBox* m_y;
    QLabel* m_note;
};

} // namespace gradus::pages
