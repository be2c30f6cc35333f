// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_writer.h"

#include "base/clock.h"
#include "base/text.h"
#include "events/run_commands.h"
#include "store/episode_rows.h"
#include "store/imported_run.h"
#include "store/opening.h"
#include "store/record_writer.h"
#include "store/rows.h"
#include "store/series_rows.h"
#include "store/vote_rows.h"
#include "store/writer_queue.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>

namespace gradus::store {

namespace {

/// Queues what one run says.
class RunSink final : public events::EventSink
{
public:
    RunSink(WriterQueue& queue, std::int64_t runId) : m_queue(queue), m_runId(runId) {}

    void point(const events::MetricPoint& point) override
    {
        m_queue.push(series(point.series), {point.step, wallSeconds(), point.value});
    }
    void stage(const events::StageEvent& event) override
    {
        m_queue.push([id = m_runId, event, wall = wallSeconds()](Database& database) {
            return writeStage(database, id, event, wall);
        });
    }
    void generation(const events::GenerationRecord& record) override
    {
        m_queue.push([id = m_runId, record](Database& database) { return writeGeneration(database, id, record); });
    }
    void event(const events::RunEvent& event) override
    {
        m_queue.push([id = m_runId, event, wall = wallSeconds()](Database& database) {
            return writeEvent(database, id, event, wall);
        });
    }
    void votes(const events::VoteRecord& votes) override
    {
        m_queue.push([id = m_runId, votes](Database& database) { return writeVotes(database, id, votes); });
    }
    void episode(const events::EpisodeRecord& episode) override
    {
        m_queue.push([id = m_runId, episode, wall = wallSeconds()](Database& database) {
            return writeEpisode(database, id, episode, wall);
        });
    }
    void progress(const events::Progress& progress) override { m_queue.pushProgress(m_runId, progress, wallSeconds()); }

private:
    SeriesKey& series(const std::string& name)
    {
        const std::lock_guard lock(m_mutex);
        const auto known = m_series.find(name);
        if (known != m_series.end()) return known->second;
        return m_series.emplace(name, SeriesKey{m_runId, name, {}, 0, {}}).first->second;
    }

    WriterQueue& m_queue;
    const std::int64_t m_runId;
    std::mutex m_mutex;
    std::unordered_map<std::string, SeriesKey> m_series; ///< elements keep their address
};

Result<ResumePoint> readResumePoint(Database& database, std::int64_t runId)
{
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    auto run = readRun(database, runId);
    if (!run) return run.error();
    if (!*run) return noSuchRun(database, std::to_string(runId));
    auto spec = readSpec(database, runId);
    if (!spec) return spec.error();
    auto generations = readGenerations(database, runId);
    if (!generations) return generations.error();
    auto stages = readStages(database, runId);
    if (!stages) return stages.error();
    auto events = readEvents(database, runId);
    if (!events) return events.error();
    auto utility = readSeries(database, runId, "utility/competence");
    if (!utility) return utility.error();
    return ResumePoint{runId,
                       (*run)->uuid,
                       (*run)->condition,
                       (*run)->seed,
                       std::move(*spec),
                       (*run)->state,
                       std::move(*generations),
                       std::move(*stages),
                       std::move(*events),
                       std::move(*utility)};
}

Result<std::vector<CommandRow>> readWaitingCommands(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT id, verb FROM command WHERE run_id = ?1 AND taken_at IS NULL ORDER BY id");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<CommandRow> commands;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return commands;
        commands.push_back({query->integer(0), runId, query->text(1), {}});
    }
}

/// Payloads are in the events that the commands were asked for: few, and read only when there is something to obey.
Result<void> addPayloads(Database& database, std::int64_t runId, std::vector<CommandRow>& commands)
{
    auto query = database.prepare("SELECT details FROM event WHERE run_id = ?1 AND kind = ?2 ORDER BY id");
    if (!query) return query.error();
    query->bind(runId, events::kCommandAsked);
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return {};
        const auto note = events::commandOf(query->text(0));
        if (!note) continue;
        for (CommandRow& command : commands)
            if (command.id == note->id) command.payload = note->payload;
    }
}

/// Runs work inside a write transaction.
Result<void> inTransaction(Database& database, const std::function<Result<void>()>& work)
{
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    if (auto done = work(); !done) return done;
    return transaction->commit();
}

/// Marks the run's waiting commands as taken. Polled after every step: looking must not cost a commit.
Result<void> takeWaiting(Database& database, std::int64_t runId, std::vector<CommandRow>& taken)
{
    const auto waiting = readWaitingCommands(database, runId);
    if (!waiting) return waiting.error();
    if (waiting->empty()) return {};
    return inTransaction(database, [&]() -> Result<void> {
        auto commands = readWaitingCommands(database, runId);
        if (!commands) return commands.error();
        taken = std::move(*commands);
        if (auto done = addPayloads(database, runId, taken); !done) return done;
        return database.run("UPDATE command SET taken_at = ?2 WHERE run_id = ?1 AND taken_at IS NULL", runId,
                            wallSeconds());
    });
}

