// SPDX-License-Identifier: GPL-3.0-or-later
// The menu of stored runs whose curves stand behind the draft's in the lane the user is in, or become it.
#pragma once

#include "common/job.h"
#include "editor/lane_view.h"
#include "viewmodels/run_curves.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <map>
#include <set>
#include <string>

class QMenu;

namespace gradus::pages {

/// Reads the store off the GUI thread whenever the menu opens. Each lane keeps what it shows. Owned by the page; owns
/// no lane.
class RunGhosts final : public QObject
{
    Q_OBJECT
public:
    /// lane: the one the user is in, whenever it is asked; store: the path of the store.
    RunGhosts(std::function<editor::LaneView*()> lane, std::function<QString()> store, QMenu& menu);

    bool isReading() const { return m_job.isRunning(); }

private:
    void read();
    void fill(const Result<std::vector<viewmodels::RunCurve>>& curves);
    void addRun(const viewmodels::RunCurve& run);
    void apply();
    void draw(const schedule::Curve& curve, const QString& label);

    std::function<editor::LaneView*()> m_current;
    std::function<QString()> m_store;
    QPointer<editor::LaneView> m_lane; ///< that the menu is about
    QMenu& m_menu;
    common::Job m_job;
    std::vector<viewmodels::RunCurve> m_runs;
    struct Shown
    {
        std::set<std::int64_t> drawn; ///< run ids
        std::set<std::int64_t> taken;
    };
    std::map<std::string, Shown> m_shown; ///< by the series of the lane
};

} // namespace gradus::pages
