// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "base/files.h"
#include "store/database.h"
#include "store/pyramid.h"
#include "store/schema.h"
#include "store/store_lock.h"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace gradus::store {

namespace {

/// Format 2: what the run list shows is kept on the run itself, points get their pyramid, a run remembers the place
/// (kernel and process namespace) of its owner and the speed it reported.
Result<void> from1To2(Database& database)
{
    auto done = database.script(R"sql(
ALTER TABLE run ADD COLUMN owner_place TEXT;
ALTER TABLE run ADD COLUMN tokens_per_second REAL DEFAULT 0;
ALTER TABLE run ADD COLUMN last_utility REAL;
ALTER TABLE run ADD COLUMN last_imitation REAL;
UPDATE run SET
    last_utility = (SELECT utility FROM generation g WHERE g.run_id = run.id AND g.utility_n IS NOT NULL
                    ORDER BY number DESC LIMIT 1),
    last_imitation = (SELECT imitation FROM generation g WHERE g.run_id = run.id AND g.imitation_n IS NOT NULL
                      ORDER BY number DESC LIMIT 1);
CREATE INDEX generation_finished ON generation(run_id, number, utility) WHERE last_step IS NOT NULL;
CREATE TABLE pyramid (
    series_id INTEGER NOT NULL REFERENCES series(id),
    level INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    first_step INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    minimum REAL,
    maximum REAL,
    last REAL,
    count INTEGER NOT NULL,
    PRIMARY KEY (series_id, level, bucket)
) WITHOUT ROWID;
)sql");
    if (!done) return done;
    return rebuildPyramid(database);
}

/// Format 3: what a generation cost, and whether it was rolled back.
Result<void> from2To3(Database& database)
{
    return database.script(R"sql(
ALTER TABLE generation ADD COLUMN flops REAL;
ALTER TABLE generation ADD COLUMN rolled_back INTEGER NOT NULL DEFAULT 0;
DROP INDEX generation_finished;
CREATE INDEX generation_finished ON generation(run_id, number, utility) WHERE last_step IS NOT NULL AND rolled_back = 0;
)sql");
}

/// Format 4: what risk discovery and alignment found of a generation.
Result<void> from3To4(Database& database)
{
    return database.script(R"sql(
ALTER TABLE generation ADD COLUMN harm_before REAL;
ALTER TABLE generation ADD COLUMN harm_before_low REAL;
ALTER TABLE generation ADD COLUMN harm_before_high REAL;
ALTER TABLE generation ADD COLUMN harm_before_n INTEGER;
ALTER TABLE generation ADD COLUMN harm REAL;
ALTER TABLE generation ADD COLUMN harm_low REAL;
ALTER TABLE generation ADD COLUMN harm_high REAL;
ALTER TABLE generation ADD COLUMN harm_n INTEGER;
ALTER TABLE generation ADD COLUMN over_refusal REAL;
ALTER TABLE generation ADD COLUMN over_refusal_low REAL;
ALTER TABLE generation ADD COLUMN over_refusal_high REAL;
ALTER TABLE generation ADD COLUMN over_refusal_n INTEGER;
ALTER TABLE generation ADD COLUMN aligned_utility REAL;
ALTER TABLE generation ADD COLUMN aligned_utility_low REAL;
ALTER TABLE generation ADD COLUMN aligned_utility_high REAL;
ALTER TABLE generation ADD COLUMN aligned_utility_n INTEGER;
ALTER TABLE generation ADD COLUMN aligned_hash TEXT NOT NULL DEFAULT '';
)sql");
}

/// Format 5: the queue.
Result<void> from4To5(Database& database)
{
    return database.script(R"sql(
CREATE TABLE queue_entry (
    run_id INTEGER PRIMARY KEY REFERENCES run(id),
    position INTEGER NOT NULL,
    after_run_id INTEGER REFERENCES run(id),
    threads INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    added_at REAL NOT NULL
);
CREATE INDEX queue_entry_after ON queue_entry(after_run_id);
CREATE TABLE queue_pause (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    paused_at REAL NOT NULL
);
)sql");
}

/// Format 6: what people say of episodes, and the words of messages.
Result<void> from5To6(Database& database)
{
    auto done = database.script(R"sql(
ALTER TABLE verdict ADD COLUMN severity REAL;
ALTER TABLE verdict ADD COLUMN safe_behaviour TEXT NOT NULL DEFAULT '';
ALTER TABLE verdict ADD COLUMN changed_at REAL;
)sql");
    if (!done) return done;
    if (done = database.script(kJudgingSchema); !done) return done;
    return database.script("INSERT INTO message_text (rowid, content) "
                           "SELECT (episode_id << 24) | number, content FROM message WHERE number < 16777216;");
}

/// Format 7: an index row a message is written by statements over many of them; a trigger makes FTS5 flush after each.
Result<void> from6To7(Database& database)
{
    return database.script("DROP TRIGGER IF EXISTS message_text_insert; DROP TRIGGER IF EXISTS message_text_delete; "
                           "DROP TRIGGER IF EXISTS message_text_update;");
}

/// Format 8: tags and notes.
Result<void> from7To8(Database& database)
{
    return database.script(kMarksSchema);
}

/// Format 9: a run's utility in lists is that of the model it ended with, after alignment where that ran.
Result<void> from8To9(Database& database)
{
    return database.script(R"sql(
DROP INDEX generation_finished;
CREATE INDEX generation_finished ON generation(run_id, number, utility, aligned_utility) WHERE last_step IS NOT NULL AND rolled_back = 0;
UPDATE run SET
    last_utility = (SELECT coalesce(aligned_utility, utility) FROM generation g WHERE g.run_id = run.id
                    AND g.utility_n IS NOT NULL AND g.rolled_back = 0 ORDER BY number DESC LIMIT 1)
    WHERE EXISTS (SELECT 1 FROM generation g WHERE g.run_id = run.id AND g.aligned_utility_n IS NOT NULL);
)sql");
}

using Migration = Result<void> (*)(Database&);
/// kMigrations[i] leads from format i + 1 to i + 2.
constexpr std::array<Migration, kSchemaVersion - 1> kMigrations = {from1To2, from2To3, from3To4, from4To5,
                                                                   from5To6, from6To7, from7To8, from8To9};

Result<void> createTables(Database& database)
{
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    const auto version = schemaVersion(database);
    if (!version) return version.error();
    if (*version != 0) return {}; // another program created them while we waited for the lock
    for (const char* tables : {kSchema, kJudgingSchema, kMarksSchema})
        if (auto done = database.script(tables); !done) return done;
    const std::string marks = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                              "; PRAGMA user_version = " + std::to_string(kSchemaVersion) + ";";
    if (auto done = database.script(marks.c_str()); !done) return done;
    return transaction->commit();
}

std::filesystem::path backupName(const std::filesystem::path& store, std::int64_t version)
{
    const std::string base = store.string() + ".v" + std::to_string(version) + "-backup";
    std::filesystem::path name = base;
    for (int i = 2; std::filesystem::exists(name); ++i)
        name = base + "-" + std::to_string(i);
    return name;
}

Result<void> migrateOnce(Database& database, std::int64_t version)
{
    auto transaction = Transaction::begin(database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    if (auto done = kMigrations[static_cast<std::size_t>(version - 1)](database); !done) return done;
    const std::string mark = "PRAGMA user_version = " + std::to_string(version + 1) + ";";
    if (auto done = database.script(mark.c_str()); !done) return done;
    return transaction->commit();
}

Error migrationError(const Database& database, std::int64_t version, const Error& cause)
{
    Error error = cause;
    error.message = "Bringing the store " + database.path().string() + " from format " + std::to_string(version) +
                    " to " + std::to_string(kSchemaVersion) + " failed and left it as it was: " + cause.message;
    return error;
}

} // namespace

Result<void> bringUpToDate(Database& database)
{
    auto version = schemaVersion(database);
    if (!version) return version.error();
    if (*version == 0) return createTables(database);
    if (*version == kSchemaVersion) return {};

    const auto lock = StoreLock::take(database.path(), StorePurpose::Checkpoint, 30);
    if (!lock)
        return failed("The store " + database.path().string() +
                      " must be brought forward and another program is working on it; close that program first.");
    version = schemaVersion(database); // somebody may have done it while we waited
    if (!version) return version.error();
    if (*version == kSchemaVersion) return {};
    const std::int64_t before = *version;
    if (auto copied = copyStore(database, backupName(database.path(), before)); !copied)
        return migrationError(database, before, copied.error());
    for (std::int64_t v = before; v < kSchemaVersion; ++v)
        if (auto done = migrateOnce(database, v); !done) return migrationError(database, v, done.error());
    return {};
}

Result<void> copyStore(Database& database, const std::filesystem::path& path)
{
    std::error_code code;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, code)))
        return badInput("There is a file " + path.string() + " already; choose another name for the copy.");
    const std::filesystem::path temporary = path.string() + "." + std::to_string(::getpid()) + ".tmp";
    std::filesystem::remove(temporary, code);
    auto done = database.run("VACUUM INTO ?1", temporary.string());
    if (done) {
        // VACUUM INTO does not sync; a backup that a power cut can empty is none.
        const int descriptor = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
        int cause = descriptor < 0 || ::fsync(descriptor) != 0 ? errno : 0;
        if (descriptor >= 0) ::close(descriptor);
        if (cause == 0 && ::link(temporary.c_str(), path.c_str()) != 0) cause = errno; // link never overwrites
        if (cause != 0) done = badInput("Cannot write the copy " + path.string() + ": " + causeOf(cause));
    }
    std::filesystem::remove(temporary, code);
    return done;
}

