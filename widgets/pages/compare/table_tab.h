// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Table: final figures of groups or runs, differences to the baseline with the test named, copied as text.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "compare/comparison_table.h"
#include "compare/table_text.h"
#include "viewmodels/comparison.h"
#include "viewmodels/comparison_table_model.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class SummaryTable;

class TableTab final : public QWidget
{
    Q_OBJECT
public:
    explicit TableTab(const common::ThemeController& theme, QWidget* parent = nullptr);

    /// Takes centre, interval and baseline from options; rows and test are chosen here.
    void setData(const viewmodels::ComparedDataPtr& compared, const compare::TableOptions& options);
    viewmodels::ComparisonTableModel& model() { return m_model; }
    SummaryTable* view() const { return m_view; }
    QString text(compare::TextFormat format) const; ///< of the rows as shown
    /// A table is on its way: counting every permutation of many runs takes longer than a frame.
    bool isBusy() const { return m_job.isRunning(); }

private:
    void refresh();
    void showTable(compare::ComparisonTable table);
    void copy(compare::TextFormat format);

    viewmodels::ComparisonTableModel m_model;
    common::Job m_job;
    viewmodels::ComparedDataPtr m_data;
    compare::TableOptions m_options;
    common::CardFrame* m_card;
    SummaryTable* m_view;
    QLabel* m_note;
    QComboBox* m_rows;
    QComboBox* m_test;
    QToolButton* m_copy;
};

} // namespace gradus::pages
