// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/session.h"

#include "events/run_commands.h"
#include "spec/templates.h"
#include "store/store_facts.h"
#include "viewmodels/schedule_document.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace gradus::shell {

namespace {

constexpr int kFolderDelayMilliseconds = 200;
constexpr char kDemoTemplate[] = "gap-annealing";

} // namespace

Session::Session(QObject* parent) : QObject(parent), m_draftsJob(this), m_exampleJob(this), m_upgradeJob(this)
{
    connectWatcher();
    m_folderDelay.setSingleShot(true);
    m_folderDelay.setInterval(kFolderDelayMilliseconds);
    connect(&m_folderWatcher, &QFileSystemWatcher::directoryChanged, &m_folderDelay, qOverload<>(&QTimer::start));
    connect(&m_folderDelay, &QTimer::timeout, this, &Session::reload);
    // A timer waits until what was shown is drawn. Reading a long list takes a processor, and showing it this thread:
    // the first paint waits for neither.
    QTimer::singleShot(0, this, [this] {
        m_hasBegun = true;
        if (!m_workspace.store.isEmpty()) readStore();
    });
}

void Session::connectWatcher()
{
    using viewmodels::StoreWatcher;
    connect(&m_watcher, &StoreWatcher::runsChanged, this, [this](const QVector<store::RunRow>& runs) {
        m_runs = runs;
        m_runsModel.setRows(runs);
        Q_EMIT runsChanged();
        answered();
    });
    connect(&m_watcher, &StoreWatcher::storeReady, this, [this] { Q_EMIT storeNotice({}); });
    connect(&m_watcher, &StoreWatcher::storeWaiting, this, [this](const QString& sentence) {
        // No store yet is how every workspace begins; a store that was asked for by name is another matter.
        Q_EMIT storeNotice(m_workspace.showsForeignStore() ? sentence : QString());
        answered();
    });
    connect(&m_watcher, &StoreWatcher::storeFailed, this, [this](const QString& sentence) {
        Q_EMIT storeNotice(sentence);
        answered();
    });
    connect(&m_watcher, &StoreWatcher::storeSizeChanged, this, &Session::storeSizeChanged);
}

void Session::answered()
{
    if (m_storeAnswered) return;
    m_storeAnswered = true;
    if (isLoaded()) Q_EMIT loadedChanged();
}

void Session::setWorkspace(const Workspace& workspace)
{
    if (!m_folderWatcher.directories().isEmpty()) m_folderWatcher.removePaths(m_folderWatcher.directories());
    const QString program = workspace.program.isEmpty() ? m_workspace.program : workspace.program;
    m_workspace = workspace;
    m_workspace.program = program;
    if (QFileInfo(workspace.experiments()).isDir()) m_folderWatcher.addPath(workspace.experiments());
    openStore(workspace.store);
    reload();
}

void Session::openStore(const QString& path)
{
    m_workspace.store = path.isEmpty() ? m_workspace.ownStore() : path;
    m_storeAnswered = false;
    m_runs.clear();
    m_runsModel.setRows({});
    m_watcher.watch(0);
    if (m_hasBegun) readStore();
    Q_EMIT workspaceChanged();
    Q_EMIT runsChanged();
}

void Session::readStore()
{
    m_watcher.open(m_workspace.store);
    // The workspace's own store is brought forward where its format is older, and opened again. Others are only read.
    m_upgradeJob.cancel();
    if (m_workspace.showsForeignStore()) return;
    m_upgradeJob.start(
        [file = m_workspace.store.toStdString()] {
            const auto upgraded = store::upgradeStore(file);
            return upgraded && *upgraded;
        },
        [this, opened = m_workspace.store](bool isUpgraded) {
            if (isUpgraded && opened == m_workspace.store) openStore(opened);
        });
}

void Session::reload()
{
    m_draftsJob.start([folder = m_workspace.experiments()] { return pages::readDrafts(folder); },
                      [this](const QVector<pages::DraftRow>& drafts) {
                          m_draftsRead = true;
                          Q_EMIT draftsChanged(drafts);
                          if (isLoaded()) Q_EMIT loadedChanged();
                      });
    const QString example = exampleStorePath();
    if (example.isEmpty()) {
        m_exampleRead = true;
        Q_EMIT exampleChanged({.conditions = {}, .error = tr("The example is not installed beside this program.")});
        return;
    }
    m_exampleJob.start([example] { return pages::readExample(example); },
                       [this](const pages::ExamplePreview& preview) {
                           m_exampleRead = true;
                           Q_EMIT exampleChanged(preview);
                           if (isLoaded()) Q_EMIT loadedChanged();
                       });
}

QString Session::launchBlocked() const
{
    const QString program = launcher().programPath();
    if (!QFileInfo(program).isExecutable())
        return tr("The program %1 is missing; build it or install it beside the workbench.").arg(program);
    if (m_workspace.showsForeignStore())
        return tr("%1 is shown for reading only; open a workspace to launch.")
            .arg(QFileInfo(m_workspace.store).fileName());
    return {};
}

Result<viewmodels::Launched> Session::launchDemo() const
{
    if (const QString blocked = launchBlocked(); !blocked.isEmpty()) return failed(blocked.toStdString());
    const spec::Template* demo = spec::findTemplate(kDemoTemplate);
    return launcher().launch(demo ? std::string(demo->text) : viewmodels::newDraftText());
}

QString Session::uuidOf(std::int64_t runId) const
{
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [runId](const auto& run) { return run.id == runId; });
    return found == m_runs.end() ? QString() : QString::fromStdString(found->uuid);
}

Result<void> Session::ask(std::int64_t runId, const QString& verb)
{
    if (const QString blocked = launchBlocked(); !blocked.isEmpty()) return failed(blocked.toStdString());
    return launcher().ask(uuidOf(runId), verb);
}

Result<void> Session::watchAlerts(std::int64_t runId, const QStringList& rules)
{
    if (const QString blocked = launchBlocked(); !blocked.isEmpty()) return failed(blocked.toStdString());
    return launcher().watchAlerts(uuidOf(runId), rules);
}

Result<void> Session::stop(std::int64_t runId)
{
    return ask(runId, QString::fromLatin1(events::kStopVerb.data()));
}

Result<void> Session::resume(std::int64_t runId)
{
    if (const QString blocked = launchBlocked(); !blocked.isEmpty()) return failed(blocked.toStdString());
    const auto started = launcher().resume(uuidOf(runId));
    if (!started) return started.error();
    return {};
}

} // namespace gradus::shell