const char* const kSchemaVersion1 = R"sql(
CREATE TABLE experiment (
    id INTEGER PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, procedure TEXT NOT NULL, task TEXT NOT NULL,
    canonical TEXT NOT NULL, source TEXT NOT NULL, created_at REAL NOT NULL);
CREATE INDEX experiment_hash ON experiment(hash);
CREATE TABLE run (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, experiment_id INTEGER NOT NULL REFERENCES experiment(id),
    condition TEXT NOT NULL, seed INTEGER NOT NULL, state TEXT NOT NULL, failure TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL, started_at REAL, ended_at REAL, owner_pid INTEGER, owner_started INTEGER, owner_boot TEXT,
    generation INTEGER NOT NULL DEFAULT 0, generations INTEGER NOT NULL DEFAULT 0, progress REAL DEFAULT 0,
    seconds_left REAL DEFAULT -1, activity TEXT NOT NULL DEFAULT '', step INTEGER NOT NULL DEFAULT 0, heartbeat_at REAL);
CREATE INDEX run_experiment ON run(experiment_id);
CREATE INDEX run_state ON run(state);
CREATE TABLE run_spec (run_id INTEGER PRIMARY KEY REFERENCES run(id), canonical TEXT NOT NULL);
CREATE TABLE generation (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), number INTEGER NOT NULL, rung TEXT NOT NULL,
    parameters INTEGER NOT NULL, capacity REAL, capacity_proxy TEXT NOT NULL, gap REAL, first_step INTEGER NOT NULL,
    last_step INTEGER, utility REAL, utility_low REAL, utility_high REAL, utility_n INTEGER, weak REAL, weak_low REAL,
    weak_high REAL, weak_n INTEGER, ceiling REAL, ceiling_low REAL, ceiling_high REAL, ceiling_n INTEGER, pgr REAL,
    pgr_low REAL, pgr_high REAL, pgr_n INTEGER, pgr_refusal TEXT NOT NULL DEFAULT '', imitation REAL, imitation_low REAL,
    imitation_high REAL, imitation_n INTEGER, excess_imitation REAL, excess_imitation_low REAL,
    excess_imitation_high REAL, excess_imitation_n INTEGER, memorisation REAL, memorisation_low REAL,
    memorisation_high REAL, memorisation_n INTEGER, checkpoint_hash TEXT NOT NULL DEFAULT '', UNIQUE (run_id, number));
