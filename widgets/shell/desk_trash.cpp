// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to runs from the Runs dock and can be undone: the trash, tags and notes.
#include "pages/live/runs_panel.h"
#include "shell/desk.h"
#include "viewmodels/run_acts.h"

namespace gradus::shell {

void Desk::wireTrash()
{
    using pages::RunsPanel;
    using viewmodels::RunActs;
    connect(m_runsPanel, &RunsPanel::trashRequested, this, [this](const QVector<qint64>& runs) {
        if (mayChangeRuns()) m_runActs->trash(uuidsOf(runs));
    });
    connect(m_runsPanel, &RunsPanel::tagsRequested, this,
            [this](const QVector<qint64>& runs, const QStringList& add, const QStringList& remove) {
                mark(runs, add, remove, std::nullopt);
            });
    connect(m_runsPanel, &RunsPanel::noteRequested, this,
            [this](qint64 run, const QString& note) { mark({run}, {}, {}, note); });
    connect(m_runsPanel, &RunsPanel::undoRequested, m_runActs, &RunActs::undo);
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_runActs->setStore(m_session.workspace().store);
        m_runsPanel->setReadOnly(m_session.workspace().showsForeignStore());
    });
    connect(m_runActs, &RunActs::acted, &m_session.watcher(), &viewmodels::StoreWatcher::refresh);
    connect(m_runActs, &RunActs::said, this, &Desk::said);
}

bool Desk::mayChangeRuns()
{
    if (!m_session.workspace().showsForeignStore()) return true;
    Q_EMIT said(m_session.launchBlocked(), true);
    return false;
}

QStringList Desk::uuidsOf(const QVector<qint64>& runs) const
{
    const QSet<qint64> wanted(runs.begin(), runs.end());
    QStringList uuids;
    for (const store::RunRow& run : m_session.runs())
        if (wanted.contains(run.id)) uuids.append(QString::fromStdString(run.uuid));
    return uuids;
}

void Desk::mark(const QVector<qint64>& runs, const QStringList& add, const QStringList& remove,
                const std::optional<QString>& note)
{
    if (!mayChangeRuns()) return;
    store::MarkChange change;
    for (const QString& tag : add)
        change.add.push_back(tag.toStdString());
    for (const QString& tag : remove)
        change.remove.push_back(tag.toStdString());
    if (note) change.note = note->toStdString();
    std::vector<store::MarkChange> changes;
    for (const QString& uuid : uuidsOf(runs)) {
        change.uuid = uuid.toStdString();
        changes.push_back(change);
    }
    m_runActs->mark(changes);
}

} // namespace gradus::shell
