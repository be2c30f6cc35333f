// SPDX-License-Identifier: GPL-3.0-or-later
// The Queue page: what waits for free cores and in which order, what runs, why something ended.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "pages/queue/queue_model.h"
#include "viewmodels/queue_commands.h"
#include "viewmodels/store_watcher.h"

#include <QTimer>
#include <QUndoStack>
#include <QWidget>

class QAction;
class QFrame;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace gradus::common {
class ElidedLabel;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class LaunchPanel;
class PlanView;
class RunReport;

/// Follows the queue of the watcher's store (which must outlive it); every act goes through `commands`. GUI thread
/// only.
class QueuePage final : public QWidget
{
    Q_OBJECT
public:
    QueuePage(viewmodels::StoreWatcher& watcher, viewmodels::QueueCommands& commands, common::ThemeController& theme,
              QWidget* parent = nullptr);

    /// Where the logs of the shown store's runs are. Another store: what was shown is forgotten.
    void openStore(const QString& path);
    /// Why nothing can be changed (the store is shown for reading only); empty: it can.
    void setBlocked(const QString& reason);
    /// The store has answered.
    bool isReady() const { return m_ready; }

    QueueModel& model() { return m_model; }
    QTreeView* table() const { return m_table; }
    RunReport* report() const { return m_report; }
    LaunchPanel& launchPanel() { return *m_launch; }
    PlanView& plan() { return *m_plan; }
    QUndoStack& undoStack() { return m_undo; } ///< of the order: who else changes the queue is not undone
    qint64 chosenRun() const;
    void choose(qint64 run);
    QString stripText() const; ///< what the strip over the table says; empty while it is hidden

Q_SIGNALS:
    void openRequested(qint64 run); ///< show it in Live
    void stopRequested(qint64 run);
    void branchRequested(qint64 run); ///< draw its future anew
    void designRequested();           ///< the empty page's button
    void commandCopied(const QString& line);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildToolbar();
    QWidget* buildStrip();
    QWidget* buildWork();
    QWidget* buildPlan();
    void addOrderActions();
    void buildTable();
    QAction* addTool(const QString& text, const QKeySequence& shortcut, const char* name, void (QueuePage::*slot)());
    void queueArrived(const store::QueueState& queue);
    void refresh();
    void refreshStrip();
    void fillAfterMenu();
    void fillCopyMenu();
    void pauseOrGoOn();
    void moveEarlier();
    void moveLater();
    void stopChosen();
    void retryChosen();
    void removeChosen();
    void openChosen();
    void branchChosen();
    void readDevices();
    void move(int places);
    void moveFirst();
    void moveLast();
    void moveRun(qint64 run, int places);
    void undo() { m_undo.undo(); }
    void redo() { m_undo.redo(); }
    void togglePanel();
    void fitPanel();

    viewmodels::QueueCommands& m_commands;
    common::ThemeController& m_theme;
    QueueModel m_model;
    common::Job m_deviceJob{this};
    QString m_store;
    QString m_logs;
    QString m_blocked;
    QTimer m_idle; ///< runs when something could begin and nothing does
    bool m_ready = false;
    bool m_nobodyWorks = false;

    QUndoStack m_undo;
    bool m_wantsPanel = true;
    bool m_choseWidth = false; ///< the user opened or closed the panel: the page's width no longer decides

    QPushButton* m_pause = nullptr;
    QAction* m_earlier = nullptr;
    QAction* m_later = nullptr;
    QAction* m_first = nullptr;
    QAction* m_last = nullptr;
    QAction* m_panelAction = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_retry = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_open = nullptr;
    QAction* m_branch = nullptr;
    QMenu* m_after = nullptr;
    QMenu* m_copy = nullptr; ///< a line for each act
    QPushButton* m_afterButton = nullptr;
    QPushButton* m_clear = nullptr;
    QFrame* m_strip = nullptr;
    common::ElidedLabel* m_stripText = nullptr;
    QPushButton* m_stripButton = nullptr;
    QTreeView* m_table = nullptr;
    RunReport* m_report = nullptr;
    PlanView* m_plan = nullptr;
    common::ElidedLabel* m_planText = nullptr;
    LaunchPanel* m_launch = nullptr;
    QPushButton* m_panelButton = nullptr;
    common::EmptyState* m_empty = nullptr;
    QStackedWidget* m_stack = nullptr;
};

} // namespace gradus::pages