CREATE TABLE stage (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), generation INTEGER NOT NULL, kind TEXT NOT NULL,
    state TEXT NOT NULL, first_step INTEGER NOT NULL, last_step INTEGER NOT NULL, begun_at REAL NOT NULL, ended_at REAL,
    input_hash TEXT NOT NULL DEFAULT '', output_hash TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
    UNIQUE (run_id, generation, kind));
CREATE TABLE series (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), name TEXT NOT NULL, UNIQUE (run_id, name));
CREATE TABLE point (
    series_id INTEGER NOT NULL REFERENCES series(id), step INTEGER NOT NULL, kind INTEGER NOT NULL, wall REAL NOT NULL,
    value REAL, PRIMARY KEY (series_id, step)) WITHOUT ROWID;
CREATE TABLE event (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), kind TEXT NOT NULL, generation INTEGER NOT NULL,
    step INTEGER NOT NULL, wall REAL NOT NULL, sentence TEXT NOT NULL, details TEXT NOT NULL DEFAULT '',
    UNIQUE (run_id, kind, generation, step, sentence));
CREATE TABLE source (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), name TEXT NOT NULL, kind TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '', UNIQUE (run_id, name));
CREATE TABLE label (
    run_id INTEGER NOT NULL REFERENCES run(id), generation INTEGER NOT NULL, item INTEGER NOT NULL,
    source_id INTEGER NOT NULL REFERENCES source(id), class INTEGER, probabilities BLOB,
    PRIMARY KEY (run_id, generation, item, source_id)) WITHOUT ROWID;
