// SPDX-License-Identifier: GPL-3.0-or-later
// What the draft's gap controller would do on a simulated ladder: greyed, named for what it is, drawn while keys move.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "controller/dry_run.h"
#include "viewmodels/schedule_document.h"

#include <QFrame>

class QLabel;

namespace gradus::pages {

/// The runs are made in the pool; the newest curve wins. GUI thread only.
class SimulationCard final : public QFrame
{
    Q_OBJECT
public:
    static constexpr int kRuns = 40;

    SimulationCard(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);

    const controller::DrySummary& summary() const { return m_summary; }
    bool isSimulating() const { return m_job.isRunning(); }
    QString sentence() const;
    static QString assumptions(); ///< the formulas in words

Q_SIGNALS:
    void simulated();

private:
    class Chart;
    void start();
    void show(const controller::DrySummary& summary);

    viewmodels::ScheduleDocument& m_document;
    common::Job m_job;
    controller::DrySummary m_summary;
    Chart* m_chart;
    QLabel* m_sentence;
};

} // namespace gradus::pages
