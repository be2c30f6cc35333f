// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_fork.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/pyramid.h"
#include "store/record_writer.h"
#include "store/rows.h"
#include "store/run_copy.h"
#include "store/text_search.h"

#include <array>

namespace gradus::store {

namespace {

/// Step at which a finished generation ended.
Result<std::int64_t> endOf(Database& database, const RunRow& run, int generation)
{
    auto query = database.prepare("SELECT last_step FROM generation WHERE run_id = ?1 AND number = ?2 AND "
                                  "last_step IS NOT NULL AND rolled_back = 0");
    if (!query) return query.error();
    const auto row = query->bind(run.id, generation).step();
    if (!row) return row.error();
    if (!*row)
        return badInput("Run " + visible(run.uuid.substr(0, 8)) + " has no finished generation " +
                        std::to_string(generation) + "; `gradus show` says which it has.");
    return query->integer(0);
}

/// Rows of a run that came after a generation: ?1 the run, ?2 the generation. Children before what they refer to.
constexpr std::array kLaterRows{
    "DELETE FROM safe_behaviour WHERE hazard_id IN (SELECT id FROM hazard WHERE run_id = ?1 AND generation > ?2)",
    "DELETE FROM hazard WHERE run_id = ?1 AND generation > ?2",
    "DELETE FROM verdict WHERE episode_id IN (SELECT id FROM episode WHERE run_id = ?1 AND generation > ?2)",
    "DELETE FROM verdict_change WHERE episode_id IN (SELECT id FROM episode WHERE run_id = ?1 AND generation > ?2)",
    "DELETE FROM preference WHERE first_id IN (SELECT id FROM episode WHERE run_id = ?1 AND generation > ?2) OR "
    "second_id IN (SELECT id FROM episode WHERE run_id = ?1 AND generation > ?2)",
    "DELETE FROM message WHERE episode_id IN (SELECT id FROM episode WHERE run_id = ?1 AND generation > ?2)",
    "DELETE FROM episode WHERE run_id = ?1 AND generation > ?2",
    "DELETE FROM label WHERE run_id = ?1 AND generation > ?2",
    "DELETE FROM artefact WHERE run_id = ?1 AND generation > ?2",
    // Where the next generation was to stand was said in the name of this one.
    "DELETE FROM stage WHERE run_id = ?1 AND (generation > ?2 OR (generation = ?2 AND kind = 'gap'))",
    "DELETE FROM event WHERE run_id = ?1 AND (generation > ?2 OR (generation = ?2 AND kind LIKE 'gap.%'))",
};

/// A generation's last step is the next one's first: what is said of a beginning alone belongs to the next.
Result<void> deletePoints(Database& database, std::int64_t runId, int generation, std::int64_t end)
{
    auto done = database.run("DELETE FROM point WHERE step > ?2 AND series_id IN "
                             "(SELECT id FROM series WHERE run_id = ?1)",
                             runId, end);
    if (!done) return done;
    done = database.run("DELETE FROM point WHERE step = ?2 AND series_id IN (SELECT id FROM series WHERE run_id = ?1 "
                        "AND (name = 'gap/delta' OR name LIKE 'signal/%' OR name LIKE 'setting/%')) AND EXISTS "
                        "(SELECT 1 FROM generation WHERE run_id = ?1 AND number > ?3)",
                        runId, end, generation);
    if (!done) return done;
    std::vector<std::int64_t> series;
    auto query = database.prepare("SELECT id FROM series WHERE run_id = ?1");
    if (!query) return query.error();
    query->bind(runId);
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        series.push_back(query->integer(0));
    }
    for (const std::int64_t id : series)
        if (auto rebuilt = rebuildPyramid(database, id); !rebuilt) return rebuilt;
    return database.run("DELETE FROM series WHERE run_id = ?1 AND NOT EXISTS "
                        "(SELECT 1 FROM point WHERE series_id = series.id)",
                        runId);
}

/// The run says what it had said at the end of that generation, and nothing else.
Result<void> cutAfter(Database& database, std::int64_t runId, int generation, std::int64_t end)
{
    if (auto done = forgetAfter(database, runId, generation); !done) return done;
    for (const char* sql : kLaterRows)
        if (auto done = database.run(sql, runId, generation); !done) return done;
    auto done = database.run("DELETE FROM event WHERE run_id = ?1 AND step > ?2", runId, end);
    if (!done) return done;
    if (done = deletePoints(database, runId, generation, end); !done) return done;
    done = database.run("DELETE FROM generation WHERE run_id = ?1 AND number > ?2", runId, generation);
    if (!done) return done;
    done = database.run("UPDATE run SET step = ?3, seconds_left = -1, activity = '', failure = '', "
                        "progress = CASE WHEN generations > 0 THEN CAST(?2 AS REAL) / generations ELSE 0 END "
                        "WHERE id = ?1",
                        runId, generation, end);
    return done ? updateLastValues(database, runId, generation) : done;
}

/// Whoever worked on the original does not work on its copy, and nobody has asked anything of it.
Result<void> disown(Database& database, std::int64_t runId)
{
    auto done = database.run("UPDATE run SET owner_pid = NULL, owner_started = NULL, owner_boot = NULL, "
                             "owner_place = NULL, heartbeat_at = NULL WHERE id = ?1",
                             runId);
    if (!done) return done;
    done = database.run("DELETE FROM command WHERE run_id = ?1", runId);
    if (!done) return done;
    return database.run("DELETE FROM event WHERE run_id = ?1 AND kind LIKE 'command.%'", runId);
}

Result<RunRow> existing(Database& database, std::int64_t runId)
{
    auto row = readRun(database, runId);
    if (!row) return row.error();
    if (!*row) return noSuchRun(database, std::to_string(runId));
    return std::move(**row);
}

Result<void> mayRollBack(const RunRow& run)
{
    const std::string name = "Run " + visible(run.uuid.substr(0, 8));
    switch (run.state) {
    case RunState::Stopped:
    case RunState::Failed:
    case RunState::Crashed:
        return {};
    case RunState::Finished:
        return Error{.message = name + " is finished, and a finished run stays as it is; take another way from an "
                                       "earlier generation with `gradus branch`.",
                     .kind = ErrorKind::Refused};
    case RunState::Queued:
        return Error{.message = name + " waits in the queue; take it out with `gradus queue remove` first.",
                     .kind = ErrorKind::Refused};
    default:
        return Error{.message = name + " is being worked on; stop it with `gradus stop` first.",
                     .kind = ErrorKind::Refused};
    }
}

} // namespace

