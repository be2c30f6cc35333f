// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's future becomes the draft, and how the draft becomes a branch of the run; the queue's worker.
#include "shell/desk.h"

#include "pages/design/design_page.h"
#include "pages/live/runs_panel.h"
#include "pages/queue/queue_page.h"
#include "pages/shared/lineage_dialog.h"
#include "viewmodels/queue_commands.h"

#include <QFile>

#include <algorithm>

namespace gradus::shell {

void Desk::wireBranches()
{
    const auto byId = [this](qint64 id) {
        for (const store::RunRow& run : m_session.runs())
            if (run.id == id) return branchFrom(QString::fromStdString(run.uuid));
    };
    connect(m_runsPanel, &pages::RunsPanel::branchRequested, this, byId);
    connect(m_runsPanel, &pages::RunsPanel::lineageRequested, this, &Desk::showLineage);
    connect(m_queue, &pages::QueuePage::branchRequested, this, byId);
    connect(m_design, &pages::DesignPage::branchWanted, this, &Desk::branchFrom);
    connect(m_design, &pages::DesignPage::pastWanted, this, [this](const QString& run, int kept) {
        readPast(run, [this, kept](viewmodels::PastOfRun past) {
            past.generation = std::clamp(kept, 1, past.finished);
            m_design->continueBranch(past);
        });
    });
    connect(&m_design->document(), &viewmodels::ScheduleDocument::textChanged, this, &Desk::refreshRunning);
}

void Desk::showLineage(qint64 runId)
{
    auto* dialog = new pages::LineageDialog(m_session.runs(), runId, &m_window);
    connect(dialog, &pages::LineageDialog::openRequested, this, &Desk::showRun);
    connect(&m_session, &Session::runsChanged, dialog, [this, dialog] { dialog->setRuns(m_session.runs()); });
    dialog->open();
}

void Desk::workQueue()
{
    if (const QString blocked = m_session.launchBlocked(); blocked.isEmpty())
        m_queueCommands->startWorker();
    else
        Q_EMIT said(blocked, true);
}

void Desk::readPast(const QString& run, const std::function<void(const viewmodels::PastOfRun&)>& then)
{
    const std::filesystem::path store = QFile::encodeName(m_session.workspace().store).toStdString();
    m_pastJob.start([store, uuid = run.toStdString()] { return viewmodels::pastOfRun(store, uuid); },
                    [this, then](const Result<viewmodels::PastOfRun>& past) {
                        if (past)
                            then(*past);
                        else
                            Q_EMIT said(QString::fromStdString(past.error().message), true);
                    });
}

void Desk::branchFrom(const QString& run)
{
    readPast(run, [this](const viewmodels::PastOfRun& past) {
        if (!mayLeaveDraft()) return;
        m_design->beginBranch(past);
        Q_EMIT pageWanted(QStringLiteral("design"));
    });
}

/// Whether what is drawn is being run at this moment.
void Desk::refreshRunning()
{
    const store::RunRow* found = nullptr;
    const bool any = std::any_of(m_session.runs().begin(), m_session.runs().end(),
                                 [](const store::RunRow& run) { return run.state == store::RunState::Running; });
    if (any && m_design->document().isValid()) {
        const std::string hash = spec::hashOf(m_design->document().experiment());
        for (const store::RunRow& run : m_session.runs())
            if (!found && run.state == store::RunState::Running && run.experimentHash == hash &&
                !run.utilityHistory.empty())
                found = &run;
    }
    m_design->setRunning(found ? QString::fromStdString(found->uuid) : QString(),
                         found ? tr("%1, seed %2").arg(QString::fromStdString(found->experimentName)).arg(found->seed)
                               : QString());
}

} // namespace gradus::shell
