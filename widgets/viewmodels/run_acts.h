// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to the runs of a list and can be undone: the trash, tags and notes.
#pragma once

#include "common/job.h"
#include "store/run_marks.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <functional>
#include <vector>

namespace gradus::viewmodels {

/// One act at a time, off the GUI thread. What undoes an act is kept until it was undone: one that fails can be tried
/// again. GUI thread only.
class RunActs final : public QObject
{
    Q_OBJECT
public:
    explicit RunActs(QObject* parent = nullptr);

    /// What was done in another store cannot be undone here.
    void setStore(const QString& path);
    void trash(const QStringList& uuids);
    void mark(const std::vector<store::MarkChange>& changes);
    /// Takes the newest act back.
    void undo();

    bool isActing() const { return m_job.isRunning(); }
    int undoable() const { return static_cast<int>(m_undo.size()); } ///< acts that can be taken back

Q_SIGNALS:
    /// One sentence about what was done, or why it was not.
    void said(const QString& sentence, bool isFailure);
    /// The store was written, or may have been.
    void acted();

private:
    /// An act: runs in the pool; gives the sentence and what undoes it.
    struct Outcome;
    using Act = std::function<Result<Outcome>(const std::filesystem::path& store)>;
    struct Outcome
    {
        QString sentence;
        Act undo; ///< empty: there was nothing to do
    };
    static Act trashing(const QStringList& uuids);
    static Act restoring(const QStringList& uuids);
    static Act marking(const std::vector<store::MarkChange>& changes, bool isUndo);
    void start(const Act& act, bool isUndo);

    common::Job m_job;
    QString m_store;
    std::vector<Act> m_undo; ///< the newest last
};

} // namespace gradus::viewmodels
