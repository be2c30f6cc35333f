// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Containment: the studies among the compared runs, their ways out by level, what is elicited, everyday tasks
// and fidelity, several studies beside each other.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "compare/diff_text.h"
#include "viewmodels/comparison.h"
#include "viewmodels/containment_model.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QStackedWidget;

namespace gradus::common {
class CardFrame;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class ContainmentTable;

/// Studies are parsed off the GUI thread, and only once the tab was looked at. GUI thread only.
class ContainmentTab final : public QWidget
{
    Q_OBJECT
public:
    explicit ContainmentTab(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setData(const viewmodels::ComparedDataPtr& compared);
    bool isBusy() const { return m_job.isRunning(); }
    /// The ways out as shown, for a file of text.
    compare::DiffTable waysTable() const;

    /// A table and what it is called on a picture.
    struct Part
    {
        QString title;
        const ContainmentTable* table;
    };
    QVector<Part> parts() const;
    QString summary() const; ///< a line a study
    QString notRun() const;  ///< which scenarios and why, the first of them; a tooltip

protected:
    void showEvent(QShowEvent* event) override;

private:
    void read();
    void take(viewmodels::ContainmentStudies found);
    void showWays();

    viewmodels::ContainmentModel m_ways;
    viewmodels::ContainmentModel m_elicitation;
    viewmodels::ContainmentModel m_fidelity;
    viewmodels::ContainmentModel m_tasks;
    common::Job m_job;
    viewmodels::ComparedDataPtr m_data;
    std::vector<compare::NamedContainment> m_studies;
    bool m_isStale = false; ///< to be read when it is seen

    QStackedWidget* m_stack;
    common::EmptyState* m_empty;
    QLabel* m_summary;
    QComboBox* m_shown;
    common::CardFrame* m_waysCard;
    common::CardFrame* m_tasksCard;
    ContainmentTable* m_waysView;
    ContainmentTable* m_elicitationView;
    ContainmentTable* m_fidelityView;
    ContainmentTable* m_tasksView;
};

} // namespace gradus::pages
