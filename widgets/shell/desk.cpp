// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/desk.h"

#include "events/run_commands.h"
#include "pages/compare/compare_page.h"
#include "pages/design/design_page.h"
#include "pages/home/home_page.h"
#include "pages/live/live_page.h"
#include "pages/live/runs_panel.h"
#include "pages/queue/launch_panel.h"
#include "pages/queue/queue_page.h"
#include "pages/shared/run_log.h"
#include "pages/store/store_page.h"
#include "pages/transcripts/transcripts_page.h"
#include "spec/templates.h"
#include "viewmodels/queue_commands.h"
#include "viewmodels/run_acts.h"
#include "viewmodels/schedule_document.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox>
#include <QSettings>
#include <QUrl>

#include <algorithm>

namespace gradus::shell {

namespace {

QString text(const Error& error)
{
    return QString::fromStdString(error.message);
}

} // namespace

Desk::Desk(Session& session, common::ThemeController& theme, QWidget& window)
    : QObject(&window), m_session(session), m_window(window), m_home(new pages::HomePage(theme, &window)),
      m_design(new pages::DesignPage(theme, session.place(), &window)),
      m_queueCommands(new viewmodels::QueueCommands(session.place(), this)),
      m_queue(new pages::QueuePage(session.watcher(), *m_queueCommands, theme, &window)),
      m_live(new pages::LivePage(session.watcher(), session.runsModel(), theme, &window)),
      m_compare(new pages::ComparePage(session.watcher(), theme, &window)),
      m_transcripts(new pages::TranscriptsPage(session.watcher(), theme, &window)),
      m_store(new pages::StorePage(session.watcher(), theme, &window)),
      m_runsPanel(new pages::RunsPanel(session.runsModel(), theme, &window)), m_runActs(new viewmodels::RunActs(this))
{
    m_table = {{QStringLiteral("home"), tr("Home"), common::Icon::Home, m_home},
               {QStringLiteral("design"), tr("Design"), common::Icon::Design, m_design},
               {QStringLiteral("queue"), tr("Queue"), common::Icon::Queue, m_queue},
               {QStringLiteral("live"), tr("Live"), common::Icon::Live, m_live},
               {QStringLiteral("compare"), tr("Compare"), common::Icon::Compare, m_compare},
               {QStringLiteral("transcripts"), tr("Transcripts"), common::Icon::Transcripts, m_transcripts},
               {QStringLiteral("store"), tr("Store"), common::Icon::Database, m_store}};
    wireHome();
    wireDesign();
    wireQueue();
    wireLaunch();
    wireLive();
    wireTidings();
    wireBranches();
    wireTrash();
    connect(m_compare, &pages::ComparePage::said, this, &Desk::said);
    connect(m_store, &pages::StorePage::said, this, &Desk::said);
    connect(&m_session, &Session::runsChanged, this, &Desk::runsArrived);
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_newestRun = 0;
        m_starts.clear(); // what was launched elsewhere is not awaited here
        m_live->showRun(0);
        m_compare->openStore(m_session.workspace().store);
        m_compare->setPlace(m_session.place());
        m_queue->openStore(m_session.workspace().store);
        m_queueCommands->setPlace(m_session.place());
        setDesignPlace();
        m_queue->launchPanel().setPlace(m_queueCommands->place());
        m_transcripts->openStore(m_session.workspace().store);
        m_store->openStore(m_session.workspace().store);
        m_home->setWorkspace(m_session.workspace().name(), m_session.workspace().folder);
        refreshBlocked();
        Q_EMIT titleChanged();
    });
    refreshFirstSteps();
}

void Desk::wireDesign()
{
    connect(m_design, &pages::DesignPage::saveAsWanted, this, &Desk::saveDraftAs);
    connect(m_design, &pages::DesignPage::commandCopied, this,
            [this](const QString& line) { Q_EMIT said(tr("Copied: %1").arg(line), false); });
    connect(m_design, &pages::DesignPage::titleChanged, this, [this](const QString& title) {
        m_draftTitle = title;
        Q_EMIT titleChanged();
    });
    connect(&m_design->document(), &viewmodels::ScheduleDocument::curveChanged, this, [this] {
        if (m_design->document().isUnsaved()) stepDone(pages::FirstStep::DragPoint);
    });
}

