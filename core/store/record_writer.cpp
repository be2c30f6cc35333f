// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/record_writer.h"

#include "base/clock.h"
#include "base/ids.h"
#include "events/run_commands.h"
#include "store/command_log.h"
#include "store/database.h"
#include "store/pyramid.h"
#include "store/rows.h"
#include "store/series_rows.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus::store {

namespace {

/// Sorted by step, one point a step: the last value logged counts, the first time it was logged stays.
void makeIncreasing(std::vector<PointRow>& points)
{
    const auto byStep = [](const PointRow& a, const PointRow& b) { return a.step < b.step; };
    if (!std::is_sorted(points.begin(), points.end(), byStep)) std::stable_sort(points.begin(), points.end(), byStep);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (kept > 0 && points[kept - 1].step == points[i].step)
            points[kept - 1].value = points[i].value;
        else
            points[kept++] = points[i];
    }
    points.resize(kept);
}

/// The four columns of an estimate; all NULL without one.
struct EstimateColumns
{
    std::optional<double> value, low, high;
    std::optional<std::int64_t> n;

    explicit EstimateColumns(const std::optional<Estimate>& estimate)
    {
        if (!estimate) return;
        value = estimate->value;
        low = estimate->low;
        high = estimate->high;
        n = estimate->n;
    }
};

double finiteOr(double value, double otherwise)
{
    return std::isfinite(value) ? value : otherwise;
}

} // namespace

Result<void> updateLastValues(Database& database, std::int64_t runId, int generation)
{
    return database.run("UPDATE run SET generation = ?2, "
                        "last_utility = (SELECT coalesce(aligned_utility, utility) FROM generation WHERE run_id = ?1 "
                        "AND utility_n IS NOT NULL AND rolled_back = 0 ORDER BY number DESC LIMIT 1), "
                        "last_imitation = (SELECT imitation FROM generation WHERE run_id = ?1 AND imitation_n IS NOT "
                        "NULL AND rolled_back = 0 ORDER BY number DESC LIMIT 1) WHERE id = ?1",
                        runId, generation);
}

Result<std::int64_t> seriesIdOf(Database& database, std::int64_t runId, const std::string& name)
{
    const auto known = findSeries(database, runId, name);
    if (!known) return known.error();
    if (*known) return **known;
    auto done = database.run("INSERT INTO series (run_id, name) VALUES (?1, ?2)", runId, name);
    if (!done) return done.error();
    return database.lastInsertId();
}

Result<void> writePoints(Database& database, std::int64_t seriesId, std::vector<PointRow>& points)
{
    makeIncreasing(points);
    const auto before = stepRange(database, seriesId);
    if (!before) return before.error();
    auto upsert =
        database.prepare("INSERT INTO point (series_id, step, kind, wall, value) VALUES (?1, ?2, ?3, ?4, ?5) "
                         "ON CONFLICT (series_id, step) DO UPDATE SET kind = excluded.kind, value = excluded.value");
    if (!upsert) return upsert.error();
    for (const PointRow& point : points) {
        const auto kind = static_cast<int>(kindOf(point.value));
        auto done = upsert->bind(seriesId, point.step, kind, point.wall, point.value).run();
        if (!done) return done;
    }
    return updatePyramid(database, seriesId, points, *before);
}

Result<void> writeStage(Database& database, std::int64_t runId, const events::StageEvent& event, double wall)
{
    const bool running = event.state == events::StageState::Running;
    const std::optional<double> endedAt = running ? std::nullopt : std::optional<double>(wall);
    // A stage that runs again keeps its first begin, and what is known of it until something newer is said.
    return database.run(
        "INSERT INTO stage (run_id, generation, kind, state, first_step, last_step, begun_at, ended_at, input_hash, "
        "output_hash, note) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10) "
        "ON CONFLICT (run_id, generation, kind) DO UPDATE SET state = excluded.state, "
        "last_step = CASE WHEN excluded.state = 'running' THEN first_step ELSE excluded.last_step END, "
        "ended_at = excluded.ended_at, "
        "input_hash = CASE WHEN excluded.input_hash = '' THEN input_hash ELSE excluded.input_hash END, "
        "output_hash = CASE WHEN excluded.output_hash = '' THEN output_hash ELSE excluded.output_hash END, "
        "note = CASE WHEN excluded.note = '' THEN note ELSE excluded.note END",
        runId, event.generation, events::nameOf(event.kind), events::nameOf(event.state), event.step, wall, endedAt,
        event.inputHash, event.outputHash, event.note);
}

