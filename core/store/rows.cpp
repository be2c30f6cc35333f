// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rows.h"

#include "events/alert_events.h"

#include "base/clock.h"
#include "store/database.h"
#include "store/run_marks.h"

#include <cmath>
#include <functional>
#include <limits>

namespace gradus::store {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Error damaged(const Database& database, const std::string& what)
{
    return badInput("The store " + database.path().string() + " is damaged (" + what +
                    "); run `gradus store check` on it and go back to a backup if it says so.");
}

/// Calls row for every row of the statement; row returns an error to stop.
Result<void> eachRow(Statement& statement, const std::function<Result<void>()>& row)
{
    for (;;) {
        const auto more = statement.step();
        if (!more) return more.error();
        if (!*more) return {};
        if (auto done = row(); !done) return done;
    }
}

constexpr const char* kRunColumns =
    "SELECT r.id, r.uuid, r.condition, r.seed, r.state, r.failure, r.created_at, r.started_at, r.ended_at, "
    "r.owner_pid, r.owner_started, r.owner_boot, r.owner_place, r.generation, r.generations, r.progress, "
    "r.seconds_left, r.activity, r.heartbeat_at, r.last_utility, r.last_imitation, e.name, e.hash, e.procedure, "
    "e.task, "
    // The later of the two kinds counts: a branch that was rolled back is first of all what it was then.
    "l.kind, CASE WHEN json_valid(l.details) THEN json_extract(l.details, '$.parent') END, "
    "CASE WHEN json_valid(l.details) THEN json_extract(l.details, '$.generation') END "
    "FROM run r JOIN experiment e ON e.id = r.experiment_id LEFT JOIN event l ON l.id = (SELECT id FROM event WHERE "
    "run_id = r.id AND kind IN ('run.branched', 'run.superseded') ORDER BY kind DESC, id DESC LIMIT 1) ";

bool needsOwner(RunState state)
{
    return state == RunState::Preparing || state == RunState::Running || state == RunState::Stopping;
}

/// A run whose process is gone did not stop by itself, whatever its row still says.
void noticeCrash(const Statement& s, RunRow& run)
{
    if (!needsOwner(run.state) || s.isNull(9)) return;
    const RunOwner owner{s.integer(9), s.integer(10), s.text(11), s.text(12)};
    if (!isGone({owner, run.heartbeatAt.value_or(run.startedAt.value_or(0))}, wallSeconds())) return;
    run.state = RunState::Crashed;
    run.secondsLeft = -1;
    if (run.failure.empty())
        run.failure = "The process that worked on it (" + std::to_string(owner.pid) +
                      ") ended without a word; resume the run to go on from its last checkpoint.";
}

Result<RunRow> runOf(const Database& database, const Statement& s)
{
    RunRow run;
    run.id = s.integer(0);
    run.uuid = s.text(1);
    run.condition = s.text(2);
    run.seed = s.integer(3);
    const auto state = runStateFromName(s.text(4));
    if (!state) return damaged(database, "run " + std::to_string(run.id) + " has an unknown state");
    run.state = *state;
    run.failure = s.text(5);
    run.createdAt = s.real(6);
    run.startedAt = s.optionalReal(7);
    run.endedAt = s.optionalReal(8);
    run.generation = static_cast<int>(s.integer(13));
    run.generations = static_cast<int>(s.integer(14));
    run.progress = s.real(15);
    run.secondsLeft = s.real(16, -1);
    run.activity = s.text(17);
    run.heartbeatAt = s.optionalReal(18);
    run.lastUtility = s.optionalReal(19);
    run.lastImitation = s.optionalReal(20);
    run.experimentName = s.text(21);
    run.experimentHash = s.text(22);
    run.procedure = s.text(23);
    run.taskName = s.text(24);
    if (!s.isNull(26))
        run.lineage = {s.text(26), static_cast<int>(s.integer(27)), s.text(25) == events::kSupersededEvent};
    noticeCrash(s, run);
    return run;
}

Result<std::vector<double>> utilityHistory(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT coalesce(aligned_utility, utility) FROM generation "
                                  "WHERE run_id = ?1 AND last_step IS NOT NULL "
                                  "AND rolled_back = 0 AND utility IS NOT NULL ORDER BY number");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<double> history;
    auto done = eachRow(*query, [&]() -> Result<void> {
        history.push_back(query->real(0));
        return {};
    });
    if (!done) return done.error();
    return history;
}

