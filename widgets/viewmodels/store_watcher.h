// SPDX-License-Identifier: GPL-3.0-or-later
// Follows a run store for the window: polls it in a thread of its own and sends what is new as plain structs.
#pragma once

#include "store/fired_alert.h"
#include "store/records.h"
#include "store/vote_count.h"

#include <QObject>
#include <QString>
#include <QThread>
#include <QVector>

#include <cstdint>

namespace gradus::viewmodels {

class StorePoller;

/// New points of the watched run.
struct PointBatch
{
    std::int64_t runId = 0;
    bool fromStart = false; ///< the first batch after watch() or after the store was replaced: forget older points
    double newestWall = 0;  ///< wall seconds of the newest point in it, 0 without points; now - this = latency so far
    QVector<store::SeriesPoints> series;
};

/// What the sources of the watched run have said so far.
struct VoteTally
{
    std::int64_t runId = 0;
    QVector<store::VoteCount> counts;
};

/// The window's eye on one store. Lives in the GUI thread; the reader and every query live in its own thread, so no
/// signal is later than the poll interval plus one query, and the GUI never waits for the disk.
/// A missing store is waited for; a replaced one is reopened; a run whose process died shows up as Crashed within a
/// second although nothing was written. All texts in what it sends are untrusted: show them as plain text.
class StoreWatcher final : public QObject
{
    Q_OBJECT
public:
    static constexpr int kPollMilliseconds = 100;

    explicit StoreWatcher(QObject* parent = nullptr);
    ~StoreWatcher() override; ///< waits for a query that is under way

    /// Follows the store at path from now on; an empty path follows nothing.
    void open(const QString& path);
    /// Also reads details and points of this run; 0 for none.
    void watch(std::int64_t runId);
    /// Looks at once instead of at the next poll (after the window itself wrote a command).
    void refresh();

    std::int64_t watchedRun() const { return m_watchedRun; }
    QString path() const { return m_path; }

Q_SIGNALS:
    void storeReady(const QString& path);
    void storeWaiting(const QString& sentence); ///< there is no store there yet
    void storeFailed(const QString& sentence);  ///< unreadable, not a store, or from a newer version; retried
    void storeChanged(); ///< something was committed by whomever, at most once a poll; also when it is opened
    void runsChanged(const QVector<gradus::store::RunRow>& runs); ///< newest first; only when it differs
    void queueChanged(const gradus::store::QueueState& queue);    ///< only when it differs
    void runDetailChanged(const gradus::store::RunDetail& detail);
    void pointsArrived(const gradus::viewmodels::PointBatch& batch);
    void votesCounted(const gradus::viewmodels::VoteTally& tally); ///< with the run, and after each panel of sources
    void alertsFired(const QVector<gradus::store::FiredAlert>& alerts); ///< of any run, since the store was opened
    void storeSizeChanged(qint64 bytes);

private:
    QThread m_thread;
    StorePoller* m_poller; // owned by m_thread's finished signal
    QString m_path;
    std::int64_t m_watchedRun = 0;
};

} // namespace gradus::viewmodels
