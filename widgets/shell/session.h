// SPDX-License-Identifier: GPL-3.0-or-later
// What the window is working on: the workspace, its store's watcher and runs, drafts, example, launching. No widgets.
#pragma once

#include "common/job.h"
#include "pages/home/drafts.h"
#include "shell/workspace.h"
#include "viewmodels/launcher.h"
#include "viewmodels/runs_model.h"
#include "viewmodels/store_watcher.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace gradus::shell {

/// Owned by the main window; pages are wired to it by the page table. GUI thread.
class Session final : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);

    const Workspace& workspace() const { return m_workspace; }
    void setWorkspace(const Workspace& workspace);
    void openStore(const QString& path); ///< another store in the same workspace; its own again with an empty path

    viewmodels::StoreWatcher& watcher() { return m_watcher; }
    viewmodels::RunsModel& runsModel() { return m_runsModel; }
    const QVector<store::RunRow>& runs() const { return m_runs; }
    viewmodels::LaunchPlace place() const { return {.workspace = m_workspace.folder, .program = m_workspace.program}; }
    viewmodels::Launcher launcher() const { return viewmodels::Launcher(place()); }
    /// Why nothing can be launched or stopped now; empty: it can.
    QString launchBlocked() const;
    Result<viewmodels::Launched> launchDemo() const;
    Result<void> ask(std::int64_t runId, const QString& verb); ///< see Launcher::ask
    Result<void> watchAlerts(std::int64_t runId, const QStringList& rules);
    Result<void> stop(std::int64_t runId); ///< with a checkpoint
    Result<void> resume(std::int64_t runId);
    void reload(); ///< drafts and example again

    /// The store answered (or will not) and drafts and example are read: a picture of Home would be complete.
    bool isLoaded() const { return m_storeAnswered && m_draftsRead && m_exampleRead; }

Q_SIGNALS:
    void workspaceChanged();
    void runsChanged();
    void draftsChanged(const QVector<gradus::pages::DraftRow>& drafts);
    void exampleChanged(const gradus::pages::ExamplePreview& example);
    void storeNotice(const QString& sentence); ///< what is wrong with the store; empty: nothing
    void storeSizeChanged(qint64 bytes);
    void loadedChanged();

private:
    void connectWatcher();
    void readStore();
    void answered();
    QString uuidOf(std::int64_t runId) const;

    Workspace m_workspace;
    viewmodels::StoreWatcher m_watcher;
    viewmodels::RunsModel m_runsModel;
    QVector<store::RunRow> m_runs;
    common::Job m_draftsJob;
    common::Job m_exampleJob;
    common::Job m_upgradeJob;
    QFileSystemWatcher m_folderWatcher;
    QTimer m_folderDelay;    ///< a save touches the folder several times
    bool m_hasBegun = false; ///< the window has been drawn once, and stores are read
    bool m_storeAnswered = false;
    bool m_draftsRead = false;
    bool m_exampleRead = false;
};

} // namespace gradus::shell
