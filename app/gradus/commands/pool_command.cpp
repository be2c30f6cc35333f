// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "run/gap_pool.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct PoolArguments
{
    std::vector<std::string> names;
    std::string experiment;
    std::string store;
    bool json = false;
};

int pool(const PoolArguments& arguments)
{
    const auto details = arguments.experiment.empty() ? chosenDetails(arguments.store, arguments.names)
                                                      : detailsOfAll(arguments.store, arguments.experiment);
    if (!details) return report(details.error());
    const auto found = run::gapPool(*details);
    if (!found) return report(found.error());
    std::printf("%s", (arguments.json ? run::gapPoolJson(*found) : run::gapPoolText(*found)).c_str());
    return 0;
}

} // namespace

void addPool(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<PoolArguments>();
    CLI::App* verb = app.add_subcommand(
        "pool", "What adaptive controllers of several domains learnt about gaps, as gap.pool for each of them.");
    verb->add_option("run", arguments->names,
                     "Run ids or their first characters, or experiments by name (default: the newest experiment)");
    verb->add_option("--experiment", arguments->experiment,
                     "All runs of the experiments of that name: one file run on several domains")
        ->excludes(verb->get_option("run"));
    verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = pool(*arguments); });
}

} // namespace gradus::app
