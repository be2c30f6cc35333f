// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema.h"

#include "store/database.h"

#include <string>

namespace gradus::store {

// Times are wall seconds since 1970 (UTC). An estimate is four columns: name, name_low, name_high, name_n; it is absent
// when name_n is NULL. The frozen text of a run lives in run_spec, so that listing runs reads narrow rows.
const char* const kSchema = R"sql(
CREATE TABLE experiment (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    procedure TEXT NOT NULL,
    task TEXT NOT NULL,
    canonical TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at REAL NOT NULL
);
CREATE INDEX experiment_hash ON experiment(hash);

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    experiment_id INTEGER NOT NULL REFERENCES experiment(id),
    condition TEXT NOT NULL,
    seed INTEGER NOT NULL,
    state TEXT NOT NULL,
    failure TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    owner_pid INTEGER,
    owner_started INTEGER,
    owner_boot TEXT,
    owner_place TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    generations INTEGER NOT NULL DEFAULT 0,
    progress REAL DEFAULT 0,
    seconds_left REAL DEFAULT -1,
    activity TEXT NOT NULL DEFAULT '',
    step INTEGER NOT NULL DEFAULT 0,
    tokens_per_second REAL DEFAULT 0,
    heartbeat_at REAL,
    last_utility REAL,
    last_imitation REAL
);
CREATE INDEX run_experiment ON run(experiment_id);
CREATE INDEX run_state ON run(state);

CREATE TABLE run_spec (
    run_id INTEGER PRIMARY KEY REFERENCES run(id),
    canonical TEXT NOT NULL
);

CREATE TABLE generation (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    number INTEGER NOT NULL,
    rung TEXT NOT NULL,
    parameters INTEGER NOT NULL,
    capacity REAL,
    capacity_proxy TEXT NOT NULL,
    gap REAL,
    first_step INTEGER NOT NULL,
    last_step INTEGER,
    utility REAL, utility_low REAL, utility_high REAL, utility_n INTEGER,
    weak REAL, weak_low REAL, weak_high REAL, weak_n INTEGER,
    ceiling REAL, ceiling_low REAL, ceiling_high REAL, ceiling_n INTEGER,
    pgr REAL, pgr_low REAL, pgr_high REAL, pgr_n INTEGER,
    pgr_refusal TEXT NOT NULL DEFAULT '',
    imitation REAL, imitation_low REAL, imitation_high REAL, imitation_n INTEGER,
    excess_imitation REAL, excess_imitation_low REAL, excess_imitation_high REAL, excess_imitation_n INTEGER,
    memorisation REAL, memorisation_low REAL, memorisation_high REAL, memorisation_n INTEGER,
    harm_before REAL, harm_before_low REAL, harm_before_high REAL, harm_before_n INTEGER,
    harm REAL, harm_low REAL, harm_high REAL, harm_n INTEGER,
    over_refusal REAL, over_refusal_low REAL, over_refusal_high REAL, over_refusal_n INTEGER,
    aligned_utility REAL, aligned_utility_low REAL, aligned_utility_high REAL, aligned_utility_n INTEGER,
    checkpoint_hash TEXT NOT NULL DEFAULT '',
    aligned_hash TEXT NOT NULL DEFAULT '',
    flops REAL,
    rolled_back INTEGER NOT NULL DEFAULT 0,
    UNIQUE (run_id, number)
);
CREATE INDEX generation_finished ON generation(run_id, number, utility, aligned_utility) WHERE last_step IS NOT NULL AND rolled_back = 0;

CREATE TABLE stage (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    first_step INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    begun_at REAL NOT NULL,
    ended_at REAL,
    input_hash TEXT NOT NULL DEFAULT '',
    output_hash TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    UNIQUE (run_id, generation, kind)
);

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    name TEXT NOT NULL,
    UNIQUE (run_id, name)
);

-- kind: 0 finite, 1 NaN (value is NULL), 2 +infinity, 3 -infinity, 4 negative zero.
CREATE TABLE point (
    series_id INTEGER NOT NULL REFERENCES series(id),
    step INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    wall REAL NOT NULL,
    value REAL,
    PRIMARY KEY (series_id, step)
) WITHOUT ROWID;

-- Derived from point, can be rebuilt: bucket b of level l covers steps [b * 8^l, (b + 1) * 8^l).
-- minimum and maximum skip NaN; NULL stands for NaN; count counts every point.
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

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    kind TEXT NOT NULL,
    generation INTEGER NOT NULL,
    step INTEGER NOT NULL,
    wall REAL NOT NULL,
    sentence TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '',
    UNIQUE (run_id, kind, generation, step, sentence)
);

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '',
    UNIQUE (run_id, name)
);
-- Raw votes of every source on every item.
CREATE TABLE label (
    run_id INTEGER NOT NULL REFERENCES run(id),
    generation INTEGER NOT NULL,
    item INTEGER NOT NULL,
    source_id INTEGER NOT NULL REFERENCES source(id),
    class INTEGER,
    probabilities BLOB,
    PRIMARY KEY (run_id, generation, item, source_id)
) WITHOUT ROWID;

