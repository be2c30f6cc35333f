// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/writer_queue.h"

#include "store/record_writer.h"

#include <algorithm>
#include <utility>

namespace gradus::store {

namespace {

/// A commit does not wait for its time when so many points are there; keeps transactions and memory small.
constexpr std::size_t kPointsPerCommit = 50'000;
/// Producers wait beyond this: 64 MB of points.
constexpr std::size_t kMostPoints = 2'000'000;
constexpr std::size_t kMostWrites = 100'000;
/// Pages in the WAL from which on they are moved into the database, and from which on the file is cut back too.
constexpr int kCheckpointFrames = 1000;
constexpr int kRestartFrames = 20'000;
/// Each try waits the busy timeout of 5 s.
constexpr int kBusyTries = 12;

} // namespace

WriterQueue::WriterQueue(Database database) : m_database(std::move(database)), m_thread([this] { run(); }) {}

WriterQueue::~WriterQueue()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
    m_database.closeWithCheckpoint();
}

void WriterQueue::push(SeriesKey& series, const PointRow& point)
{
    std::unique_lock lock(m_mutex);
    if (m_pending.points.size() >= kMostPoints) waitForRoom(lock);
    while (!m_error && !keepForAKill(series, point)) {
        m_isJournalFull = true;
        m_wake.notify_one();
        waitForRoom(lock);
    }
    if (m_error) return;
    noteArrival();
    m_pending.points.push_back({&series, point});
    if (m_pending.points.size() == kPointsPerCommit) m_wake.notify_one();
}

void WriterQueue::push(Write write)
{
    std::unique_lock lock(m_mutex);
    if (m_pending.writes.size() >= kMostWrites) waitForRoom(lock);
    if (m_error) return;
    noteArrival();
    m_pending.writes.push_back(std::move(write));
}

void WriterQueue::pushProgress(std::int64_t runId, const events::Progress& progress, double wall)
{
    const std::lock_guard lock(m_mutex);
    if (m_error) return;
    noteArrival();
    m_pending.progress[runId] = {progress, wall};
}

void WriterQueue::noteArrival()
{
    if (!m_pending.empty()) return;
    m_due = std::chrono::steady_clock::now() + kCommitEvery;
    m_wake.notify_one();
}

bool WriterQueue::keepForAKill(SeriesKey& series, const PointRow& point)
{
    if (!m_hasTriedJournal) {
        m_hasTriedJournal = true;
        if (auto journal = PointJournal::create(m_database.path())) m_journal.emplace(std::move(*journal));
    }
    return !m_journal || m_journal->append(series.journal, series.runId, series.name, point);
}

void WriterQueue::waitForRoom(std::unique_lock<std::mutex>& lock)
{
    m_progressed.wait(lock, [this] {
        return m_error ||
               (!m_isJournalFull && m_pending.points.size() < kMostPoints && m_pending.writes.size() < kMostWrites);
    });
}

Result<void> WriterQueue::call(const Write& work, Order order)
{
    Call call{&work, order, {}};
    std::unique_lock lock(m_mutex);
    if (m_error) return *m_error;
    m_calls.push_back(&call);
    m_wake.notify_one();
    m_progressed.wait(lock, [&call] { return call.result.has_value(); });
    return *call.result;
}

Result<void> WriterQueue::flush()
{
    std::unique_lock lock(m_mutex);
    const std::int64_t ticket = ++m_flushesAsked;
    m_wake.notify_one();
    m_progressed.wait(lock, [&] { return m_error || m_flushesDone >= ticket; });
    if (m_error) return *m_error;
    return {};
}

std::optional<Error> WriterQueue::failed() const
{
    const std::lock_guard lock(m_mutex);
    return m_error;
}

bool WriterQueue::mustCommitNow() const
{
    if (m_stopping || m_isJournalFull || m_flushesAsked > m_flushesDone || m_pending.points.size() >= kPointsPerCommit)
        return true;
    return std::any_of(m_calls.begin(), m_calls.end(),
                       [](const Call* call) { return call->order == Order::AfterRecords; });
}

