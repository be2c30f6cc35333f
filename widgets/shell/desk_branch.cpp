// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's future becomes the draft, and how the draft becomes a branch of the run; the queue's worker.
#include "shell/desk.h"

#include "pages/design/design_page.h"
#include "pages/live/runs_panel.h"
#include "pages/queue/queue_page.h"
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
    connect(m_queue, &pages::QueuePage::branchRequested, this, byId);
    connect(m_design, &pages::DesignPage::branchWanted, this, &Desk::branchFrom);
    connect(m_design, &pages::DesignPage::branchRequested, this, &Desk::launchBranch);
    connect(&m_design->document(), &viewmodels::ScheduleDocument::textChanged, this, &Desk::refreshRunning);
}

void Desk::workQueue()
{
    if (const QString blocked = m_session.launchBlocked(); blocked.isEmpty())
        m_queueCommands->startWorker();
    else
        Q_EMIT said(blocked, true);
}

void Desk::branchFrom(const QString& run)
{
    const std::filesystem::path store = QFile::encodeName(m_session.workspace().store).toStdString();
    m_pastJob.start([store, uuid = run.toStdString()] { return viewmodels::pastOfRun(store, uuid); },
                    [this](const Result<viewmodels::PastOfRun>& past) {
                        if (!past) {
                            Q_EMIT said(QString::fromStdString(past.error().message), true);
                            return;
                        }
                        if (!mayLeaveDraft()) return;
                        m_design->beginBranch(*past);
                        Q_EMIT pageWanted(QStringLiteral("design"));
                    });
}

void Desk::launchBranch(const viewmodels::Launcher::Branch& branch, bool queued)
{
    if (const QString blocked = m_session.launchBlocked(); !blocked.isEmpty()) {
        m_design->showNotice(blocked, true);
        return;
    }
    if (queued) return m_queueCommands->addBranch(branch);
    if (const auto started = m_session.launcher().branch(branch); !started) {
        m_design->showNotice(QString::fromStdString(started.error().message), true);
        return;
    }
    m_awaitsRun = true;
    Q_EMIT said(tr("The branch is starting; Live opens when it has begun."), false);
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
