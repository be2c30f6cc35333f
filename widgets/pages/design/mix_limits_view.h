// SPDX-License-Identifier: GPL-3.0-or-later
// Limits, cost and measured figures of the mix's sources: the table, the budget, and what is not kept with its fix.
#pragma once

#include "common/job.h"
#include "viewmodels/mix_limits_model.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

class NumberField;

/// The store is read off the GUI thread when the view is shown, and when other sources are. GUI thread only; the model
/// must outlive it.
class MixLimitsView final : public QWidget
{
    Q_OBJECT
public:
    MixLimitsView(viewmodels::MixDesk& desk, viewmodels::MixLimitsModel& model, QWidget* parent = nullptr);

    void setStore(const QString& store);
    bool isReading() const { return m_job.isRunning(); }
    QString says() const; ///< which run was measured, or that none was

protected:
    void showEvent(QShowEvent* event) override;

private:
    void measure();
    void refresh();

    viewmodels::MixDesk& m_desk;
    viewmodels::MixLimitsModel& m_model;
    common::Job m_job;
    QString m_store;
    QTableView* m_table;
    common::ElidedLabel* m_measured;
    common::ElidedLabel* m_violation;
    QLabel* m_cost;
    NumberField* m_budget;
    QPushButton* m_fix;
};

} // namespace gradus::pages