void WriterQueue::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        const auto wanted = [this] { return mustCommitNow() || !m_calls.empty(); };
        if (m_pending.empty())
            m_wake.wait(lock, [&] { return wanted() || !m_pending.empty(); });
        else
            m_wake.wait_until(lock, m_due, wanted);
        serveCalls(lock, Order::AtOnce);
        if (mustCommitNow() || (!m_pending.empty() && std::chrono::steady_clock::now() >= m_due)) commitPending(lock);
        serveCalls(lock, Order::AfterRecords);
        if (m_stopping && m_pending.empty() && m_calls.empty()) return;
    }
}

void WriterQueue::serveCalls(std::unique_lock<std::mutex>& lock, Order order)
{
    // A call that came while the batch was being committed may follow records that are still pending: next round.
    if (order == Order::AfterRecords && !m_pending.empty() && !m_error) return;
    std::vector<Call*> calls;
    for (Call* call : m_calls)
        if (call->order == order || m_error) calls.push_back(call);
    std::erase_if(m_calls, [&](Call* call) { return std::find(calls.begin(), calls.end(), call) != calls.end(); });
    for (Call* call : calls) {
        if (m_error) {
            call->result = Result<void>(*m_error);
            continue;
        }
        lock.unlock();
        Result<void> result = (*call->work)(m_database);
        lock.lock();
        call->result = std::move(result);
    }
    if (!calls.empty()) m_progressed.notify_all();
}

void WriterQueue::commitPending(std::unique_lock<std::mutex>& lock)
{
    Batch batch;
    std::swap(batch, m_pending);
    m_pending.points.reserve(std::min(batch.points.size(), kPointsPerCommit));
    if (m_journal && !m_error) m_journal->turn();
    m_isJournalFull = false;
    m_progressed.notify_all(); // there is room again: the other half is empty
    const std::int64_t flushes = m_flushesAsked;
    Result<void> done;
    if (!batch.empty() && !m_error) {
        lock.unlock();
        done = commit(batch);
        lock.lock();
    }
    if (!done && !m_error) {
        m_error = done.error();
        m_pending = {};
        if (m_journal) m_journal->keep();
    }
    if (m_journal && !m_error) m_journal->forgetTurned();
    m_flushesDone = flushes;
    m_progressed.notify_all();
}

Result<Transaction> WriterQueue::beginPatiently()
{
    for (int i = 1;; ++i) {
        auto transaction = Transaction::begin(m_database, Transaction::Kind::Write);
        if (transaction || i == kBusyTries || !m_database.wasBusy()) return transaction;
    }
}

Result<void> WriterQueue::commit(Batch& batch)
{
    {
        auto transaction = beginPatiently();
        if (!transaction) return transaction.error();
        if (auto done = writeBatch(batch); !done) return done;
        if (auto done = transaction->commit(); !done) return done;
    }
    const int frames = m_database.walFrames();
    if (frames < kCheckpointFrames) return {};
    return m_database.checkpoint(frames >= kRestartFrames);
}

Result<void> WriterQueue::writeBatch(Batch& batch)
{
    std::vector<SeriesKey*> touched;
    for (const auto& [series, point] : batch.points) {
        if (series->batch.empty()) touched.push_back(series);
        series->batch.push_back(point);
    }
    for (SeriesKey* series : touched) {
        if (series->id == 0) {
            const auto id = seriesIdOf(m_database, series->runId, series->name);
            if (!id) return id.error();
            series->id = *id;
        }
        if (auto done = writePoints(m_database, series->id, series->batch); !done) return done;
        series->batch.clear();
    }
    // Before the other writes, so that a final state is not followed by an older progress.
    for (const auto& [runId, timed] : batch.progress)
        if (auto done = writeProgress(m_database, runId, timed.progress, timed.wall); !done) return done;
    for (const Write& write : batch.writes)
        if (auto done = write(m_database); !done) return done;
    return {};
}

} // namespace gradus::store