CREATE TABLE episode (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    uuid TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL,
    scenario TEXT NOT NULL,
    state TEXT NOT NULL,
    begun_at REAL NOT NULL,
    ended_at REAL
);
CREATE INDEX episode_run ON episode(run_id, generation);
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episode(id),
    number INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '',
    wall REAL NOT NULL,
    UNIQUE (episode_id, number)
);
CREATE TABLE verdict (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episode(id),
    judge TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score REAL,
    note TEXT NOT NULL DEFAULT '',
    wall REAL NOT NULL,
    severity REAL,
    safe_behaviour TEXT NOT NULL DEFAULT '',
    changed_at REAL,
    UNIQUE (episode_id, judge)
);
CREATE TABLE hazard (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    generation INTEGER NOT NULL,
    episode_id INTEGER REFERENCES episode(id),
    scenario TEXT NOT NULL,
    severity REAL,
    details TEXT NOT NULL DEFAULT ''
);
CREATE INDEX hazard_run ON hazard(run_id, generation);
CREATE INDEX hazard_episode ON hazard(episode_id);
CREATE TABLE safe_behaviour (
    id INTEGER PRIMARY KEY,
    hazard_id INTEGER NOT NULL REFERENCES hazard(id),
    behaviour TEXT NOT NULL,
    source_id INTEGER REFERENCES source(id),
    wall REAL NOT NULL
);
CREATE INDEX safe_behaviour_hazard ON safe_behaviour(hazard_id);
CREATE INDEX safe_behaviour_source ON safe_behaviour(source_id);

CREATE TABLE artefact (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at REAL NOT NULL,
    UNIQUE (run_id, generation, kind, path)
);

CREATE TABLE command (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id),
    verb TEXT NOT NULL,
    posted_at REAL NOT NULL,
    taken_at REAL
);
CREATE INDEX command_run ON command(run_id);
CREATE INDEX command_waiting ON command(run_id) WHERE taken_at IS NULL;

-- Runs that wait for a free device slot, and those of them that have begun or ended. A run's own state is in run.state.
CREATE TABLE queue_entry (
    run_id INTEGER PRIMARY KEY REFERENCES run(id),
    position INTEGER NOT NULL,
    after_run_id INTEGER REFERENCES run(id),
    threads INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    added_at REAL NOT NULL
);
CREATE INDEX queue_entry_after ON queue_entry(after_run_id);
-- One row while the queue is paused, else none.
CREATE TABLE queue_pause (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    paused_at REAL NOT NULL
);
)sql";

// verdict_change is never overwritten; an empty verdict withdraws. The index has no text of its own: a word's row is
// episode_id * 2^24 + number, so that hits are counted by episode without reading a message. The triggers are the one
// place that keeps it, whoever writes messages.
const char* const kJudgingSchema = R"sql(
CREATE TABLE verdict_change (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episode(id),
    judge TEXT NOT NULL,
    verdict TEXT NOT NULL,
    severity REAL,
    note TEXT NOT NULL DEFAULT '',
    safe_behaviour TEXT NOT NULL DEFAULT '',
    wall REAL NOT NULL
);
CREATE INDEX verdict_change_episode ON verdict_change(episode_id, judge);
CREATE TABLE preference (
    id INTEGER PRIMARY KEY,
    first_id INTEGER NOT NULL REFERENCES episode(id),
    second_id INTEGER NOT NULL REFERENCES episode(id),
    judge TEXT NOT NULL,
    swapped INTEGER NOT NULL,
    choice TEXT NOT NULL,
    wall REAL NOT NULL,
    UNIQUE (first_id, second_id, judge, swapped),
    CHECK (first_id < second_id)
);
CREATE INDEX preference_second ON preference(second_id);

CREATE VIRTUAL TABLE message_text USING fts5(
    content, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
)sql";

// What people say of runs; no part of what ran.
const char* const kMarksSchema = R"sql(
CREATE TABLE run_tag (
    run_id INTEGER NOT NULL REFERENCES run(id),
    tag TEXT NOT NULL,
    PRIMARY KEY (run_id, tag)
) WITHOUT ROWID;
CREATE INDEX run_tag_tag ON run_tag(tag);
CREATE TABLE run_note (
    run_id INTEGER PRIMARY KEY REFERENCES run(id),
    note TEXT NOT NULL,
    changed_at REAL NOT NULL
);
)sql";

Result<std::int64_t> schemaVersion(Database& database)
{
    const auto application = database.integer("PRAGMA application_id");
    if (!application) return application.error();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto objects = database.integer("SELECT count(*) FROM sqlite_master");
    if (!objects) return objects.error();
    const std::string name = database.path().string();
    if (*application == 0 && *version == 0 && *objects == 0) return 0;
    if (*application != kApplicationId || *version < 1)
        return badInput(name +
                        " is not a Gradus store but another program's database; check that it is the right file.");
    if (*version > kSchemaVersion)
        return badInput("The store " + name + " has format " + std::to_string(*version) +
                        " and this program reads formats up to " + std::to_string(kSchemaVersion) +
                        "; use the newer Gradus that wrote it.");
    return *version;
}

} // namespace gradus::store
