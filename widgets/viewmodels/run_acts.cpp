// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_acts.h"

#include "base/text.h"
#include "store/trash.h"

#include <QFile>

#include <set>
#include <string>
#include <utility>

namespace gradus::viewmodels {

namespace {

std::vector<std::string> textsOf(const QStringList& list)
{
    std::vector<std::string> texts;
    for (const QString& text : list)
        texts.push_back(text.toStdString());
    return texts;
}

QString runsText(std::size_t count)
{
    return QString::fromStdString(counted(count, "run"));
}

} // namespace

RunActs::RunActs(QObject* parent) : QObject(parent), m_job(this) {}

void RunActs::setStore(const QString& path)
{
    if (path == m_store) return;
    m_job.cancel(); // what is under way ends unheard
    m_store = path;
    m_undo.clear();
}

RunActs::Act RunActs::trashing(const QStringList& uuids)
{
    return [uuids](const std::filesystem::path& store) -> Result<Outcome> {
        if (auto done = store::trashByUuid(store, textsOf(uuids)); !done) return done.error();
        return Outcome{tr("%1 in the trash. Ctrl+Z in the list of runs brings it back.")
                           .arg(runsText(static_cast<std::size_t>(uuids.size()))),
                       restoring(uuids)};
    };
}

RunActs::Act RunActs::restoring(const QStringList& uuids)
{
    return [uuids](const std::filesystem::path& store) -> Result<Outcome> {
        if (auto done = store::restoreFromTrash(store, textsOf(uuids)); !done) return done.error();
        return Outcome{tr("Brought back."), trashing(uuids)};
    };
}

RunActs::Act RunActs::marking(const std::vector<store::MarkChange>& changes, bool isUndo)
{
    return [changes, isUndo](const std::filesystem::path& store) -> Result<Outcome> {
        auto inverse = store::changeMarks(store, changes);
        if (!inverse) return inverse.error();
        std::set<std::string> runs;
        for (const store::MarkChange& change : *inverse)
            runs.insert(change.uuid);
        if (runs.empty()) return Outcome{tr("Nothing changed."), {}};
        const QString sentence = isUndo ? tr("Tags and notes of %1 are as they were.")
                                        : tr("Marked %1. Ctrl+Z in the list of runs takes it back.");
        return Outcome{sentence.arg(runsText(runs.size())), marking(*inverse, !isUndo)};
    };
}

void RunActs::trash(const QStringList& uuids)
{
    if (!uuids.isEmpty()) start(trashing(uuids), false);
}

void RunActs::mark(const std::vector<store::MarkChange>& changes)
{
    if (!changes.empty()) start(marking(changes, false), false);
}

void RunActs::undo()
{
    if (m_undo.empty()) return Q_EMIT said(tr("Nothing was done to the runs here that could be taken back."), false);
    start(m_undo.back(), true);
}

void RunActs::start(const Act& act, bool isUndo)
{
    if (m_job.isRunning()) return Q_EMIT said(tr("The last one is still on its way; try again in a moment."), true);
    m_job.start([store = std::filesystem::path(QFile::encodeName(m_store).toStdString()), act] { return act(store); },
                [this, isUndo](const Result<Outcome>& outcome) {
                    if (outcome && isUndo) m_undo.pop_back();
                    if (outcome && !isUndo && outcome->undo) m_undo.push_back(outcome->undo);
                    Q_EMIT acted();
                    Q_EMIT said(outcome ? outcome->sentence : QString::fromStdString(outcome.error().message),
                                !outcome.ok());
                });
}

} // namespace gradus::viewmodels