/// The draft's place follows the workspace; another store in the same one moves nothing.
void Desk::setDesignPlace()
{
    if (m_designFolder == m_session.workspace().folder) return;
    m_designFolder = m_session.workspace().folder;
    m_design->setPlace(m_session.place());
    const auto& left = m_design->document().left();
    if (left.size() == 1)
        Q_EMIT said(tr("A draft of an earlier session was never saved; the Design page offers it."), false);
    else if (!left.empty())
        Q_EMIT said(tr("%1 drafts of earlier sessions were never saved; the Design page offers them.").arg(left.size()),
                    false);
}

void Desk::wireQueue()
{
    using viewmodels::QueueCommands;
    connect(m_queueCommands, &QueueCommands::said, this, &Desk::said);
    connect(m_queue, &pages::QueuePage::openRequested, this, &Desk::showRun);
    connect(m_queue, &pages::QueuePage::stopRequested, this,
            [this](qint64 id) { tell(m_session.stop(id), tr("Asked the run to checkpoint and stop.")); });
    connect(m_queue, &pages::QueuePage::commandCopied, this,
            [this](const QString& line) { Q_EMIT said(tr("Copied: %1").arg(line), false); });
    connect(m_queue, &pages::QueuePage::designRequested, this, [this] { Q_EMIT pageWanted(QStringLiteral("design")); });
}

void Desk::wireLive()
{
    using pages::LivePage;
    using pages::RunsPanel;
    const auto stop = [this](qint64 id) { tell(m_session.stop(id), tr("Asked the run to checkpoint and stop.")); };
    const auto resume = [this](qint64 id) {
        tell(m_session.resume(id), tr("The run continues from its last checkpoint."));
    };
    connect(m_live, &LivePage::startRequested, this, &Desk::launchDemo);
    connect(m_live, &LivePage::commandRequested, this, &Desk::askRun);
    connect(m_live, &LivePage::alertRulesRequested, this, [this](qint64 id, const QStringList& rules) {
        tell(m_session.watchAlerts(id, rules), tr("Asked the run to watch these rules."));
    });
    connect(m_live, &LivePage::resumeRequested, this, resume);
    connect(m_live, &LivePage::openLogRequested, this, &Desk::showLog);
    connect(m_live, &LivePage::transcriptsRequested, this, &Desk::showMoment);
    connect(m_compare, &pages::ComparePage::transcriptsRequested, this, &Desk::showMoment);
    connect(m_live, &LivePage::latencyMeasured, this, &Desk::latencyMeasured);
    connect(m_runsPanel, &RunsPanel::runChosen, m_live, &LivePage::showRun);
    connect(m_runsPanel, &RunsPanel::openRequested, this, &Desk::showRun);
    connect(m_runsPanel, &RunsPanel::stopRequested, this, stop);
    connect(m_runsPanel, &RunsPanel::resumeRequested, this, resume);
    connect(m_transcripts, &pages::TranscriptsPage::said, this, &Desk::said);
    connect(&m_transcripts->transcripts(), &viewmodels::Transcripts::countsChanged, this, [this] {
        QSet<qint64> runs;
        for (const auto& [run, episodes] : m_transcripts->transcripts().runCounts())
            runs.insert(run);
        m_live->setRunsWithEpisodes(runs);
        m_compare->setRunsWithEpisodes(runs);
    });
    const auto copy = [this](qint64 id, bool command) {
        for (const store::RunRow& run : m_session.runs()) {
            if (run.id != id) continue;
            const QString uuid = QString::fromStdString(run.uuid);
            QGuiApplication::clipboard()->setText(
                command ? QStringLiteral("gradus show %1 --store '%2'").arg(uuid, m_session.workspace().store) : uuid);
            Q_EMIT said(tr("Copied."), false);
        }
    };
    connect(m_runsPanel, &RunsPanel::copyIdRequested, this, [copy](qint64 id) { copy(id, false); });
    connect(m_runsPanel, &RunsPanel::copyCommandRequested, this, [copy](qint64 id) { copy(id, true); });
}

