// SPDX-License-Identifier: GPL-3.0-or-later
// Runs put into the trash from the Runs dock, and brought back.
#include "pages/live/live_page.h"
#include "pages/live/runs_panel.h"
#include "shell/desk.h"
#include "viewmodels/store_acts.h"

#include <utility>

namespace gradus::shell {

void Desk::wireTrash()
{
    using viewmodels::StoreActs;
    connect(m_runsPanel, &pages::RunsPanel::trashRequested, this, &Desk::trash);
    connect(m_runsPanel, &pages::RunsPanel::undoTrashRequested, this, &Desk::undoTrash);
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_runActs->setStore(m_session.workspace().store);
        m_trashing.clear();
        m_trashed.clear();
    });
    connect(m_runActs, &StoreActs::actDone, this, [this](const QString& sentence, bool isFailure) {
        const QStringList moved = std::exchange(m_trashing, {});
        m_session.watcher().refresh();
        if (isFailure || moved.isEmpty()) return Q_EMIT said(sentence, isFailure);
        m_trashed.append(moved);
        Q_EMIT said(tr("%1 Ctrl+Z in the list of runs brings it back.").arg(sentence), false);
    });
}

void Desk::trash(const QVector<qint64>& runs)
{
    if (m_session.workspace().showsForeignStore()) return Q_EMIT said(m_session.launchBlocked(), true);
    if (m_runActs->isActing()) return Q_EMIT said(tr("The last one is still on its way; try again in a moment."), true);
    QStringList uuids;
    for (const store::RunRow& run : m_session.runs())
        if (runs.contains(run.id)) uuids.append(QString::fromStdString(run.uuid));
    if (uuids.isEmpty()) return;
    m_trashing = uuids;
    m_runActs->trash(uuids);
}

void Desk::undoTrash()
{
    if (m_trashed.isEmpty()) return Q_EMIT said(tr("Nothing was put into the trash here."), false);
    if (m_runActs->isActing()) return Q_EMIT said(tr("The last one is still on its way; try again in a moment."), true);
    m_runActs->restore(m_trashed.takeLast());
}

} // namespace gradus::shell
