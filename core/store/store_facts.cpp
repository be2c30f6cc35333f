// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_facts.h"

#include "base/text.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/point_journal.h"
#include "store/rows.h"
#include "store/run_tables.h"
#include "store/schema.h"
#include "store/store_writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <map>
#include <system_error>

namespace gradus::store {

namespace {

Result<void> eachRow(Database& database, const std::string& sql, const std::function<void(const Statement&)>& row)
{
    auto query = database.prepare(sql);
    if (!query) return query.error();
    for (;;) {
        const auto more = query->step();
        if (!more) return more.error();
        if (!*more) return {};
        row(*query);
    }
}

Result<void> readShape(Database& database, TableFacts& table)
{
    auto columns = database.prepare(
        "SELECT c.name, lower(c.type), coalesce((SELECT k.\"table\" FROM pragma_foreign_key_list(?1) k "
        "WHERE k.\"from\" = c.name), '') FROM pragma_table_info(?1) c");
    if (!columns) return columns.error();
    columns->bind(table.name);
    for (;;) {
        const auto row = columns->step();
        if (!row) return row.error();
        if (!*row) break;
        table.columns.push_back({columns->text(0), columns->text(1), columns->text(2)});
    }
    auto indices = database.prepare("SELECT name FROM pragma_index_list(?1) WHERE origin = 'c' ORDER BY name");
    if (!indices) return indices.error();
    indices->bind(table.name);
    for (;;) {
        const auto row = indices->step();
        if (!row) return row.error();
        if (!*row) break;
        table.indices.push_back(indices->text(0));
    }
    const auto rows = database.integer("SELECT count(*) FROM " + quotedName(table.name));
    if (!rows) return rows.error();
    table.rows = *rows;
    return {};
}

/// Bytes by table, indices counted with their table. Stays empty where SQLite was built without dbstat.
std::map<std::string, std::int64_t> bytesByTable(Database& database)
{
    std::map<std::string, std::int64_t> bytes;
    const auto done = eachRow(database,
                              "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat('main', 1) s "
                              "JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name",
                              [&](const Statement& s) { bytes[s.text(0)] = s.integer(1); });
    if (!done) bytes.clear();
    return bytes;
}

/// Splits a table's bytes over runs by their rows.
Result<void> share(Database& database, const std::string& rowsByRun, double bytes,
                   std::map<std::int64_t, RunSize>& runs, double RunSize::*part)
{
    std::map<std::int64_t, std::int64_t> rows;
    std::int64_t all = 0;
    auto done = eachRow(database, rowsByRun, [&](const Statement& s) {
        rows[s.integer(0)] = s.integer(1);
        all += s.integer(1);
    });
    if (!done) return done;
    for (const auto& [run, count] : rows)
        if (const auto found = runs.find(run); found != runs.end())
            found->second.*part += bytes * static_cast<double>(count) / static_cast<double>(all);
    return {};
}

Result<void> readRunSizes(Database& database, StoreFacts& facts)
{
    std::map<std::string, double> bytes;
    for (const TableFacts& table : facts.tables)
        bytes[table.name] = static_cast<double>(std::max<std::int64_t>(0, table.bytes));
    std::map<std::int64_t, RunSize> runs;
    auto done = eachRow(database,
                        "SELECT r.id, r.uuid, CASE r.condition WHEN '' THEN e.name ELSE r.condition END, r.seed "
                        "FROM run r JOIN experiment e ON e.id = r.experiment_id",
                        [&](const Statement& s) {
                            RunSize run;
                            run.id = s.integer(0);
                            run.uuid = s.text(1);
                            run.name = s.text(2) + ", seed " + std::to_string(s.integer(3));
                            runs[run.id] = run;
                        });
    if (!done) return done;
    done = share(database,
                 "SELECT s.run_id, sum((SELECT count(*) FROM point p WHERE p.series_id = s.id)) FROM series s "
                 "GROUP BY s.run_id",
                 bytes["point"] + bytes["pyramid"], runs, &RunSize::points);
    if (!done) return done;
    done =
        share(database, "SELECT run_id, count(*) FROM label GROUP BY run_id", bytes["label"], runs, &RunSize::labels);
    if (!done) return done;
    done = share(database,
                 "SELECT e.run_id, sum((SELECT count(*) FROM message m WHERE m.episode_id = e.id)) FROM episode e "
                 "GROUP BY e.run_id",
                 bytes["message"], runs, &RunSize::transcripts);
    if (!done) return done;
    for (auto& [id, run] : runs)
        facts.runs.push_back(std::move(run));
    std::stable_sort(facts.runs.begin(), facts.runs.end(),
                     [](const RunSize& a, const RunSize& b) { return a.total() > b.total(); });
    return {};
}

Result<void> readTables(Database& database, StoreFacts& facts, const StopFlag* stop)
{
    auto done = eachRow(database,
                        "SELECT type, name FROM sqlite_master WHERE (type = 'view' OR type = 'table' AND rootpage > 0) "
                        "AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
                        [&](const Statement& s) {
                            if (s.text(0) == "view")
                                facts.views.push_back(s.text(1));
                            else
                                facts.tables.push_back({.name = s.text(1)});
                        });
    if (!done) return done;
    for (TableFacts& table : facts.tables) {
        if (stop != nullptr && stop->requested())
            return Error{.message = "Reading the sizes of the store was stopped.", .kind = ErrorKind::Stopped};
        if (done = readShape(database, table); !done) return done;
    }
    for (const auto& [name, bytes] : bytesByTable(database))
        for (TableFacts& table : facts.tables)
            if (table.name == name) table.bytes = bytes;
    return {};
}

} // namespace

Result<StoreFacts> storeFacts(const std::filesystem::path& path, const StopFlag* stop)
{
    auto database = openForReading(path);
    if (!database) return database.error();
    const auto snapshot = Transaction::begin(*database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    StoreFacts facts;
    facts.format = kSchemaVersion;
    facts.sqlite = sqlite3_libversion();
    facts.bytes = storeBytes(path);
    std::error_code code;
    facts.walBytes = static_cast<std::int64_t>(std::filesystem::file_size(path.string() + "-wal", code));
    if (code) facts.walBytes = 0;
    auto done = eachRow(*database, "PRAGMA journal_mode", [&](const Statement& s) { facts.journal = s.text(0); });
    if (!done) return done.error();
    const auto pages = database->integer("PRAGMA freelist_count");
    const auto pageSize = database->integer("PRAGMA page_size");
    if (!pages) return pages.error();
    if (!pageSize) return pageSize.error();
    facts.freeBytes = *pages * *pageSize;
    if (done = readTables(*database, facts, stop); !done) return done.error();
    done = eachRow(*database, "SELECT state, count(*) FROM run GROUP BY state ORDER BY 2 DESC, 1",
                   [&](const Statement& s) { facts.runsByState.emplace_back(s.text(0), s.integer(1)); });
    if (!done) return done.error();
    if (done = readRunSizes(*database, facts); !done) return done.error();
    return facts;
}

Result<std::int64_t> recoverStore(const std::filesystem::path& path)
{
    // Opening to write makes a store where there is none, and takes points up without a number.
    if (auto there = openForReading(path); !there) return there.error();
    auto database = Database::open(path, Access::ReadWrite);
    if (!database) return database.error();
    return takeUpPoints(*database, path);
}

Result<bool> upgradeStore(const std::filesystem::path& path)
{
    std::int64_t before = 0;
    {
        auto database = Database::open(path, Access::ReadOnly);
        if (!database) return database.error();
        const auto version = schemaVersion(*database);
        if (!version) return version.error();
        before = *version;
    }
    if (before == kSchemaVersion && hasPointJournals(path))
        if (const auto taken = recoverStore(path); !taken) return taken.error();
    if (before <= 0 || before >= kSchemaVersion) return false;
    auto upgraded = StoreWriter::open(path);
    if (!upgraded) return upgraded.error();
    upgraded->reset(); // checkpoints, so that the file alone is the store
    return true;
}

Result<std::int64_t> vacuumStore(const std::filesystem::path& path)
{
    // openForWriting would make a store where there is none.
    if (auto there = openForReading(path); !there) return there.error();
    auto database = openForWriting(path);
    if (!database) return database.error();
    const auto runs = readRuns(*database);
    if (!runs) return runs.error();
    for (const RunRow& run : *runs)
        if (run.state == RunState::Preparing || run.state == RunState::Running || run.state == RunState::Stopping)
            return Error{.message = "Run " + visible(run.uuid.substr(0, 8)) +
                                    " is being worked on in this store; vacuum it when the run has ended.",
                         .kind = ErrorKind::Refused};
    if (auto done = database->checkpoint(true); !done) return done.error();
    const std::int64_t before = storeBytes(path);
    if (auto done = database->script("VACUUM;"); !done) return done.error();
    database->closeWithCheckpoint();
    return std::max<std::int64_t>(0, before - storeBytes(path));
}

} // namespace gradus::store
