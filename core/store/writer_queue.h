// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that owns the write connection, and the queue in front of it.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "store/database.h"
#include "store/point_journal.h"
#include "store/records.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gradus::store {

/// A series of a run, so that a queued point need not carry its name. Stays at one address.
struct SeriesKey
{
    std::int64_t runId = 0;
    std::string name;
    JournalPlace journal; ///< guarded by the queue's mutex
    // The writer's thread alone touches these:
    std::int64_t id = 0;
    std::vector<PointRow> batch;
};

/// Records pushed here are committed together at most kCommitEvery apart. Nothing is dropped: a producer that is faster
/// than the disk waits; and points that were pushed survive a kill of the process (see point_journal.h). The first
/// failure ends all writing. All public functions may be called from any thread.
class WriterQueue final
{
public:
    static constexpr std::chrono::milliseconds kCommitEvery{100};

    using Write = std::function<Result<void>(Database&)>;
    /// When a call runs, seen from the records queued before it.
    enum class Order
    {
        AfterRecords, ///< they are committed first
        AtOnce,       ///< does not wait for a commit: for polling
    };

    explicit WriterQueue(Database database);
    ~WriterQueue(); ///< commits what is queued, then closes the database with a last checkpoint
    WriterQueue(const WriterQueue&) = delete;
    WriterQueue& operator=(const WriterQueue&) = delete;

    void push(SeriesKey& series, const PointRow& point);
    /// A write that shares the batch's transaction; its error is a failure of the writer.
    void push(Write write);
    /// Only the newest of a run is written.
    void pushProgress(std::int64_t runId, const events::Progress& progress, double wall);

    /// Runs the function in the writer's thread and returns its result; it opens its own transaction if it writes. Its
    /// error is the caller's own and does not end the writing.
    Result<void> call(const Write& work, Order order);
    Result<void> flush();
    std::optional<Error> failed() const;

private:
    struct QueuedPoint
    {
        SeriesKey* series;
        PointRow point;
    };
    struct TimedProgress
    {
        events::Progress progress;
        double wall = 0;
    };
    struct Batch
    {
        std::vector<QueuedPoint> points;
        std::vector<Write> writes;
        std::map<std::int64_t, TimedProgress> progress;
        bool empty() const { return points.empty() && writes.empty() && progress.empty(); }
    };
    struct Call
    {
        const Write* work;
        Order order;
        std::optional<Result<void>> result;
    };

    void run();
    void serveCalls(std::unique_lock<std::mutex>& lock, Order order);
    void commitPending(std::unique_lock<std::mutex>& lock);
    Result<void> commit(Batch& batch);
    Result<Transaction> beginPatiently();
    Result<void> writeBatch(Batch& batch);
    bool mustCommitNow() const;
    void noteArrival();
    /// Into the journal, made for the first point; false: it is full.
    bool keepForAKill(SeriesKey& series, const PointRow& point);
    void waitForRoom(std::unique_lock<std::mutex>& lock);

    Database m_database; ///< the thread's own

    mutable std::mutex m_mutex;           ///< guards everything below
    std::condition_variable m_wake;       ///< the thread waits here
    std::condition_variable m_progressed; ///< flush(), call() and full producers wait here
    Batch m_pending;
    std::optional<PointJournal> m_journal; ///< of what is pending or being committed
    bool m_hasTriedJournal = false;
    bool m_isJournalFull = false; ///< until its halves turn
    std::vector<Call*> m_calls;
    std::chrono::steady_clock::time_point m_due; ///< when the pending batch must be committed
    std::int64_t m_flushesAsked = 0;
    std::int64_t m_flushesDone = 0;
    bool m_stopping = false;
    std::optional<Error> m_error;

    std::thread m_thread; ///< last: starts when all else stands
};

} // namespace gradus::store
