// SPDX-License-Identifier: GPL-3.0-or-later
// The menu of stored runs whose gap curves stand behind the draft's, or become it.
#pragma once

#include "common/job.h"
#include "editor/lane_view.h"
#include "viewmodels/run_curves.h"
#include "viewmodels/schedule_document.h"

#include <QObject>

#include <set>

class QMenu;

namespace gradus::pages {

/// Reads the store off the GUI thread whenever the menu opens. Owned by the page; owns neither document nor lane.
class RunGhosts final : public QObject
{
    Q_OBJECT
public:
    RunGhosts(viewmodels::ScheduleDocument& document, editor::LaneView& lane, QString storePath, QMenu& menu);

    bool isReading() const { return m_job.isRunning(); }

private:
    void read();
    void fill(const Result<std::vector<viewmodels::RunCurve>>& curves);
    void addRun(const viewmodels::RunCurve& run);
    void apply();
    void draw(const schedule::Curve& curve, const QString& label);

    viewmodels::ScheduleDocument& m_document;
    editor::LaneView& m_lane;
    QString m_storePath;
    QMenu& m_menu;
    common::Job m_job;
    std::vector<viewmodels::RunCurve> m_runs;
    std::set<std::int64_t> m_drawnShown; ///< run ids
    std::set<std::int64_t> m_takenShown;
};

} // namespace gradus::pages