CREATE TABLE episode (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), uuid TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL, scenario TEXT NOT NULL, state TEXT NOT NULL, begun_at REAL NOT NULL, ended_at REAL);
CREATE INDEX episode_run ON episode(run_id, generation);
CREATE TABLE message (
    id INTEGER PRIMARY KEY, episode_id INTEGER NOT NULL REFERENCES episode(id), number INTEGER NOT NULL,
    role TEXT NOT NULL, content TEXT NOT NULL, details TEXT NOT NULL DEFAULT '', wall REAL NOT NULL,
    UNIQUE (episode_id, number));
CREATE TABLE verdict (
    id INTEGER PRIMARY KEY, episode_id INTEGER NOT NULL REFERENCES episode(id), judge TEXT NOT NULL,
    verdict TEXT NOT NULL, score REAL, note TEXT NOT NULL DEFAULT '', wall REAL NOT NULL, UNIQUE (episode_id, judge));
CREATE TABLE hazard (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), generation INTEGER NOT NULL,
    episode_id INTEGER REFERENCES episode(id), scenario TEXT NOT NULL, severity REAL, details TEXT NOT NULL DEFAULT '');
CREATE INDEX hazard_run ON hazard(run_id, generation);
CREATE INDEX hazard_episode ON hazard(episode_id);
CREATE TABLE safe_behaviour (
    id INTEGER PRIMARY KEY, hazard_id INTEGER NOT NULL REFERENCES hazard(id), behaviour TEXT NOT NULL,
    source_id INTEGER REFERENCES source(id), wall REAL NOT NULL);
CREATE INDEX safe_behaviour_hazard ON safe_behaviour(hazard_id);
CREATE INDEX safe_behaviour_source ON safe_behaviour(source_id);
CREATE TABLE artefact (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), generation INTEGER NOT NULL, kind TEXT NOT NULL,
    path TEXT NOT NULL, sha256 TEXT NOT NULL, created_at REAL NOT NULL, UNIQUE (run_id, generation, kind, path));
CREATE TABLE command (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run(id), verb TEXT NOT NULL, posted_at REAL NOT NULL,
    taken_at REAL);
CREATE INDEX command_run ON command(run_id);
CREATE INDEX command_waiting ON command(run_id) WHERE taken_at IS NULL;
PRAGMA application_id = 1198679155;
PRAGMA user_version = 1;
)sql";

} // namespace gradus::store