void Desk::wireTidings()
{
    connect(&m_session, &Session::workspaceChanged, &m_tidings, &viewmodels::Tidings::clear);
    connect(&m_session.watcher(), &viewmodels::StoreWatcher::runsChanged, &m_tidings, &viewmodels::Tidings::setRuns);
    connect(&m_session.watcher(), &viewmodels::StoreWatcher::alertsFired, &m_tidings, &viewmodels::Tidings::setAlerts);
    connect(&m_tidings, &viewmodels::Tidings::told, this, [this](const viewmodels::Tiding& tiding) {
        Q_EMIT said(tr("%1: %2").arg(tiding.title, tiding.sentence), tiding.isFailure);
        if (tiding.isForDesktop && !m_window.isActiveWindow() && Notifier::isWanted())
            m_notifier.tell(tiding.title, tiding.sentence, tiding.isFailure);
    });
}

QVector<QAction*> Desk::draftActions() const
{
    return m_design->pageActions();
}

void Desk::runsArrived()
{
    const QVector<store::RunRow>& runs = m_session.runs();
    m_home->setRows(runs);
    refreshRunning();
    if (runs.isEmpty()) {
        refreshFirstSteps();
        return;
    }
    std::int64_t newest = 0;
    const store::RunRow* going = nullptr;
    for (const store::RunRow& run : runs) {
        newest = std::max(newest, run.id);
        if (!going && run.state == store::RunState::Running) going = &run;
    }
    const store::RunRow* awaited = nullptr; // the newest of them, and one that runs before one that waits
    for (const store::RunRow& run : runs)
        if (run.id > m_newestRun && m_starts.isWaiting() && m_starts.takes(run.experimentHash)) awaited = &run;
    m_newestRun = newest;
    if (awaited) {
        showRun(going && going->experimentHash == awaited->experimentHash ? going->id : awaited->id);
    } else if (m_live->shownRun() == 0) {
        const std::int64_t shown = going ? going->id : runs.first().id;
        m_live->showRun(shown);
        m_runsPanel->choose(shown);
    }
    refreshFirstSteps();
}

void Desk::refreshBlocked()
{
    const QString blocked = m_session.launchBlocked();
    m_home->setLaunchBlocked(blocked);
    m_live->setCommandsBlocked(blocked);
    m_queue->setBlocked(blocked);
    m_store->setBlocked(blocked);
    if (!m_storeNotice.isEmpty())
        m_home->setNotice(m_storeNotice,
                          m_session.workspace().showsForeignStore() ? tr("Back to the workspace") : QString());
    else if (m_session.workspace().showsForeignStore())
        m_home->setNotice(tr("%1 is shown, for reading only.").arg(QFileInfo(m_session.workspace().store).fileName()),
                          tr("Back to the workspace"));
    else
        m_home->setNotice({});
}

bool Desk::mayLeaveDraft()
{
    if (!m_design->document().isUnsaved()) return true;
    const auto answer = QMessageBox::question(
        &m_window, tr("Unsaved draft"), tr("Save the changes to \"%1\"?").arg(m_design->document().name()),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Save);
    if (answer == QMessageBox::Save) return m_design->save();
    if (answer != QMessageBox::Discard) return false;
    m_design->document().forget();
    return true;
}

bool Desk::openPath(const QString& path)
{
    const auto opened = openWorkspace(path, QFileInfo(path).isDir() ? QString() : m_session.workspace().folder);
    if (!opened) {
        Q_EMIT said(text(opened.error()), true);
        return false;
    }
    if (!opened->draft.isEmpty())
        openDraft(opened->draft);
    else if (opened->folder == m_session.workspace().folder)
        m_session.openStore(opened->store);
    else
        m_session.setWorkspace(*opened);
    if (opened->draft.isEmpty())
        Q_EMIT pageWanted(opened->showsForeignStore() ? QStringLiteral("live") : QStringLiteral("home"));
    m_home->setLastOpened(path);
    return true;
}

void Desk::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open"), m_session.workspace().folder,
                                                      tr("Experiments and stores (*.toml *.db);;All files (*)"));
    if (!path.isEmpty()) (void)openPath(path);
}

void Desk::chooseWorkspace()
{
    const QString folder =
        QFileDialog::getExistingDirectory(&m_window, tr("Switch workspace"), m_session.workspace().folder);
    if (!folder.isEmpty()) (void)openPath(folder);
}