/// runs: newest first. One pass over each table beside the list.
Result<void> addMarks(Database& database, std::vector<RunRow>& runs)
{
    const auto each = [&](std::string_view sql, const std::function<void(RunRow&, std::string)>& take) -> Result<void> {
        auto query = database.prepare(sql);
        if (!query) return query.error();
        auto run = runs.rbegin();
        return eachRow(*query, [&]() -> Result<void> {
            const std::int64_t id = query->integer(0);
            while (run != runs.rend() && run->id < id)
                ++run;
            if (run != runs.rend() && run->id == id) take(*run, query->text(1));
            return {};
        });
    };
    auto done = each("SELECT run_id, tag FROM run_tag ORDER BY run_id, tag",
                     [](RunRow& run, std::string tag) { run.tags.push_back(std::move(tag)); });
    if (!done) return done;
    return each("SELECT run_id, note FROM run_note ORDER BY run_id",
                [](RunRow& run, std::string note) { run.note = std::move(note); });
}

/// Four columns from `column` on.
std::optional<Estimate> estimateAt(const Statement& s, int column)
{
    if (s.isNull(column + 3)) return std::nullopt;
    return Estimate{s.real(column, kNaN), s.real(column + 1, kNaN), s.real(column + 2, kNaN), s.integer(column + 3)};
}

events::GenerationRecord generationOf(const Statement& s)
{
    events::GenerationRecord g;
    g.generation = static_cast<int>(s.integer(0));
    g.rung = s.text(1);
    g.parameters = s.integer(2);
    g.capacity = s.real(3, kNaN);
    g.capacityProxy = s.text(4);
    g.gap = s.optionalReal(5);
    g.firstStep = s.integer(6);
    g.lastStep = s.optionalInteger(7);
    g.pgrRefusal = s.text(8);
    g.checkpointHash = s.text(9);
    g.utility = estimateAt(s, 10);
    g.weak = estimateAt(s, 14);
    g.ceiling = estimateAt(s, 18);
    g.pgr = estimateAt(s, 22);
    g.imitation = estimateAt(s, 26);
    g.excessImitation = estimateAt(s, 30);
    g.memorisation = estimateAt(s, 34);
    g.flops = s.optionalReal(38);
    g.rolledBack = s.integer(39) != 0;
    g.harmBefore = estimateAt(s, 40);
    g.harm = estimateAt(s, 44);
    g.overRefusal = estimateAt(s, 48);
    g.alignedUtility = estimateAt(s, 52);
    g.alignedHash = s.text(56);
    return g;
}

template <typename Enum>
std::optional<Enum> fromName(const std::string& name, std::initializer_list<Enum> all)
{
    for (const Enum value : all)
        if (name == nameOf(value)) return value;
    return std::nullopt;
}

std::optional<StageRow> stageOf(const Statement& s)
{
    using events::StageKind;
    using events::StageState;
    const auto kind = fromName(s.text(1), {StageKind::Competence, StageKind::Discovery, StageKind::Alignment,
                                           StageKind::Gap, StageKind::Gate});
    const auto state =
        fromName(s.text(2), {StageState::Running, StageState::Finished, StageState::Skipped, StageState::Failed});
    if (!kind || !state) return std::nullopt;
    StageRow stage{static_cast<int>(s.integer(0)),
                   *kind,
                   *state,
                   s.integer(3),
                   s.integer(4),
                   s.real(5),
                   s.optionalReal(6),
                   s.text(7),
                   s.text(8),
                   s.text(9)};
    // A stage that runs again after a resume keeps its old result in the table, but has none yet.
    if (stage.state == StageState::Running) stage.outputHash.clear();
    return stage;
}

} // namespace

