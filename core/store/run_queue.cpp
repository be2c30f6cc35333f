// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_queue.h"

#include "base/clock.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/queue_order.h"
#include "store/queue_rows.h"
#include "store/record_writer.h"

#include <algorithm>
#include <system_error>

namespace gradus::store {

namespace {

std::string shortName(const RunRow& run)
{
    return "Run " + run.uuid.substr(0, 8);
}

Error notQueued(std::int64_t run)
{
    return badInput("Run " + std::to_string(run) + " is not in the queue; `gradus queue list` shows what is.");
}

/// Whether `run` waits for itself if it waits for `after`.
bool isCircle(const QueueState& queue, std::int64_t run, std::int64_t after)
{
    std::optional<std::int64_t> at = after;
    for (std::size_t steps = 0; at && steps <= queue.rows.size(); ++steps) {
        if (*at == run) return true;
        const QueueRow* row = findRow(queue, *at);
        at = row ? row->after : std::nullopt;
    }
    return false;
}

Result<void> insertEntries(Database& database, const std::vector<std::int64_t>& ids, int threads,
                           std::optional<std::int64_t> after)
{
    for (const std::int64_t id : ids) {
        auto done = database.run("INSERT INTO queue_entry (run_id, position, after_run_id, threads, added_at) "
                                 "SELECT ?1, coalesce(max(position), 0) + 1, ?2, ?3, ?4 FROM queue_entry",
                                 id, after, threads, wallSeconds());
        if (!done) return done;
    }
    return {};
}

/// Numbers all rows of the queue in this order.
Result<void> writeOrder(Database& database, const std::vector<std::int64_t>& all)
{
    std::int64_t position = 0;
    for (const std::int64_t run : all)
        if (auto done = database.run("UPDATE queue_entry SET position = ?2 WHERE run_id = ?1", run, ++position); !done)
            return done;
    return {};
}

Result<void> requeue(Database& database, std::int64_t run)
{
    return writeState(database, run, RunState::Queued, {}, wallSeconds());
}

} // namespace

struct RunQueue::Impl
{
    Database database;
};

RunQueue::RunQueue(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
RunQueue::~RunQueue()
{
    if (m_impl) m_impl->database.closeWithCheckpoint();
}
RunQueue::RunQueue(RunQueue&&) noexcept = default;
RunQueue& RunQueue::operator=(RunQueue&&) noexcept = default;

Result<RunQueue> RunQueue::open(const std::filesystem::path& path)
{
    std::error_code code;
    if (!std::filesystem::exists(path, code))
        return badInput("There is no store at " + path.string() +
                        "; queue an experiment first with `gradus queue add`, or check the path.");
    return openOrCreate(path);
}

Result<RunQueue> RunQueue::openOrCreate(const std::filesystem::path& path)
{
    auto database = openForWriting(path);
    if (!database) return database.error();
    return RunQueue(std::make_unique<Impl>(Impl{std::move(*database)}));
}

template <typename Change>
Result<void> RunQueue::changed(Change change)
{
    Database& database = m_impl->database;
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    const auto queue = readQueue(database);
    if (!queue) return queue.error();
    if (Result<void> done = change(database, *queue); !done) return done;
    return transaction->commit();
}

Result<QueueState> RunQueue::state()
{
    const auto snapshot = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readQueue(m_impl->database);
}

Result<std::int64_t> RunQueue::dataVersion()
{
    return m_impl->database.integer("PRAGMA data_version");
}

Result<std::vector<std::int64_t>> RunQueue::add(const spec::Experiment& experiment, const std::string& sourceToml,
                                                const std::vector<spec::RunSpec>& runs,
                                                std::optional<std::int64_t> after)
{
    std::vector<std::int64_t> ids;
    auto done = changed([&](Database& database, const QueueState& queue) -> Result<void> {
        if (after && !findRow(queue, *after)) return notQueued(*after);
        if (auto inserted = insertRuns(database, experiment, sourceToml, runs, ids); !inserted) return inserted;
        return insertEntries(database, ids, experiment.compute.threads, after);
    });
    if (!done) return done.error();
    return ids;
}

Result<void> RunQueue::move(std::int64_t run, int places, int* moved)
{
    return changed([&](Database& database, const QueueState& queue) -> Result<void> {
        const QueueRow* row = findRow(queue, run);
        if (!row) return notQueued(run);
        if (!isWaiting(*row))
            return badInput(shortName(row->run) + " is " + nameOf(row->run.state) +
                            "; only runs that wait can be moved.");
        // The waiting ones change places with each other; the others keep theirs.
        std::vector<std::int64_t> waiting;
        for (const QueueRow& each : queue.rows)
            if (isWaiting(each)) waiting.push_back(each.run.id);
        const auto at = std::find(waiting.begin(), waiting.end(), run);
        const auto from = at - waiting.begin();
        const auto to = std::clamp<std::ptrdiff_t>(from + places, 0, std::ssize(waiting) - 1);
        if (moved) *moved = static_cast<int>(to - from);
        waiting.erase(at);
        waiting.insert(waiting.begin() + to, run);
        std::vector<std::int64_t> all;
        auto next = waiting.begin();
        for (const QueueRow& each : queue.rows)
            all.push_back(isWaiting(each) ? *next++ : each.run.id);
        return writeOrder(database, all);
    });
}

Result<void> RunQueue::setAfter(std::int64_t run, std::optional<std::int64_t> after)
{
    return changed([&](Database& database, const QueueState& queue) -> Result<void> {
        if (!findRow(queue, run)) return notQueued(run);
        if (after && !findRow(queue, *after)) return notQueued(*after);
        if (after && isCircle(queue, run, *after))
            return badInput("Run " + std::to_string(run) + " would wait for itself through run " +
                            std::to_string(*after) + "; choose another one to wait for.");
        return database.run("UPDATE queue_entry SET after_run_id = ?2 WHERE run_id = ?1", run, after);
    });
}

Result<void> RunQueue::setPaused(bool paused)
{
    return changed([&](Database& database, const QueueState&) -> Result<void> {
        if (!paused) return database.run("DELETE FROM queue_pause");
        return database.run("INSERT INTO queue_pause (id, paused_at) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING",
                            wallSeconds());
    });
}

Result<void> RunQueue::retry(std::int64_t run)
{
    return changed([&](Database& database, const QueueState& queue) -> Result<void> {
        const QueueRow* row = findRow(queue, run);
        if (!row) return notQueued(run);
        if (!canRetry(*row))
            return badInput(shortName(row->run) + " is " + nameOf(row->run.state) + "; there is nothing to retry.");
        if (auto done = requeue(database, run); !done) return done;
        return database.run("UPDATE queue_entry SET attempts = 0 WHERE run_id = ?1", run);
    });
}

Result<void> RunQueue::remove(std::int64_t run)
{
    return changed([&](Database& database, const QueueState& queue) -> Result<void> {
        const QueueRow* row = findRow(queue, run);
        if (!row) return notQueued(run);
        if (isUnderWay(*row))
            return badInput(shortName(row->run) + " is " + nameOf(row->run.state) +
                            "; stop it first with `gradus stop " + row->run.uuid.substr(0, 8) + "`.");
        return database.run("DELETE FROM queue_entry WHERE run_id = ?1", run);
    });
}

Result<std::int64_t> RunQueue::removeFinished()
{
    std::int64_t removed = 0;
    auto done = changed([&](Database& database, const QueueState&) -> Result<void> {
        auto deleted = database.run("DELETE FROM queue_entry WHERE run_id IN "
                                    "(SELECT id FROM run WHERE state = 'finished')");
        removed = database.changes();
        return deleted;
    });
    if (!done) return done.error();
    return removed;
}

Result<void> RunQueue::countAttempt(std::int64_t run)
{
    return changed([&](Database& database, const QueueState&) {
        return database.run("UPDATE queue_entry SET attempts = attempts + 1 WHERE run_id = ?1", run);
    });
}

Result<void> RunQueue::giveBack(std::int64_t run)
{
    return changed([&](Database& database, const QueueState& queue) -> Result<void> {
        const QueueRow* row = findRow(queue, run);
        if (!row || (row->run.state != RunState::Stopped && row->run.state != RunState::Queued)) return {};
        // An orderly end is no failed attempt.
        if (auto done = database.run("UPDATE queue_entry SET attempts = 0 WHERE run_id = ?1", run); !done) return done;
        return requeue(database, run);
    });
}

Result<void> RunQueue::giveUp(std::int64_t run, const std::string& sentence)
{
    return changed([&](Database& database, const QueueState& queue) -> Result<void> {
        const QueueRow* row = findRow(queue, run);
        // Somebody else's process may have taken it in the meantime.
        if (!row || row->run.state != RunState::Queued) return {};
        return writeState(database, run, RunState::Failed, sentence, wallSeconds());
    });
}

} // namespace gradus::store