/// The command, and the event that it was asked for at the step where the run is.
Result<void> insertCommand(Database& database, std::int64_t runId, events::CommandNote& note)
{
    const double wall = wallSeconds();
    auto query = database.prepare("SELECT generation, step FROM run WHERE id = ?1");
    if (!query) return query.error();
    query->bind(runId);
    const auto row = query->step();
    if (!row) return row.error();
    if (!*row) return noSuchRun(database, std::to_string(runId));
    const auto generation = static_cast<int>(query->integer(0));
    const std::int64_t step = query->integer(1);
    auto done =
        database.run("INSERT INTO command (run_id, verb, posted_at) VALUES (?1, ?2, ?3)", runId, note.verb, wall);
    if (!done) return done;
    note.id = database.lastInsertId();
    return writeEvent(database, runId,
                      events::commandEvent(events::kCommandAsked, note, generation, step,
                                           "Asked: " + note.verb + " (request " + std::to_string(note.id) + ")."),
                      wall);
}

} // namespace

struct StoreWriter::Impl
{
    explicit Impl(Database database) : queue(std::move(database)) {}

    std::mutex mutex;
    std::map<std::int64_t, std::unique_ptr<RunSink>> sinks; ///< guarded by mutex
    WriterQueue queue;                                      ///< last: its thread ends before the series of the sinks go
};

StoreWriter::StoreWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
StoreWriter::~StoreWriter() = default;

Result<std::unique_ptr<StoreWriter>> StoreWriter::open(const std::filesystem::path& path)
{
    auto database = openForWriting(path);
    if (!database) return database.error();
    return std::unique_ptr<StoreWriter>(new StoreWriter(std::make_unique<Impl>(std::move(*database))));
}

Result<std::vector<std::int64_t>> StoreWriter::addRuns(const spec::Experiment& experiment,
                                                       const std::string& sourceToml,
                                                       const std::vector<spec::RunSpec>& runs)
{
    std::vector<std::int64_t> ids;
    const WriterQueue::Write add = [&](Database& database) {
        return inTransaction(database, [&] { return insertRuns(database, experiment, sourceToml, runs, ids); });
    };
    if (auto done = m_impl->queue.call(add, WriterQueue::Order::AfterRecords); !done) return done.error();
    return ids;
}

Result<std::int64_t> StoreWriter::addOther(const OtherRun& run)
{
    std::int64_t id = 0;
    const WriterQueue::Write add = [&](Database& database) {
        return inTransaction(database, [&]() -> Result<void> {
            const auto made = insertOtherRun(database, run);
            if (!made) return made.error();
            id = *made;
            return {};
        });
    };
    if (auto done = m_impl->queue.call(add, WriterQueue::Order::AfterRecords); !done) return done.error();
    return id;
}

Result<ResumePoint> StoreWriter::resumePoint(std::int64_t runId)
{
    ResumePoint point;
    const WriterQueue::Write read = [&](Database& database) -> Result<void> {
        auto found = readResumePoint(database, runId);
        if (!found) return found.error();
        point = std::move(*found);
        return {};
    };
    if (auto done = m_impl->queue.call(read, WriterQueue::Order::AfterRecords); !done) return done.error();
    return point;
}

Result<void> StoreWriter::claim(std::int64_t runId)
{
    const WriterQueue::Write take = [&](Database& database) {
        return inTransaction(database, [&] { return claimRun(database, runId, wallSeconds()); });
    };
    return m_impl->queue.call(take, WriterQueue::Order::AfterRecords);
}

void StoreWriter::setState(std::int64_t runId, RunState state, const std::string& failure)
{
    m_impl->queue.push([runId, state, failure, wall = wallSeconds()](Database& database) {
        return writeState(database, runId, state, failure, wall);
    });
}

void StoreWriter::artefact(std::int64_t runId, int generation, const std::string& kind, const std::string& path,
                           const std::string& sha256)
{
    m_impl->queue.push([artefact = Artefact{runId, generation, kind, path, sha256},
                        wall = wallSeconds()](Database& database) { return writeArtefact(database, artefact, wall); });
}

events::EventSink& StoreWriter::sink(std::int64_t runId)
{
    const std::lock_guard lock(m_impl->mutex);
    auto& sink = m_impl->sinks[runId];
    if (!sink) sink = std::make_unique<RunSink>(m_impl->queue, runId);
    return *sink;
}

Result<void> StoreWriter::flush()
{
    return m_impl->queue.flush();
}

std::optional<Error> StoreWriter::failed() const
{
    return m_impl->queue.failed();
}

Result<std::int64_t> StoreWriter::postCommand(std::int64_t runId, const std::string& verb, const std::string& payload)
{
    // What no worker acts on is refused here, not accepted and dropped there.
    if (std::ranges::find(events::kCommandVerbs, verb) == events::kCommandVerbs.end()) {
        std::string known;
        for (const std::string_view one : events::kCommandVerbs)
            known += (known.empty() ? "" : ", ") + std::string(one);
        return badInput("A run knows no command \"" + visible(verb, 40) + "\"; use one of " + known + ".");
    }
    events::CommandNote note{.verb = verb, .payload = payload};
    const WriterQueue::Write post = [&](Database& database) {
        return inTransaction(database, [&] { return insertCommand(database, runId, note); });
    };
    if (auto done = m_impl->queue.call(post, WriterQueue::Order::AtOnce); !done) return done.error();
    return note.id;
}

Result<std::vector<CommandRow>> StoreWriter::takeCommands(std::int64_t runId)
{
    std::vector<CommandRow> taken;
    const WriterQueue::Write take = [&](Database& database) { return takeWaiting(database, runId, taken); };
    if (auto done = m_impl->queue.call(take, WriterQueue::Order::AtOnce); !done) return done.error();
    return taken;
}

} // namespace gradus::store
