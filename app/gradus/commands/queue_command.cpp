// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/launch_check.h"
#include "run/queue_worker.h"
#include "spec/experiment.h"
#include "store/queue_order.h"
#include "store/run_queue.h"
#include "store/store_reader.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct QueueArguments
{
    std::vector<std::string> names; ///< files of add, else runs
    std::vector<std::string> overrides;
    std::string store;
    std::string after;
    int places = 0;
    int cores = 0;
    bool start = false;
    bool json = false;
};

std::string shortId(const store::RunRow& run)
{
    return run.uuid.substr(0, 8);
}

/// Ids of the named runs.
Result<std::vector<std::int64_t>> idsOf(const std::vector<std::string>& names, const QueueArguments& arguments)
{
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return reader.error();
    std::vector<std::int64_t> ids;
    for (const std::string& name : names) {
        const auto row = reader->findRun(name);
        if (!row) return row.error();
        ids.push_back(row->id);
    }
    return ids;
}

run::QueueWorkerOptions workerOf(const QueueArguments& arguments)
{
    return {.store = storePath(arguments.store), .program = run::thisProgram(), .cores = arguments.cores};
}

int startIfAsked(const QueueArguments& arguments)
{
    if (!arguments.start) return 0;
    const auto started = run::startQueueWorker(workerOf(arguments));
    return started ? 0 : report(started.error());
}

Result<std::optional<std::int64_t>> afterOf(const QueueArguments& arguments)
{
    if (arguments.after.empty()) return std::optional<std::int64_t>{};
    const auto ids = idsOf({arguments.after}, arguments);
    if (!ids) return ids.error();
    return std::optional<std::int64_t>(ids->front());
}

/// All files are read and checked before the first one is added.
int add(const QueueArguments& arguments)
{
    const std::filesystem::path path = storePath(arguments.store);
    std::vector<spec::LoadedExperiment> experiments;
    std::vector<std::vector<spec::RunSpec>> runs;
    for (const std::string& file : arguments.names) {
        auto loaded = spec::loadExperiment(file, arguments.overrides);
        if (!loaded) return report(loaded.error());
        auto expanded = spec::expand(loaded->experiment);
        if (!expanded) return report(expanded.error());
        if (const auto looked = lookedOver(*loaded, path, 0); !looked) return report(looked.error());
        experiments.push_back(std::move(*loaded));
        runs.push_back(std::move(*expanded));
    }
    const auto after = afterOf(arguments);
    if (!after) return report(after.error());
    if (const auto made = makeFolder(std::filesystem::absolute(path).parent_path()); !made) return report(made.error());
    auto queue = store::RunQueue::openOrCreate(path);
    if (!queue) return report(queue.error());
    for (std::size_t i = 0; i < experiments.size(); ++i) {
        const auto ids = queue->add(experiments[i].experiment, experiments[i].toml, runs[i], *after);
        if (!ids) return report(ids.error());
        std::printf("%zu run%s of %s queued.\n", ids->size(), ids->size() == 1 ? "" : "s",
                    visible(experiments[i].experiment.experiment.name, 60).c_str());
    }
    if (!arguments.start) std::printf("They begin with: gradus queue work\n");
    return startIfAsked(arguments);
}

json rowJson(const store::QueueState& queue, const store::QueueRow& row, const store::DeviceSlots& slots)
{
    return {{"id", row.run.id},
            {"uuid", row.run.uuid},
            {"experiment", row.run.experimentName},
            {"condition", row.run.condition},
            {"seed", row.run.seed},
            {"state", store::nameOf(row.run.state)},
            {"progress", row.run.progress},
            {"seconds_left", row.run.secondsLeft >= 0 ? json(row.run.secondsLeft) : json(nullptr)},
            {"threads", row.threads},
            {"attempts", row.attempts},
            {"after", row.after ? json(*row.after) : json(nullptr)},
            {"device", slots.deviceOf(row.run.id).empty() ? json(nullptr) : json(slots.deviceOf(row.run.id))},
            {"waits_for", store::waitsFor(queue, row, slots)},
            {"failure", row.run.failure}};
}

int list(const QueueArguments& arguments)
{
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto queue = reader->queue();
    if (!queue) return report(queue.error());
    store::DeviceSlots slots;
    if (const auto read = slots.read(storePath(arguments.store), *queue); !read) return report(read.error());
    if (arguments.json) {
        json rows = json::array();
        for (const store::QueueRow& row : queue->rows)
            rows.push_back(rowJson(*queue, row, slots));
        std::printf("%s\n", json{{"paused", queue->pausedAt.has_value()}, {"runs", rows}}.dump(2).c_str());
        return 0;
    }
    if (queue->rows.empty()) std::printf("Nothing is queued. Add an experiment with: gradus queue add FILE\n");
    for (const store::QueueRow& row : queue->rows) {
        const std::string why = row.run.failure.empty() ? store::waitsFor(*queue, row, slots) : row.run.failure;
        const std::string left = store::isUnderWay(row) && row.run.secondsLeft >= 0
                                     ? ", " + durationText(row.run.secondsLeft) + " left"
                                     : "";
        std::printf("%s  %-9s %3.0f %%%s  %s%s, seed %lld%s\n", shortId(row.run).c_str(), store::nameOf(row.run.state),
                    row.run.progress * 100, left.c_str(), visible(row.run.experimentName, 60).c_str(),
                    row.run.condition.empty() ? "" : (", " + visible(row.run.condition, 60)).c_str(),
                    static_cast<long long>(row.run.seed), why.empty() ? "" : ("  " + visible(why)).c_str());
    }
    if (queue->pausedAt) std::printf("The queue is paused; it goes on with: gradus queue resume\n");
    return 0;
}

