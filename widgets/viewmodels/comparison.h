// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that are compared: read from the store off the GUI thread, grouped, and read again when they have grown.
#pragma once

#include "common/job.h"
#include "compare/contrasts.h"

#include <QObject>
#include <QSet>
#include <QString>
#include <QTimer>
#include <QVector>

#include <memory>
#include <vector>

namespace gradus::viewmodels {

/// What is compared. Never changes once it is made: jobs in other threads read it while the page shows the next one.
struct ComparedData
{
    std::vector<compare::ComparedRun> runs; ///< oldest first
    compare::Grouping grouping;
    QVector<int> styles; ///< one a group: its place in the colour cycle, that of the Runs tree where it is free
    compare::AskedContrasts asked; ///< by the files that the runs came from
    QString error;                 ///< why the store could not be read; then the rest is empty
};
using ComparedDataPtr = std::shared_ptr<const ComparedData>; ///< shared with the jobs that compute curves from it

/// GUI thread only; reading happens in the pool with a connection of its own.
class Comparison final : public QObject
{
    Q_OBJECT
public:
    explicit Comparison(QObject* parent = nullptr);

    void open(const QString& store);
    /// All runs of the store as StoreWatcher sends them; chosen ones that grew are read again, at most every 2 s.
    void setRows(const QVector<store::RunRow>& rows);
    /// colours: the Runs tree's place in the cycle, by run.
    void choose(const QSet<std::int64_t>& runs, const QHash<std::int64_t, int>& colours);

    const QString& store() const { return m_store; }
    const ComparedData& data() const { return *m_data; }
    ComparedDataPtr shared() const { return m_data; }
    /// Something chosen is still on its way.
    bool isLoading() const { return m_job.isRunning() || m_delay.isActive(); }

Q_SIGNALS:
    void changed();

private:
    void read();

    common::Job m_job;
    QTimer m_delay;
    QString m_store;
    QVector<store::RunRow> m_rows;
    QSet<std::int64_t> m_chosen;
    QHash<std::int64_t, int> m_colours;
    ComparedDataPtr m_data;
};

/// Reads and groups these runs; blocks. Runs that are gone are left out.
ComparedData readComparison(const QString& store, const QVector<std::int64_t>& runs,
                            const QHash<std::int64_t, int>& colours);

} // namespace gradus::viewmodels