Result<void> writeGeneration(Database& database, std::int64_t runId, const events::GenerationRecord& g)
{
    // REPLACE would give the row a new id; the last record counts, whole.
    auto done = database.run("INSERT OR IGNORE INTO generation (run_id, number, rung, parameters, capacity_proxy, "
                             "first_step) VALUES (?1, ?2, '', 0, '', 0)",
                             runId, g.generation);
    if (!done) return done;
    done =
        database.run("UPDATE generation SET rung = ?3, parameters = ?4, capacity = ?5, capacity_proxy = ?6, gap = ?7, "
                     "first_step = ?8, last_step = ?9, pgr_refusal = ?10, checkpoint_hash = ?11, flops = ?12, "
                     "rolled_back = ?13, aligned_hash = ?14 "
                     "WHERE run_id = ?1 AND number = ?2",
                     runId, g.generation, g.rung, g.parameters, g.capacity, g.capacityProxy, g.gap, g.firstStep,
                     g.lastStep, g.pgrRefusal, g.checkpointHash, g.flops, g.rolledBack ? 1 : 0, g.alignedHash);
    if (!done) return done;
    struct Named
    {
        const char* sql;
        const std::optional<Estimate>& estimate;
    };
    const std::array<Named, 11> all = {{
        {"UPDATE generation SET utility = ?3, utility_low = ?4, utility_high = ?5, utility_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.utility},
        {"UPDATE generation SET weak = ?3, weak_low = ?4, weak_high = ?5, weak_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.weak},
        {"UPDATE generation SET ceiling = ?3, ceiling_low = ?4, ceiling_high = ?5, ceiling_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.ceiling},
        {"UPDATE generation SET pgr = ?3, pgr_low = ?4, pgr_high = ?5, pgr_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.pgr},
        {"UPDATE generation SET imitation = ?3, imitation_low = ?4, imitation_high = ?5, imitation_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.imitation},
        {"UPDATE generation SET excess_imitation = ?3, excess_imitation_low = ?4, excess_imitation_high = ?5, "
         "excess_imitation_n = ?6 WHERE run_id = ?1 AND number = ?2",
         g.excessImitation},
        {"UPDATE generation SET memorisation = ?3, memorisation_low = ?4, memorisation_high = ?5, memorisation_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.memorisation},
        {"UPDATE generation SET harm_before = ?3, harm_before_low = ?4, harm_before_high = ?5, harm_before_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.harmBefore},
        {"UPDATE generation SET harm = ?3, harm_low = ?4, harm_high = ?5, harm_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.harm},
        {"UPDATE generation SET over_refusal = ?3, over_refusal_low = ?4, over_refusal_high = ?5, over_refusal_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.overRefusal},
        {"UPDATE generation SET aligned_utility = ?3, aligned_utility_low = ?4, aligned_utility_high = ?5, "
         "aligned_utility_n = ?6 "
         "WHERE run_id = ?1 AND number = ?2",
         g.alignedUtility},
    }};
    for (const auto& [sql, estimate] : all) {
        const EstimateColumns columns(estimate);
        done = database.run(sql, runId, g.generation, columns.value, columns.low, columns.high, columns.n);
        if (!done) return done;
    }
    return updateLastValues(database, runId, g.generation);
}

Result<void> writeEvent(Database& database, std::int64_t runId, const events::RunEvent& event, double wall)
{
    return database.run("INSERT INTO event (run_id, kind, generation, step, wall, sentence, details) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                        "ON CONFLICT (run_id, kind, generation, step, sentence) DO NOTHING",
                        runId, event.kind, event.generation, event.step, wall, event.sentence, event.detailsJson);
}

Result<void> writeProgress(Database& database, std::int64_t runId, const events::Progress& progress, double wall)
{
    return database.run("UPDATE run SET progress = ?2, seconds_left = ?3, activity = ?4, step = ?5, heartbeat_at = ?6, "
                        "generation = ?7, generations = ?8, tokens_per_second = ?9 WHERE id = ?1",
                        runId, std::clamp(finiteOr(progress.fraction, 0), 0.0, 1.0), finiteOr(progress.secondsLeft, -1),
                        progress.activity, progress.step, wall, progress.generation, progress.generations,
                        finiteOr(progress.tokensPerSecond, 0));
}

Result<void> writeState(Database& database, std::int64_t runId, RunState state, const std::string& failure, double wall)
{
    const bool living = state == RunState::Preparing || state == RunState::Running || state == RunState::Stopping;
    const bool ended = !living && state != RunState::Queued;
    auto done = database.run("UPDATE run SET state = ?2, failure = ?3, ended_at = ?4 WHERE id = ?1", runId,
                             nameOf(state), failure, ended ? std::optional<double>(wall) : std::nullopt);
    if (done && database.changes() == 0) return noSuchRun(database, std::to_string(runId));
    if (done && living)
        done = database.run("UPDATE run SET started_at = coalesce(started_at, ?2) WHERE id = ?1", runId, wall);
    if (done && !living)
        done = database.run("UPDATE run SET owner_pid = NULL, owner_started = NULL, owner_boot = NULL, "
                            "owner_place = NULL, seconds_left = -1 WHERE id = ?1",
                            runId);
    if (done && state == RunState::Finished)
        done = database.run("UPDATE run SET progress = 1, seconds_left = 0 WHERE id = ?1", runId);
    return done;
}

Result<void> writeArtefact(Database& database, const Artefact& artefact, double wall)
{
    return database.run("INSERT INTO artefact (run_id, generation, kind, path, sha256, created_at) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (run_id, generation, kind, path) "
                        "DO UPDATE SET sha256 = excluded.sha256, created_at = excluded.created_at",
                        artefact.runId, artefact.generation, artefact.kind, artefact.path, artefact.sha256, wall);
}

Result<std::int64_t> experimentIdOf(Database& database, const spec::Experiment& experiment,
                                    const std::string& sourceToml)
{
    const std::string hash = spec::hashOf(experiment);
    // The same experiment with other comments is kept beside it: its author will want those back.
    auto known = database.prepare("SELECT id FROM experiment WHERE hash = ?1 AND source = ?2");
    if (!known) return known.error();
    const auto row = known->bind(hash, sourceToml).step();
    if (!row) return row.error();
    if (*row) return known->integer(0);
    auto done = database.run("INSERT INTO experiment (hash, name, procedure, task, canonical, source, created_at) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                             hash, experiment.experiment.name, experiment.experiment.procedure, experiment.task.name,
                             spec::canonicalToml(experiment), sourceToml, wallSeconds());
    if (!done) return done.error();
    return database.lastInsertId();
}

Result<void> insertRuns(Database& database, const spec::Experiment& experiment, const std::string& sourceToml,
                        const std::vector<spec::RunSpec>& runs, std::vector<std::int64_t>& ids)
{
    const auto experimentId = experimentIdOf(database, experiment, sourceToml);
    if (!experimentId) return experimentId.error();
    for (const spec::RunSpec& run : runs) {
        auto done = database.run(
            "INSERT INTO run (uuid, experiment_id, condition, seed, state, created_at, generations) "
            "VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6)",
            newUuid(), *experimentId, run.condition, run.seed, wallSeconds(), run.experiment.ladder.generations);
        if (!done) return done;
        ids.push_back(database.lastInsertId());
        done = database.run("INSERT INTO run_spec (run_id, canonical) VALUES (?1, ?2)", ids.back(),
                            spec::canonicalToml(run.experiment));
        if (!done) return done;
    }
    return {};
}

namespace {

/// What was asked of an earlier process and never answered is refused in its name, and its pause ended with it.
Result<void> answerForGone(Database& database, std::int64_t runId, double wall)
{
    auto done = database.run("UPDATE command SET taken_at = ?2 WHERE run_id = ?1 AND taken_at IS NULL", runId, wall);
    if (!done) return done;
    const auto events = readEvents(database, runId);
    if (!events) return events.error();
    for (const AskedCommand& command : commandLog(*events)) {
        if (command.state != AskedCommand::State::Waiting) continue;
        done = writeEvent(database, runId,
                          events::commandEvent(events::kCommandRefused, {.id = command.id, .verb = command.verb}, 0,
                                               command.step,
                                               "Not done: " + command.verb + " (request " + std::to_string(command.id) +
                                                   "), because the process it was meant for had ended."),
                          wall);
        if (!done) return done;
    }
    if (!isHeld(*events)) return {};
    const std::int64_t step = events->back().step;
    return writeEvent(database, runId,
                      events::commandEvent(events::kCommandDone, {.verb = std::string(events::kContinueVerb)}, 0, step,
                                           "A new process goes on with the run that was paused (event " +
                                               std::to_string(events->back().id) + ")."),
                      wall);
}

} // namespace

Result<void> claimRun(Database& database, std::int64_t runId, double wall)
{
    const RunOwner me = thisProcess();
    const auto owner = readOwner(database, runId);
    if (!owner) return owner.error();
    if (*owner && (*owner)->process != me && !isGone(**owner, wall))
        return Error{.message = "Run " + std::to_string(runId) + " is being worked on by process " +
                                std::to_string((*owner)->process.pid) + " (" + (*owner)->process.place +
                                "); stop it with `gradus stop " + std::to_string(runId) + "` first.",
                     .kind = ErrorKind::Refused};
    // Two processes may be asked for the same run: the one that comes when all is done has nothing to do.
    const auto run = readRun(database, runId);
    if (!run) return run.error();
    if (*run && (*run)->state == RunState::Finished)
        return Error{.message = "Run " + std::to_string(runId) + " is finished; there is nothing to resume.",
                     .kind = ErrorKind::Refused};
    auto done = database.run("UPDATE run SET owner_pid = ?2, owner_started = ?3, owner_boot = ?4, owner_place = ?5 "
                             "WHERE id = ?1",
                             runId, me.pid, me.started, me.boot, me.place);
    if (!done) return done;
    // Commands meant for an earlier process must not stop this one; those for a run that never began still count.
    if (*run && (*run)->startedAt)
        if (done = answerForGone(database, runId, wall); !done) return done;
    return writeState(database, runId, RunState::Running, {}, wall);
}

} // namespace gradus::store