int work(const QueueArguments& arguments, const StopFlag& stop)
{
    const auto say = [](const std::string& sentence) {
        std::printf("%s\n", sentence.c_str());
        std::fflush(stdout);
    };
    const auto outcome = run::workQueue(workerOf(arguments), stop, say);
    if (!outcome) return report(outcome.error());
    if (outcome->elsewhere) {
        std::printf("Another worker is at this queue already.\n");
        return 0;
    }
    std::printf("%d finished, %d failed.\n", outcome->finished, outcome->failed);
    if (stop.requested()) return exitCode(ErrorKind::Stopped);
    return outcome->failed > 0 ? 1 : 0;
}

/// One change for every named run, or for the queue itself where none is named.
int change(const QueueArguments& arguments, const std::function<Result<void>(store::RunQueue&, std::int64_t)>& each)
{
    const auto ids = idsOf(arguments.names, arguments);
    if (!ids) return report(ids.error());
    auto queue = store::RunQueue::open(storePath(arguments.store));
    if (!queue) return report(queue.error());
    for (const std::int64_t id : *ids)
        if (const auto done = each(*queue, id); !done) return report(done.error());
    return startIfAsked(arguments);
}

int setPaused(const QueueArguments& arguments, bool paused)
{
    auto queue = store::RunQueue::open(storePath(arguments.store));
    if (!queue) return report(queue.error());
    if (const auto done = queue->setPaused(paused); !done) return report(done.error());
    if (paused) std::printf("Paused: runs that are under way go on, nothing new begins.\n");
    return startIfAsked(arguments);
}

int clear(const QueueArguments& arguments)
{
    auto queue = store::RunQueue::open(storePath(arguments.store));
    if (!queue) return report(queue.error());
    const auto removed = queue->removeFinished();
    if (!removed) return report(removed.error());
    std::printf("%lld finished runs left the queue; they stay in the store.\n", static_cast<long long>(*removed));
    return 0;
}

} // namespace

void addQueue(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<QueueArguments>();
    CLI::App* queue = app.add_subcommand("queue", "Runs that wait for free cores, and the worker that runs them.");
    queue->require_subcommand(1);
    const auto verb = [&](const char* name, const char* help, std::function<int()> act) {
        CLI::App* added = queue->add_subcommand(name, help);
        added->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
        added->callback([act = std::move(act), &invocation] { invocation.exitCode = act(); });
        return added;
    };
    const auto forRuns = [&](const char* name, const char* help,
                             std::function<Result<void>(store::RunQueue&, std::int64_t)> each) {
        CLI::App* added = verb(name, help, [arguments, each = std::move(each)] { return change(*arguments, each); });
        added->add_option("run", arguments->names, "Run ids, or their first characters")->required();
        return added;
    };

    CLI::App* adding = verb("add", "Check experiment files and put their runs at the end of the queue.",
                            [arguments] { return add(*arguments); });
    adding->add_option("file", arguments->names, "Experiment files (TOML)")->required();
    adding->add_option("--set", arguments->overrides, "Override a key: --set gap.value=0.3 (repeatable)");
    adding->add_option("--after", arguments->after, "A run of the queue that must be finished first");
    CLI::App* listing =
        verb("list", "What is queued, in its order, and what it waits for.", [arguments] { return list(*arguments); });
    listing->add_flag("--json", arguments->json, "As JSON");
    CLI::App* working = verb("work", "Run what is queued, one process a run, until nothing is left.",
                             [arguments, &invocation] { return work(*arguments, invocation.stop); });

    CLI::App* moving =
        forRuns("move", "Move a waiting run by some places.",
                [arguments](store::RunQueue& q, std::int64_t id) { return q.move(id, arguments->places); });
    moving->add_option("--by", arguments->places, "Places: -1 is one earlier, 1 one later")->required();
    CLI::App* waiting = forRuns("after", "Let a run wait until another one is finished.",
                                [arguments](store::RunQueue& q, std::int64_t id) -> Result<void> {
                                    const auto after = afterOf(*arguments);
                                    if (!after) return after.error();
                                    return q.setAfter(id, *after);
                                });
    waiting->add_option("--run", arguments->after, "The run to wait for; without it, it waits for none");
    CLI::App* retrying = forRuns("retry", "Let stopped, failed or crashed runs go on from their last checkpoint.",
                                 [](store::RunQueue& q, std::int64_t id) { return q.retry(id); });
    forRuns("remove", "Take runs out of the queue; they stay in the store.",
            [](store::RunQueue& q, std::int64_t id) { return q.remove(id); });
    verb("pause", "Begin nothing new.", [arguments] { return setPaused(*arguments, true); });
    CLI::App* resuming = verb("resume", "Go on after a pause.", [arguments] { return setPaused(*arguments, false); });
    verb("clear", "Take finished runs out of the queue.", [arguments] { return clear(*arguments); });

    for (CLI::App* starter : {adding, retrying, resuming})
        starter->add_flag("--start", arguments->start, "Also start a worker in the background");
    for (CLI::App* starter : {adding, retrying, resuming, working})
        starter->add_option("--cores", arguments->cores, "Cores that runs may fill (default: all)")
            ->check(CLI::Range(0, 4096));
}

} // namespace gradus::app
