// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/trash.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/record_writer.h"
#include "store/rows.h"
#include "store/run_copy.h"

#include <algorithm>
#include <system_error>

namespace gradus::store {

namespace {

/// When a run was put aside is an event of it, in the trash alone.
constexpr const char* kTrashed = "store.trashed";

Result<Database> openTrash(const std::filesystem::path& store)
{
    return openForWriting(trashOf(store));
}

bool isThere(const std::filesystem::path& path)
{
    std::error_code code;
    return std::filesystem::exists(path, code);
}

/// `to` has the run when this returns, and `from` still has it.
Result<std::int64_t> copyInto(Database& from, std::int64_t runId, Database& to)
{
    const auto tables = runTables(to);
    if (!tables) return tables.error();
    const auto run = readRun(from, runId);
    if (!run) return run.error();
    if (!*run) return noSuchRun(from, std::to_string(runId));
    auto transaction = Transaction::begin(to, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    // Left there by a move that was cut short: the store it comes from has the newer state.
    const auto left = findUuid(to, (*run)->uuid);
    if (!left) return left.error();
    if (*left)
        if (auto done = deleteRun(to, **left, *tables); !done) return done.error();
    const auto copied = copyRun(from, runId, to, *tables);
    if (!copied) return copied.error();
    if (auto done = transaction->commit(); !done) return done.error();
    return *copied;
}

Result<void> removeFrom(Database& database, std::int64_t runId)
{
    const auto tables = runTables(database);
    if (!tables) return tables.error();
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    if (auto done = deleteRun(database, runId, *tables); !done) return done;
    return transaction->commit();
}

/// Nobody may be working on the run, nor about to.
Result<void> mayGo(Database& database, std::int64_t runId)
{
    const auto run = readRun(database, runId);
    if (!run) return run.error();
    if (!*run) return noSuchRun(database, std::to_string(runId));
    const RunState state = (*run)->state;
    const std::string name = "Run " + visible((*run)->uuid.substr(0, 8));
    if (state == RunState::Queued)
        return Error{.message = name + " waits in the queue; take it out with `gradus queue remove` first.",
                     .kind = ErrorKind::Refused};
    if (state == RunState::Preparing || state == RunState::Running || state == RunState::Stopping)
        return Error{.message = name + " is being worked on; stop it with `gradus stop` first.",
                     .kind = ErrorKind::Refused};
    return {};
}

Result<void> markTrashed(Database& trash, std::int64_t runId)
{
    if (auto done = trash.run("DELETE FROM event WHERE run_id = ?1 AND kind = ?2", runId, kTrashed); !done) return done;
    return writeEvent(trash, runId, {kTrashed, 0, 0, "Put into the trash.", "{}"}, wallSeconds());
}

Error notInTrash(const std::string& uuid)
{
    return badInput("There is no run " + visible(uuid, 40) + " in the trash; `gradus trash list` shows what is.");
}

} // namespace

std::filesystem::path trashOf(const std::filesystem::path& store)
{
    return store.string() + "-trash";
}

Result<std::vector<TrashedRun>> trashedRuns(const std::filesystem::path& store)
{
    std::vector<TrashedRun> runs;
    if (!isThere(trashOf(store))) return runs;
    auto trash = openForReading(trashOf(store));
    if (!trash) return trash.error();
    auto query = trash->prepare("SELECT r.id, r.uuid, e.name, r.condition, r.seed, "
                                "coalesce((SELECT max(wall) FROM event WHERE run_id = r.id AND kind = ?1), 0) AS at "
                                "FROM run r JOIN experiment e ON e.id = r.experiment_id ORDER BY at DESC, r.id DESC");
    if (!query) return query.error();
    query->bind(kTrashed);
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return runs;
        runs.push_back(
            {query->integer(0), query->text(1), query->text(2), query->text(3), query->integer(4), query->real(5)});
    }
}

Result<void> moveToTrash(const std::filesystem::path& store, const std::vector<std::int64_t>& runs)
{
    auto database = openForWriting(store);
    if (!database) return database.error();
    for (const std::int64_t run : runs)
        if (auto may = mayGo(*database, run); !may) return may;
    auto trash = openTrash(store);
    if (!trash) return trash.error();
    for (const std::int64_t run : runs) {
        const auto moved = copyInto(*database, run, *trash);
        if (!moved) return moved.error();
        if (auto done = markTrashed(*trash, *moved); !done) return done;
        if (auto may = mayGo(*database, run); !may) return may; // resumed meanwhile: then it stays
        if (auto done = removeFrom(*database, run); !done) return done;
    }
    trash->closeWithCheckpoint();
    database->closeWithCheckpoint();
    return {};
}

Result<void> trashByUuid(const std::filesystem::path& store, const std::vector<std::string>& uuids)
{
    std::vector<std::int64_t> ids;
    {
        auto database = openForReading(store);
        if (!database) return database.error();
        for (const std::string& uuid : uuids) {
            const auto id = findUuid(*database, uuid);
            if (!id) return id.error();
            if (*id) ids.push_back(**id);
        }
    }
    return moveToTrash(store, ids);
}

Result<void> restoreFromTrash(const std::filesystem::path& store, const std::vector<std::string>& uuids)
{
    if (!isThere(trashOf(store))) return badInput("The trash of " + store.string() + " is empty.");
    auto trash = openTrash(store);
    if (!trash) return trash.error();
    std::vector<std::int64_t> ids;
    for (const std::string& uuid : uuids) {
        const auto id = findUuid(*trash, uuid);
        if (!id) return id.error();
        if (!*id) return notInTrash(uuid);
        ids.push_back(**id);
    }
    auto database = openForWriting(store);
    if (!database) return database.error();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        // A move that was cut short left the run in the store, where it may have gone on.
        const auto here = findUuid(*database, uuids[i]);
        if (!here) return here.error();
        if (!*here) {
            const auto back = copyInto(*trash, ids[i], *database);
            if (!back) return back.error();
            auto done = database->run("DELETE FROM event WHERE run_id = ?1 AND kind = ?2", *back, kTrashed);
            if (!done) return done;
        }
        if (auto done = removeFrom(*trash, ids[i]); !done) return done;
    }
    trash->closeWithCheckpoint();
    database->closeWithCheckpoint();
    return {};
}

Result<std::int64_t> emptyTrash(const std::filesystem::path& store, const std::vector<std::string>& uuids)
{
    if (!isThere(trashOf(store))) return std::int64_t{0};
    auto trash = openTrash(store);
    if (!trash) return trash.error();
    std::vector<std::int64_t> ids;
    if (uuids.empty()) {
        const auto all = trashedRuns(store);
        if (!all) return all.error();
        for (const TrashedRun& run : *all)
            ids.push_back(run.id);
    }
    for (const std::string& uuid : uuids) {
        const auto id = findUuid(*trash, uuid);
        if (!id) return id.error();
        if (!*id) return notInTrash(uuid);
        ids.push_back(**id);
    }
    for (const std::int64_t id : ids)
        if (auto done = removeFrom(*trash, id); !done) return done.error();
    // Freed pages go back to the file system, or emptying would free nothing.
    if (auto done = trash->script("VACUUM;"); !done) return done.error();
    trash->closeWithCheckpoint();
    return static_cast<std::int64_t>(ids.size());
}

} // namespace gradus::store