Result<std::int64_t> addBranch(const std::filesystem::path& store, const Branch& branch, bool queued)
{
    auto opened = openForWriting(store);
    if (!opened) return opened.error();
    Database& database = *opened;
    const auto tables = runTables(database);
    if (!tables) return tables.error();
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    const auto parent = existing(database, branch.parent);
    if (!parent) return parent.error();
    const auto end = endOf(database, *parent, branch.generation);
    if (!end) return end.error();
    const auto made = copyRun(database, branch.parent, database, *tables, branch.uuid);
    if (!made) return made.error();
    const auto experiment = experimentIdOf(database, branch.run.experiment, branch.sourceToml);
    if (!experiment) return experiment.error();
    auto done =
        database.run("UPDATE run SET experiment_id = ?2, condition = ?3, state = 'queued', created_at = ?4, "
                     "started_at = NULL, ended_at = NULL, generations = ?5 WHERE id = ?1",
                     *made, *experiment, branch.run.condition, wallSeconds(), branch.run.experiment.ladder.generations);
    if (done) done = disown(database, *made);
    if (done)
        done = database.run("UPDATE run_spec SET canonical = ?2 WHERE run_id = ?1", *made,
                            spec::canonicalToml(branch.run.experiment));
    // Where the parent came from is the parent's to say.
    if (done)
        done = database.run("DELETE FROM event WHERE run_id = ?1 AND kind IN (?2, ?3)", *made, events::kBranchedEvent,
                            events::kSupersededEvent);
    // And what people said was said of the parent.
    for (const char* sql : {"DELETE FROM run_tag WHERE run_id = ?1", "DELETE FROM run_note WHERE run_id = ?1"})
        if (done) done = database.run(sql, *made);
    if (done) done = cutAfter(database, *made, branch.generation, *end);
    if (done) done = writeEvent(database, *made, branch.lineage, wallSeconds());
    if (done && queued)
        done = database.run("INSERT INTO queue_entry (run_id, position, threads, added_at) "
                            "SELECT ?1, coalesce(max(position), 0) + 1, ?2, ?3 FROM queue_entry",
                            *made, branch.run.experiment.compute.threads, wallSeconds());
    if (done) done = transaction->commit();
    if (!done) return done.error();
    database.closeWithCheckpoint();
    return *made;
}

Result<std::int64_t> rollBack(const std::filesystem::path& store, const RollBack& rollBack)
{
    auto opened = openForWriting(store);
    if (!opened) return opened.error();
    Database& database = *opened;
    const auto tables = runTables(database);
    if (!tables) return tables.error();
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    const auto run = existing(database, rollBack.run);
    if (!run) return run.error();
    if (const auto may = mayRollBack(*run); !may) return may.error();
    const auto end = endOf(database, *run, rollBack.generation);
    if (!end) return end.error();
    const auto taken = copyRun(database, rollBack.run, database, *tables, rollBack.uuid);
    if (!taken) return taken.error();
    auto done = writeState(database, *taken, RunState::Stopped, {}, wallSeconds());
    if (done) done = disown(database, *taken);
    // It is no further repetition of its condition.
    if (done)
        done = database.run("UPDATE run SET condition = condition || CASE WHEN condition = '' THEN '' ELSE ', ' END || "
                            "'superseded after A' || ?2 WHERE id = ?1",
                            *taken, rollBack.generation);
    if (done) done = writeEvent(database, *taken, rollBack.marks, wallSeconds());
    if (done) done = cutAfter(database, rollBack.run, rollBack.generation, *end);
    if (done) done = writeState(database, rollBack.run, RunState::Stopped, {}, wallSeconds());
    for (const events::RunEvent& event : rollBack.said)
        if (done) done = writeEvent(database, rollBack.run, event, wallSeconds());
    if (done) done = transaction->commit();
    if (!done) return done.error();
    database.closeWithCheckpoint();
    return *taken;
}

} // namespace gradus::store