const char* nameOf(RunState state)
{
    switch (state) {
    case RunState::Queued:
        return "queued";
    case RunState::Preparing:
        return "preparing";
    case RunState::Running:
        return "running";
    case RunState::Stopping:
        return "stopping";
    case RunState::Stopped:
        return "stopped";
    case RunState::Finished:
        return "finished";
    case RunState::Failed:
        return "failed";
    case RunState::Crashed:
        return "crashed";
    }
    return "";
}

std::optional<RunState> runStateFromName(const std::string& name)
{
    return fromName(name, {RunState::Queued, RunState::Preparing, RunState::Running, RunState::Stopping,
                           RunState::Stopped, RunState::Finished, RunState::Failed, RunState::Crashed});
}

Error noSuchRun(const Database& database, const std::string& name)
{
    return badInput("There is no run " + name + " in the store " + database.path().string() +
                    "; `gradus list` shows the runs it has.");
}

Result<std::vector<RunRow>> readRuns(Database& database)
{
    auto query = database.prepare(std::string(kRunColumns) + "ORDER BY r.id DESC");
    if (!query) return query.error();
    std::vector<RunRow> runs;
    auto done = eachRow(*query, [&]() -> Result<void> {
        auto run = runOf(database, *query);
        if (!run) return run.error();
        runs.push_back(std::move(*run));
        return {};
    });
    if (!done) return done.error();
    // One pass over a covering index beside the list, instead of one query a run.
    auto history = database.prepare("SELECT run_id, coalesce(aligned_utility, utility) FROM generation "
                                    "WHERE last_step IS NOT NULL "
                                    "AND rolled_back = 0 AND utility IS NOT NULL ORDER BY run_id, number");
    if (!history) return history.error();
    auto run = runs.rbegin();
    done = eachRow(*history, [&]() -> Result<void> {
        const std::int64_t id = history->integer(0);
        while (run != runs.rend() && run->id < id)
            ++run;
        if (run != runs.rend() && run->id == id) run->utilityHistory.push_back(history->real(1));
        return {};
    });
    if (!done) return done.error();
    if (done = addMarks(database, runs); !done) return done.error();
    return runs;
}

