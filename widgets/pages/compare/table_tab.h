// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Table: final figures of groups or runs, differences to the baseline with the test named, copied as text.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "compare/comparison_table.h"
#include "compare/table_text.h"
#include "viewmodels/comparison.h"
#include "viewmodels/comparison_table_model.h"
#include "viewmodels/contrast_list.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class ContrastPopover;
class SummaryTable;

class TableTab final : public QWidget
{
    Q_OBJECT
public:
    explicit TableTab(const common::ThemeController& theme, QWidget* parent = nullptr);

    /// Takes centre, interval and baseline from options; rows, test and contrasts are chosen here.
    void setData(const viewmodels::ComparedDataPtr& compared, const compare::TableOptions& options,
                 const QString& store);
    viewmodels::ComparisonTableModel& model() { return m_model; }
    SummaryTable* view() const { return m_view; }
    QString text(compare::TextFormat format) const; ///< of the rows as shown
    /// What to type to have it without the window; figures of groups are then means with t intervals.
    QString command() const;
    /// A table is on its way: counting every permutation of many runs takes longer than a frame.
    bool isBusy() const { return m_job.isRunning(); }

    /// Besides those that files ask for, as `--against` takes them; what is not among the runs waits for such runs.
    const std::vector<std::string>& addedContrasts() const { return m_added; }
    void setAddedContrasts(std::vector<std::string> typed);
    const QVector<viewmodels::ContrastEntry>& contrasts() const { return m_contrasts; }
    void openContrasts(); ///< the list, where there are groups to choose from

Q_SIGNALS:
    void contrastsEdited(); ///< by the user

private:
    void editContrasts(std::vector<std::string> typed);
    void refresh();
    void showTable(compare::ComparisonTable table);
    void copy(compare::TextFormat format);

    viewmodels::ComparisonTableModel m_model;
    common::Job m_job;
    viewmodels::ComparedDataPtr m_data;
    compare::TableOptions m_options;
    QString m_store;
    std::vector<std::string> m_added;
    QVector<viewmodels::ContrastEntry> m_contrasts;
    common::CardFrame* m_card;
    SummaryTable* m_view;
    QLabel* m_note;
    QComboBox* m_rows;
    QComboBox* m_test;
    QPushButton* m_asking;
    ContrastPopover* m_popover;
    QToolButton* m_copy;
};

} // namespace gradus::pages
