// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/bench_runs.h"

#include "store/database.h"
#include "store/record_writer.h"
#include "store/store_writer.h"

#include <algorithm>
#include <string>
#include <vector>

namespace gradus::store {

namespace {

constexpr int kSeeds = 5;       // of a condition
constexpr int kConditions = 10; // of an experiment

/// The experiment of that number, its runs not yet begun.
Result<void> insertExperiment(Database& database, int number, int runs)
{
    spec::Experiment experiment;
    experiment.experiment.name = "experiment " + std::to_string(number);
    std::vector<spec::RunSpec> specs;
    for (int i = 0; i < runs; ++i) {
        spec::Experiment one = experiment;
        const int condition = i / kSeeds;
        one.gap.controller = condition % 2 == 0 ? "fixed" : "pi";
        one.gap.value = 0.1 * (1 + condition / 2);
        one.experiment.seeds = {i % kSeeds + 1};
        specs.push_back(
            {"gap.controller = " + one.gap.controller + ", gap.value = 0." + std::to_string(1 + condition / 2),
             i % kSeeds + 1, std::move(one)});
    }
    std::vector<std::int64_t> ids;
    return insertRuns(database, experiment, "", specs, ids);
}

constexpr char kLive[] = R"(
UPDATE run SET state = CASE WHEN id % 7 = 0 THEN 'failed' ELSE 'finished' END, progress = 1, generation = 4,
    generations = 4, started_at = created_at, ended_at = created_at + 60,
    last_utility = 0.5 + 0.0004 * (id * 7919 % 1000), last_imitation = 0.0005 * (id * 104729 % 1000);
WITH step(number) AS (VALUES (1), (2), (3), (4))
INSERT INTO generation (run_id, number, rung, parameters, capacity_proxy, first_step, last_step, utility)
SELECT run.id, number, 'bench', 1000 * number, 'parameters', 100 * (number - 1), 100 * number,
       0.5 + 0.0001 * number * (run.id * 7919 % 1000)
FROM run, step;
INSERT INTO run_tag (run_id, tag) SELECT id, 'healthy' FROM run WHERE id % 3 = 0;
INSERT INTO run_tag (run_id, tag) SELECT id, CASE WHEN id % 2 = 0 THEN 'even' ELSE 'odd' END FROM run WHERE id % 3 = 0;
INSERT INTO run_note (run_id, note, changed_at) SELECT id, 'slow to begin, later fine', 0 FROM run WHERE id % 11 = 0;
)";

} // namespace

Result<void> writeManyRuns(const std::filesystem::path& path, int runs)
{
    if (std::filesystem::exists(path)) return badInput(path.string() + " exists already; choose a new file.");
    if (auto writer = StoreWriter::open(path); !writer) return writer.error(); // makes the tables
    auto database = Database::open(path, Access::ReadWrite);
    if (!database) return database.error();
    if (auto wal = database->useWriteAheadLog(); !wal) return wal.error();
    auto transaction = Transaction::begin(*database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    constexpr int kInExperiment = kSeeds * kConditions;
    for (int first = 0; first < runs; first += kInExperiment)
        if (auto done = insertExperiment(*database, first / kInExperiment, std::min(kInExperiment, runs - first));
            !done)
            return done;
    if (auto done = database->script(kLive); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
    database->closeWithCheckpoint();
    return {};
}

} // namespace gradus::store
