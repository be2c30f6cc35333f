// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/run_history.h"

#include "spec/stored.h"
#include "store/store_reader.h"

#include <algorithm>
#include <cmath>

namespace gradus::run {

namespace {

/// Newest runs that are looked at: older ones say nothing better, and every one costs a read of its events.
constexpr std::size_t kMostLookedAt = 100;

} // namespace

std::string settingsOf(spec::Experiment experiment)
{
    experiment.experiment.name = "timed";
    experiment.experiment.question.clear();
    experiment.experiment.seeds = {1};
    experiment.sweep.clear();
    experiment.conditions.clear();
    return spec::canonicalToml(experiment);
}

std::string surroundingsOf(const spec::Experiment& experiment)
{
    spec::Experiment only;
    only.experiment.procedure = experiment.experiment.procedure;
    only.ladder = experiment.ladder;
    only.ladder.generations = 1;
    only.ladder.start = 0;
    only.task = experiment.task;
    only.compute = experiment.compute;
    return settingsOf(only);
}

RunHistory readHistory(const std::vector<spec::RunSpec>& wanted, const std::filesystem::path& store)
{
    RunHistory history;
    std::error_code code;
    if (!std::filesystem::exists(store, code)) return history;
    const auto reader = store::StoreReader::open(store);
    if (!reader) return history;
    const auto rows = reader->runs();
    if (!rows) return history;
    std::size_t looked = 0;
    for (const store::RunRow& row : *rows) {
        if (row.state != store::RunState::Finished || !row.startedAt || !row.endedAt) continue;
        const bool isLike = std::any_of(wanted.begin(), wanted.end(), [&](const spec::RunSpec& run) {
            return run.experiment.experiment.procedure == row.procedure; // the task may be swept
        });
        if (!isLike) continue;
        if (++looked > kMostLookedAt) break;
        const auto detail = reader->detail(row.id);
        if (!detail) continue;
        const auto experiment = spec::parseStored(detail->specToml, "the store's frozen experiment");
        if (!experiment) continue; // of a version that knew other keys
        const PastRun past{*experiment, *row.endedAt - *row.startedAt, row.lastUtility};
        history.bySettings[settingsOf(*experiment)].push_back(past);
        history.bySurroundings[surroundingsOf(*experiment)].push_back(past);
    }
    return history;
}

std::optional<double> seedDeviation(const RunHistory& history, const std::vector<spec::RunSpec>& runs)
{
    std::map<std::string, const std::vector<PastRun>*> used;
    for (const spec::RunSpec& run : runs)
        if (const auto found = history.bySettings.find(settingsOf(run.experiment)); found != history.bySettings.end())
            used[found->first] = &found->second;
    double squares = 0;
    double degrees = 0;
    for (const auto& [settings, past] : used) {
        std::map<std::int64_t, double> bySeed; // a seed that was run twice is one observation
        for (const PastRun& one : *past)
            if (one.utility) bySeed.emplace(one.experiment.experiment.seeds.front(), *one.utility);
        if (bySeed.size() < 2) continue;
        double mean = 0;
        for (const auto& [seed, utility] : bySeed)
            mean += utility / static_cast<double>(bySeed.size());
        for (const auto& [seed, utility] : bySeed)
            squares += (utility - mean) * (utility - mean);
        degrees += static_cast<double>(bySeed.size() - 1);
    }
    if (degrees == 0) return std::nullopt;
    return std::sqrt(squares / degrees);
}

} // namespace gradus::run
