// SPDX-License-Identifier: GPL-3.0-or-later
// From a draft to a worker: freezes the text into a file nobody edits and starts `gradus run` on it, detached.
#pragma once

#include "base/result.h"

#include <QString>
#include <QStringList>

#include <string>

namespace gradus::viewmodels {

/// Where things lie; program is empty for the `gradus` that lies beside this program.
struct LaunchPlace
{
    QString workspace; ///< folder with experiments/ and gradus.db
    QString program;
};

struct Launched
{
    QString file; ///< the frozen experiment; none for a branch
    QString log;  ///< the worker's own output
    qint64 processId = 0;
    qint64 logWas = 0; ///< bytes of earlier processes in the log
};

/// Stateless but for its place. The worker is nobody's child: it outlives the window. GUI thread; nothing waits.
class Launcher final
{
public:
    explicit Launcher(LaunchPlace place);

    /// experiments/NAME-HASH8.toml of the workspace, the same text always the same file. Refused for text that does not
    /// parse.
    Result<QString> freeze(const std::string& toml) const;
    /// Freezes and starts; one sentence when either fails.
    Result<Launched> launch(const std::string& toml) const;
    /// Lets a worker work through the queue; one that finds another worker ends at once.
    Result<void> startQueueWorker() const;
    /// Continues a run from its last checkpoint.
    Result<qint64> resume(const QString& runUuid) const;
    /// What `gradus branch` is told: a run's UUID, the last generation kept, "key=value" for what follows.
    struct Branch
    {
        QString run;
        int generation = 1;
        QStringList assignments = {};
    };
    /// A run of its own that begins after a generation of another one.
    Result<Launched> branch(const Branch& branch) const;
    QStringList argumentsOf(const Branch& branch) const; ///< of the program
    QString commandLine(const Branch& branch) const;
    /// Asks something of a living run: one of events::kCommandVerbs that needs no payload. Whether it was obeyed, the
    /// run's own events say.
    Result<void> ask(const QString& runUuid, const QString& verb) const;
    /// Asks a living run to watch these alert rules and no others.
    Result<void> watchAlerts(const QString& runUuid, const QStringList& rules) const;
    /// What to type to run a file without the window.
    QString commandLine(const QString& file) const;

    QString storePath() const;
    QString programPath() const;

private:
    /// log: where its errors go; empty: nowhere, they are in its store.
    Result<qint64> start(const QStringList& arguments, const QString& log = {}) const;

    LaunchPlace m_place;
};

/// The log, in the workspace's experiments, of processes that made branches of the run with this UUID.
QString branchLogName(const QString& parent);
/// "gap annealing, draft 7" -> "gap-annealing-draft-7": a file's name, never empty, at most 48 characters.
QString fileNameOf(const QString& experimentName);

} // namespace gradus::viewmodels