void Desk::openOwnStore()
{
    m_session.openStore({});
    Q_EMIT pageWanted(QStringLiteral("home"));
}

void Desk::newSchedule()
{
    if (!mayLeaveDraft()) return;
    (void)m_design->openText(viewmodels::newDraftText());
    Q_EMIT pageWanted(QStringLiteral("design"));
}

void Desk::newFromTemplate(const std::string& name)
{
    const spec::Template* chosen = spec::findTemplate(name);
    if (chosen == nullptr || !mayLeaveDraft()) return;
    (void)m_design->openText(std::string(chosen->text));
    Q_EMIT pageWanted(QStringLiteral("design"));
}

void Desk::openDraft(const QString& path)
{
    if (!mayLeaveDraft()) return;
    (void)m_design->openFile(path);
    Q_EMIT pageWanted(QStringLiteral("design"));
}

void Desk::saveDraftAs()
{
    const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save as"), m_session.workspace().experiments(),
                                                      tr("Experiments (*.toml)"));
    if (path.isEmpty()) return;
    tell(m_design->document().saveAs(path), tr("Saved."));
}

void Desk::askRun(qint64 runId, const QString& verb)
{
    if (verb.toStdString() == events::kStopNowVerb &&
        QMessageBox::question(&m_window, tr("Stop without saving"),
                              tr("The run ends after the step it is in and writes no checkpoint: what it did after the "
                                 "last one is done again when it is resumed. Stop it?")) != QMessageBox::Yes)
        return;
    tell(m_session.ask(runId, verb), tr("Asked; the run obeys after the step it is in."));
}

void Desk::stopShownRun()
{
    if (m_live->shownRun() != 0) tell(m_session.stop(m_live->shownRun()), tr("Asked the run to checkpoint and stop."));
}

void Desk::showFolder()
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(m_session.workspace().folder));
}

void Desk::showRun(qint64 runId)
{
    m_live->showRun(runId);
    m_runsPanel->choose(runId);
    stepDone(pages::FirstStep::SeeLive);
    Q_EMIT pageWanted(QStringLiteral("live"));
}

void Desk::showLog(qint64 runId)
{
    for (const store::RunRow& run : m_session.runs())
        if (run.id == runId) (new pages::LogDialog(m_session.workspace().folder, run, &m_window))->open();
}

void Desk::showMoment(qint64 runId, int generation)
{
    m_transcripts->showMoment(runId, generation);
    Q_EMIT pageWanted(QStringLiteral("transcripts"));
}

void Desk::tell(const Result<void>& result, const QString& done)
{
    if (result) m_session.watcher().refresh();
    Q_EMIT said(result ? done : text(result.error()), !result.ok());
}

void Desk::showTab(const QString& pageId, const QString& tab)
{
    const qsizetype place = tabsOf(pageId).indexOf(tab);
    if (place >= 0) m_compare->setTab(static_cast<pages::ComparePage::Tab>(place));
}

QStringList Desk::tabsOf(const QString& pageId)
{
    return pageId == QLatin1String("compare") ? pages::ComparePage::tabNames() : QStringList();
}

QString Desk::title() const
{
    const QString draft = m_draftTitle.isEmpty() ? QString() : m_draftTitle + QStringLiteral(" - ");
    return draft + m_session.workspace().name() + QStringLiteral(" - Gradus");
}

bool Desk::isReady(const QString& pageId) const
{
    if (!m_session.isLoaded()) return false;
    const bool hasStore = QFileInfo::exists(m_session.workspace().store); // it comes with the first run
    if (pageId == QLatin1String("queue")) {
        if (m_queue->launchPanel().isChecking()) return false;
        return m_queue->isReady() || !hasStore;
    }
    if (pageId == QLatin1String("compare")) return m_compare->isReady() || !hasStore;
    if (pageId == QLatin1String("transcripts")) return m_transcripts->isReady() || !hasStore;
    if (pageId == QLatin1String("store")) return m_store->isReady();
    if (pageId != QLatin1String("live") || m_session.runs().isEmpty()) return true;
    return m_live->run().hasRun() && (m_live->run().hasPoints() || m_live->run().detail().generations.empty());
}

} // namespace gradus::shell
