// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/imported_run.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/ids.h"
#include "store/database.h"
#include "store/record_writer.h"

#include <algorithm>
#include <cmath>

namespace gradus::store {

namespace {

Result<std::int64_t> experimentIdOf(Database& database, const OtherRun& run)
{
    const std::string hash = sha256(run.text);
    auto known = database.prepare("SELECT id FROM experiment WHERE hash = ?1 AND source = ?2 AND procedure = ?3");
    if (!known) return known.error();
    const auto row = known->bind(hash, run.text, run.procedure).step();
    if (!row) return row.error();
    if (*row) return known->integer(0);
    auto done = database.run("INSERT INTO experiment (hash, name, procedure, task, canonical, source, created_at) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
                             hash, run.name, run.procedure, run.task, run.text, wallSeconds());
    if (!done) return done.error();
    return database.lastInsertId();
}

std::optional<Estimate> lastOf(const ImportedRun& run, const char* name)
{
    for (const SeriesPoints& series : run.series)
        if (series.name == name)
            for (auto point = series.points.rbegin(); point != series.points.rend(); ++point)
                if (std::isfinite(point->value)) return Estimate{point->value, point->value, point->value, 1};
    return std::nullopt;
}

std::int64_t lastStepOf(const ImportedRun& run)
{
    std::int64_t last = 0;
    for (const SeriesPoints& series : run.series)
        if (!series.points.empty()) last = std::max(last, series.points.back().step);
    return last;
}

/// What tables show of a run are its generations.
Result<void> writeOnlyGeneration(Database& database, std::int64_t id, const ImportedRun& run)
{
    const auto utility = lastOf(run, "utility/competence");
    if (!utility) return {};
    events::GenerationRecord record;
    record.rung = "imported";
    record.capacity = std::nan("");
    record.lastStep = lastStepOf(run);
    record.utility = utility;
    record.imitation = lastOf(run, "imitation/rate");
    return writeGeneration(database, id, record);
}

} // namespace

Result<std::int64_t> insertOtherRun(Database& database, const OtherRun& run)
{
    const auto experiment = experimentIdOf(database, run);
    if (!experiment) return experiment.error();
    auto done = database.run("INSERT INTO run (uuid, experiment_id, condition, seed, state, created_at, generations) "
                             "VALUES (?1, ?2, '', ?3, 'queued', ?4, 0)",
                             newUuid(), *experiment, run.seed, wallSeconds());
    if (!done) return done.error();
    const std::int64_t id = database.lastInsertId();
    done = database.run("INSERT INTO run_spec (run_id, canonical) VALUES (?1, ?2)", id, run.text);
    if (!done) return done.error();
    return id;
}

Result<std::int64_t> writeImportedRun(Database& database, ImportedRun run)
{
    const auto experiment = experimentIdOf(
        database, {.name = run.experimentName, .procedure = "imported", .task = "–", .text = run.experimentText});
    if (!experiment) return experiment.error();
    const auto known = [](double seconds) { return seconds > 0 ? std::optional<double>(seconds) : std::nullopt; };
    const double now = wallSeconds();
    auto done = database.run("INSERT INTO run (uuid, experiment_id, condition, seed, state, failure, created_at, "
                             "started_at, ended_at, progress, seconds_left, activity, step, generations) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, 0, 'imported', ?10, ?11)",
                             run.uuid, *experiment, run.condition, run.seed, run.failed ? "failed" : "finished",
                             run.failed ? "It failed at its source." : "", known(run.startedAt).value_or(now),
                             known(run.startedAt), known(run.endedAt), lastStepOf(run),
                             lastOf(run, "utility/competence") ? 1 : 0);
    if (!done) return done.error();
    const std::int64_t id = database.lastInsertId();
    done = database.run("INSERT INTO run_spec (run_id, canonical) VALUES (?1, ?2)", id, run.runText);
    if (!done) return done.error();
    if (done = writeOnlyGeneration(database, id, run); !done) return done.error();
    for (SeriesPoints& series : run.series) {
        const auto seriesId = seriesIdOf(database, id, series.name);
        if (!seriesId) return seriesId.error();
        if (done = writePoints(database, *seriesId, series.points); !done) return done.error();
    }
    if (done = writeEvent(database, id, {"import", 0, 0, run.origin, "{}"}, now); !done) return done.error();
    return id;
}

} // namespace gradus::store
