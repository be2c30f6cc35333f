// SPDX-License-Identifier: GPL-3.0-or-later
// The Live page: one run as it goes. Header, linked cards, values at the cursor, generations, events.
#pragma once

#include "common/theme.h"
#include "viewmodels/generations_model.h"
#include "viewmodels/live_run.h"
#include "viewmodels/runs_model.h"
#include "viewmodels/smoothing.h"
#include "viewmodels/store_watcher.h"
#include "viewmodels/time_window.h"
#include "viewmodels/values_model.h"
#include "viewmodels/watched_rules.h"

#include <QSet>
#include <QTimer>
#include <QVector>
#include <QWidget>

#include <optional>

class QGridLayout;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace gradus::plot {
class RiskMap;
}

namespace gradus::common {
class CardFrame;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class AlertsPanel;
class EventLine;
class LiveCard;
class LiveHeader;
class LiveTable;
class MomentPopover;

/// Shows the run that its StoreWatcher watches; showRun() is how one is chosen. Commands are signals with the run's id.
/// At most 30 refreshes a second; what cannot be seen is not drawn. GUI thread only.
class LivePage final : public QWidget
{
    Q_OBJECT
public:
    LivePage(viewmodels::StoreWatcher& watcher, const viewmodels::RunsModel& runs, common::ThemeController& theme,
             QWidget* parent = nullptr);
    ~LivePage() override;

    /// Watches and shows this run from now on; 0 shows none.
    void showRun(std::int64_t runId);
    std::int64_t shownRun() const { return m_runId; }
    /// Why commands cannot be given to the shown run; empty: they can.
    void setCommandsBlocked(const QString& reason);
    void setSmoothing(const viewmodels::Smoothing& smoothing);
    const viewmodels::Smoothing& smoothing() const { return m_smoothing; }

    const viewmodels::LiveRun& run() const { return m_run; }
    viewmodels::TimeWindow& timeWindow() { return m_window; }
    const QVector<LiveCard*>& cards() const { return m_cards; }
    const QVector<LiveCard*>& foreignCards() const { return m_foreign; }
    MomentPopover* momentPopover() const { return m_moment; }
    /// Runs of the store that have episodes, once that is known.
    void setRunsWithEpisodes(const QSet<qint64>& runs);
    plot::RiskMap* riskMap() const { return m_riskMap; } ///< hidden until a generation was audited

Q_SIGNALS:
    void startRequested();                                    ///< "Start a run" of the empty page
    void commandRequested(qint64 runId, const QString& verb); ///< one of events::kCommandVerbs
    void alertRulesRequested(qint64 runId, const QStringList& rules);
    void resumeRequested(qint64 runId);
    void openLogRequested(qint64 runId);
    void transcriptsRequested(qint64 runId, int generation); ///< of the moment that was clicked
    /// From the moment the newest shown point was logged until it was painted.
    void latencyMeasured(double milliseconds);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildCards();
    void buildTables();
    void buildAlerts();
    void refreshAlerts();
    void connectWatcher();
    void connectWindow();
    void arrange();
    void addShortcuts();
    void detailArrived(const store::RunDetail& detail);
    void rowsArrived(const QVector<store::RunRow>& rows);
    void pointsArrived(const viewmodels::PointBatch& batch);
    void scheduleRefresh();
    void refresh();
    void refreshCursor();
    void refreshRisk();
    void refreshForeign();
    void refreshMix(const std::string& specToml);
    void refreshEmpty();
    void showMoment(LiveCard* card, const QPoint& at, double step, const QString& event);
    void showMomentAtCursor();
    void connectCard(LiveCard* card);
    void moveByPoints(int points);
    void jumpToEvent(bool forward);

    viewmodels::StoreWatcher& m_watcher;
    const viewmodels::RunsModel& m_runs;
    common::ThemeController& m_theme;
    viewmodels::LiveRun m_run;
    viewmodels::TimeWindow m_window;
    viewmodels::ValuesModel m_values;
    viewmodels::GenerationsModel m_generations;
    std::int64_t m_runId = 0;
    std::string m_specOfDrawn; // the frozen experiment that the drawn gap was read from
    QString m_notice;
    bool m_noticeIsFailure = false;
    bool m_isGone = false; ///< the shown run was deleted meanwhile

    viewmodels::Smoothing m_smoothing;
    std::vector<viewmodels::WatchedRule> m_watched;
    AlertsPanel* m_alerts = nullptr;
    QString m_blocked;

    LiveHeader* m_header = nullptr;
    QStackedWidget* m_stack = nullptr;
    common::EmptyState* m_empty = nullptr;
    QScrollArea* m_scroll = nullptr;
    QWidget* m_area = nullptr;
    QGridLayout* m_grid = nullptr;
    QVector<LiveCard*> m_cards;
    QVector<LiveCard*> m_foreign; ///< of an imported run's own series; those that are not needed are hidden
    QLabel* m_foreignNote = nullptr;
    bool m_isImported = false;
    common::CardFrame* m_valuesCard = nullptr;
    common::CardFrame* m_generationsCard = nullptr;
    common::CardFrame* m_riskCard = nullptr;
    plot::RiskMap* m_riskMap = nullptr;
    LiveTable* m_valuesTable = nullptr;
    LiveTable* m_generationsTable = nullptr;
    EventLine* m_events = nullptr;
    MomentPopover* m_moment = nullptr;
    std::optional<QSet<qint64>> m_withEpisodes;
    QTimer m_refresh;
    bool m_cursorIsBehind = false;
    bool m_dataIsBehind = false;
    double m_pendingWall = 0; // newest point's wall time that is not painted yet
    int m_columns = 0;        // of the grid now: 3 with the tables beside, 2 with them below
};

} // namespace gradus::pages