Result<std::optional<RunRow>> readRun(Database& database, std::int64_t runId)
{
    auto query = database.prepare(std::string(kRunColumns) + "WHERE r.id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    if (!*row) return std::optional<RunRow>{};
    auto run = runOf(database, *query);
    if (!run) return run.error();
    auto history = utilityHistory(database, runId);
    if (!history) return history.error();
    run->utilityHistory = std::move(*history);
    auto marks = readMarks(database, runId);
    if (!marks) return marks.error();
    run->tags = std::move(marks->tags);
    run->note = std::move(marks->note);
    return std::optional<RunRow>(std::move(*run));
}

bool isGone(const Ownership& owner, double now)
{
    switch (livenessOf(owner.process)) {
    case Liveness::Alive:
        return false;
    case Liveness::Gone:
        return true;
    case Liveness::Unknown:
        return now - owner.lastSeen > kSilence;
    }
    return false;
}

Result<std::optional<Ownership>> readOwner(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT owner_pid, owner_started, owner_boot, owner_place, "
                                  "coalesce(heartbeat_at, started_at, 0) FROM run WHERE id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    if (!*row || query->isNull(0)) return std::optional<Ownership>{};
    return std::optional<Ownership>(
        Ownership{{query->integer(0), query->integer(1), query->text(2), query->text(3)}, query->real(4)});
}

Result<std::string> readSpec(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT canonical FROM run_spec WHERE run_id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    if (!*row) return damaged(database, "run " + std::to_string(runId) + " has no experiment text");
    return query->text(0);
}

Result<std::string> readSource(Database& database, std::int64_t runId)
{
    auto query =
        database.prepare("SELECT source FROM experiment WHERE id = (SELECT experiment_id FROM run WHERE id = ?1)");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    if (!*row) return damaged(database, "run " + std::to_string(runId) + " has no experiment");
    return query->text(0);
}

Result<std::vector<events::GenerationRecord>> readGenerations(Database& database, std::int64_t runId)
{
    auto query = database.prepare(
        "SELECT number, rung, parameters, capacity, capacity_proxy, gap, first_step, last_step, pgr_refusal, "
        "checkpoint_hash, utility, utility_low, utility_high, utility_n, weak, weak_low, weak_high, weak_n, "
        "ceiling, ceiling_low, ceiling_high, ceiling_n, pgr, pgr_low, pgr_high, pgr_n, "
        "imitation, imitation_low, imitation_high, imitation_n, "
        "excess_imitation, excess_imitation_low, excess_imitation_high, excess_imitation_n, "
        "memorisation, memorisation_low, memorisation_high, memorisation_n, flops, rolled_back, "
        "harm_before, harm_before_low, harm_before_high, harm_before_n, harm, harm_low, harm_high, harm_n, "
        "over_refusal, over_refusal_low, over_refusal_high, over_refusal_n, "
        "aligned_utility, aligned_utility_low, aligned_utility_high, aligned_utility_n, aligned_hash "
        "FROM generation WHERE run_id = ?1 ORDER BY number");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<events::GenerationRecord> generations;
    auto done = eachRow(*query, [&]() -> Result<void> {
        generations.push_back(generationOf(*query));
        return {};
    });
    if (!done) return done.error();
    return generations;
}

Result<std::vector<StageRow>> readStages(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT generation, kind, state, first_step, last_step, begun_at, ended_at, "
                                  "input_hash, output_hash, note FROM stage WHERE run_id = ?1 ORDER BY id");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<StageRow> stages;
    auto done = eachRow(*query, [&]() -> Result<void> {
        auto stage = stageOf(*query);
        if (!stage) return damaged(database, "run " + std::to_string(runId) + " has an unknown kind of stage");
        stages.push_back(std::move(*stage));
        return {};
    });
    if (!done) return done.error();
    return stages;
}

namespace {

/// Of a row that begins with id, kind, generation, step, wall, sentence, details.
EventRow eventOf(const Statement& query)
{
    return {query.integer(0), query.text(1), static_cast<int>(query.integer(2)), query.integer(3), query.real(4),
            query.text(5),    query.text(6)};
}

} // namespace

Result<std::vector<EventRow>> readEvents(Database& database, std::int64_t runId)
{
    auto query = database.prepare(
        "SELECT id, kind, generation, step, wall, sentence, details FROM event WHERE run_id = ?1 ORDER BY id");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<EventRow> events;
    auto done = eachRow(*query, [&]() -> Result<void> {
        events.push_back(eventOf(*query));
        return {};
    });
    if (!done) return done.error();
    return events;
}

Result<std::vector<FiredAlert>> readAlerts(Database& database, std::int64_t& newest)
{
    auto end = database.prepare("SELECT coalesce(max(id), 0) FROM event");
    if (!end) return end.error();
    if (const auto row = end->step(); !row) return row.error();
    // Below it: the newest events were removed with their run, and their numbers are given again.
    if (newest < 0 || end->integer(0) <= newest) {
        newest = end->integer(0);
        return std::vector<FiredAlert>();
    }
    auto query = database.prepare(
        "SELECT id, kind, generation, step, wall, sentence, details, run_id FROM event WHERE id > ?1 ORDER BY id");
    if (!query) return query.error();
    query->bind(newest);
    std::vector<FiredAlert> alerts;
    std::int64_t last = newest;
    auto done = eachRow(*query, [&]() -> Result<void> {
        last = query->integer(0);
        if (query->text(1) == events::kAlertEvent) alerts.push_back({query->integer(7), eventOf(*query)});
        return {};
    });
    if (!done) return done.error();
    newest = last;
    return alerts;
}

} // namespace gradus::store
