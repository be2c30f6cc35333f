// SPDX-License-Identifier: GPL-3.0-or-later
// gradus trash: runs put aside, brought back, or removed for good.
#include "base/clock.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "store/run_choice.h"
#include "store/trash.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct TrashArguments
{
    std::vector<std::string> names;
    std::string store;
    bool json = false;
};

int put(const TrashArguments& arguments)
{
    std::vector<std::int64_t> ids;
    {
        auto reader = store::StoreReader::open(storePath(arguments.store));
        if (!reader) return report(reader.error());
        const auto rows = store::chosenRuns(*reader, arguments.names);
        if (!rows) return report(rows.error());
        for (const store::RunRow& row : *rows)
            ids.push_back(row.id);
    }
    if (const auto done = store::moveToTrash(storePath(arguments.store), ids); !done) return report(done.error());
    std::printf("%s in the trash; `gradus trash restore RUN` brings a run back.\n", counted(ids.size(), "run").c_str());
    return 0;
}

int list(const TrashArguments& arguments)
{
    const auto runs = store::trashedRuns(storePath(arguments.store));
    if (!runs) return report(runs.error());
    if (arguments.json) {
        json all = json::array();
        for (const store::TrashedRun& run : *runs)
            all.push_back({{"uuid", run.uuid},
                           {"experiment", run.experimentName},
                           {"condition", run.condition},
                           {"seed", run.seed},
                           {"trashed_at", run.trashedAt}});
        printJson(all);
        return 0;
    }
    if (runs->empty()) std::printf("The trash is empty.\n");
    for (const store::TrashedRun& run : *runs)
        std::printf("%s  %s%s, seed %lld, put aside %s ago\n", visible(run.uuid.substr(0, 8)).c_str(),
                    visible(run.experimentName).c_str(),
                    run.condition.empty() ? "" : (", " + visible(run.condition)).c_str(),
                    static_cast<long long>(run.seed), durationText(wallSeconds() - run.trashedAt).c_str());
    return 0;
}

/// UUIDs of the runs in the trash that begin with the names.
Result<std::vector<std::string>> chosen(const TrashArguments& arguments)
{
    const auto runs = store::trashedRuns(storePath(arguments.store));
    if (!runs) return runs.error();
    std::vector<std::string> uuids;
    for (const std::string& name : arguments.names) {
        const std::size_t before = uuids.size();
        for (const store::TrashedRun& run : *runs)
            if (!name.empty() && (run.uuid.starts_with(name) || run.experimentName == name)) uuids.push_back(run.uuid);
        if (uuids.size() == before)
            return badInput("There is no run " + visible(name, 40) +
                            " in the trash; `gradus trash list` shows what is.");
    }
    return uuids;
}

int restore(const TrashArguments& arguments)
{
    const auto uuids = chosen(arguments);
    if (!uuids) return report(uuids.error());
    if (const auto done = store::restoreFromTrash(storePath(arguments.store), *uuids); !done)
        return report(done.error());
    std::printf("%s brought back.\n", counted(uuids->size(), "run").c_str());
    return 0;
}

int empty(const TrashArguments& arguments)
{
    const auto uuids = chosen(arguments);
    if (!uuids) return report(uuids.error());
    const auto removed = store::emptyTrash(storePath(arguments.store), *uuids);
    if (!removed) return report(removed.error());
    std::printf("%s removed for good; checkpoint files were left.\n",
                counted(static_cast<std::size_t>(*removed), "run").c_str());
    return 0;
}

} // namespace

void addTrash(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<TrashArguments>();
    CLI::App* verb = app.add_subcommand("trash", "Put runs aside, bring them back, or remove them for good.");
    verb->require_subcommand(1);
    CLI::App* putting = verb->add_subcommand("put", "Move runs, with all they hold, into the trash.");
    CLI::App* listing = verb->add_subcommand("list", "What is in the trash.");
    listing->add_flag("--json", arguments->json, "JSON instead of text");
    CLI::App* restoring = verb->add_subcommand("restore", "Bring runs back.");
    CLI::App* emptying = verb->add_subcommand("empty", "Remove runs for good (default: all that are in the trash).");
    for (CLI::App* act : {putting, restoring, emptying}) {
        CLI::Option* names =
            act->add_option("run", arguments->names, "Run ids or their first characters, or experiments by name");
        if (act != emptying) names->required();
    }
    for (CLI::App* act : {putting, listing, restoring, emptying})
        act->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    putting->callback([arguments, &invocation] { invocation.exitCode = put(*arguments); });
    listing->callback([arguments, &invocation] { invocation.exitCode = list(*arguments); });
    restoring->callback([arguments, &invocation] { invocation.exitCode = restore(*arguments); });
    emptying->callback([arguments, &invocation] { invocation.exitCode = empty(*arguments); });
}

} // namespace gradus::app
