// SPDX-License-Identifier: GPL-3.0-or-later
// The table of pages, and what each wish of a page leads to. Pages know neither each other nor the window.
#pragma once

#include "common/icons.h"
#include "common/job.h"
#include "common/theme.h"
#include "pages/home/five_minutes.h"
#include "shell/notifier.h"
#include "shell/session.h"
#include "viewmodels/device_check.h"
#include "viewmodels/future_draft.h"
#include "viewmodels/start_watch.h"
#include "viewmodels/tidings.h"

#include <QObject>
#include <QStringList>
#include <QVector>

#include <functional>
#include <optional>

class QAction;

namespace gradus::pages {
class ComparePage;
class DesignPage;
class HomePage;
class LivePage;
class QueuePage;
class RunsPanel;
class StorePage;
class TranscriptsPage;
} // namespace gradus::pages

namespace gradus::viewmodels {
class QueueCommands;
class RunActs;
} // namespace gradus::viewmodels

namespace gradus::shell {

/// A row of the table of pages: the window builds rail, stack and menu from it.
struct PageEntry
{
    QString id; ///< what --page takes
    QString title;
    common::Icon icon;
    QWidget* page;
};

/// Makes the pages (children of window) and wires them to the session. GUI thread.
class Desk final : public QObject
{
    Q_OBJECT
public:
    Desk(Session& session, common::ThemeController& theme, QWidget& window);

    const QVector<PageEntry>& table() const { return m_table; }
    pages::RunsPanel* runsPanel() const { return m_runsPanel; }
    QVector<QAction*> draftActions() const; ///< undo, redo, save, launch, ...: by object name "design.undo" ...

    /// What the command line or File > Open named; false with a sentence said when it cannot be opened.
    bool openPath(const QString& path);
    void chooseFile();
    void chooseWorkspace();
    void openExample();
    void openOwnStore();
    void compareExample(); ///< the bundled one, on Compare
    void newSchedule();
    void newFromTemplate(const std::string& name); ///< one of spec::templates()
    void saveDraftAs();
    void launchDemo();
    void workQueue(); ///< a worker begins, unless one works already
    void stopShownRun();
    void askRun(qint64 runId, const QString& verb); ///< what ends a run without saving asks first
    void showRun(qint64 runId);                     ///< in Live
    void showFolder();
    void restoreFirstSteps();
    /// Asks when the draft has unsaved changes; true: go on.
    bool mayLeaveDraft();
    /// Turns a page to one of its tabs; unknown names change nothing.
    void showTab(const QString& pageId, const QString& tab);
    static QStringList tabsOf(const QString& pageId); ///< empty: the page has none
    QString title() const;                            ///< "draft* - workspace - Gradus"
    /// Nothing that this page will show at once is still on its way.
    bool isReady(const QString& pageId) const;

Q_SIGNALS:
    void pageWanted(const QString& id);
    void titleChanged();
    void said(const QString& sentence, bool isFailure);
    void latencyMeasured(double milliseconds);

private:
    void wireDesign();
    void setDesignPlace();
    void wireLive();
    void wireTidings();
    void wireQueue();
    void runsArrived();
    void refreshBlocked();
    // desk_launch.cpp
    void wireLaunch();
    /// Asks the preflight about the draft: go() at once where every tick passes; else the Queue page shows them, with
    /// the buttons that go on.
    void afterPreflight(const QString& toml, const std::function<void()>& go);
    bool isBlocked(); ///< says why
    void launch(const QString& toml);
    void queue(const QString& toml);
    void launchBranch(const viewmodels::Launcher::Branch& branch, bool queued);
    void awaitRun(const viewmodels::Launched& launched, const std::string& hash);
    // desk_home.cpp
    void wireHome();
    void refreshFirstSteps();
    void stepDone(pages::FirstStep done); ///< for good
    // desk_branch.cpp
    void wireBranches();
    void branchFrom(const QString& run); ///< UUID
    void readPast(const QString& run, const std::function<void(const viewmodels::PastOfRun&)>& then);
    void refreshRunning();
    // desk_trash.cpp
    void wireTrash();
    bool mayChangeRuns(); ///< says why not
    QStringList uuidsOf(const QVector<qint64>& runs) const;
    void mark(const QVector<qint64>& runs, const QStringList& add, const QStringList& remove,
              const std::optional<QString>& note);
    void openDraft(const QString& path);
    void showLog(qint64 runId);
    void showLineage(qint64 runId);
    void showMoment(qint64 runId, int generation); ///< its transcripts; says so where the run has none
    void tell(const Result<void>& result, const QString& done);

    Session& m_session;
    QWidget& m_window;
    QVector<PageEntry> m_table;
    pages::HomePage* m_home;
    pages::DesignPage* m_design;
    viewmodels::QueueCommands* m_queueCommands;
    pages::QueuePage* m_queue;
    pages::LivePage* m_live;
    pages::ComparePage* m_compare;
    pages::TranscriptsPage* m_transcripts;
    pages::StorePage* m_store;
    pages::RunsPanel* m_runsPanel;
    QString m_draftTitle;
    QString m_designFolder; ///< the workspace that the draft belongs to
    QString m_storeNotice;
    std::int64_t m_newestRun = 0;
    common::Job m_pastJob{this};
    viewmodels::RunActs* m_runActs;
    viewmodels::StartWatch m_starts{this}; ///< what was launched is shown when it appears
    viewmodels::Tidings m_tidings{this};
    viewmodels::DeviceCheck m_deviceCheck{this};
    Notifier m_notifier;
};

} // namespace gradus::shell
