// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "commands/number_options.h"
#include "compare/read_runs.h"
#include "run/noise_text.h"
#include "store/run_choice.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct ToleranceArguments
{
    std::vector<std::string> names;
    std::string experiment;
    std::string store;
    double loss = 0; ///< 0: the experiment's own
    bool json = false;
};

int tolerance(const ToleranceArguments& arguments)
{
    if (!arguments.names.empty() && !arguments.experiment.empty())
        return report(badInput("Runs and --experiment are both given; name either."));
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto rows = arguments.experiment.empty()
                          ? store::chosenRuns(*reader, arguments.names)
                          : store::runsOfExperiment(*reader, arguments.experiment, store::Versions::Newest);
    if (!rows) return report(rows.error());
    const auto runs = compare::readRuns(*reader, *rows);
    if (!runs) return report(runs.error());
    const auto found = compare::noiseReport(*runs, arguments.loss > 0 ? std::optional(arguments.loss) : std::nullopt);
    if (!found) return report(found.error());
    std::printf("%s", (arguments.json ? run::noiseJson(*found) : run::noiseText(*found)).c_str());
    return 0;
}

} // namespace

void addTolerance(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<ToleranceArguments>();
    CLI::App* verb =
        app.add_subcommand("tolerance", "How much label noise each size of student bears, by a noise sweep.");
    verb->add_option("run", arguments->names, "Run ids, or their first characters (default: the newest experiment's)");
    verb->add_option("--experiment", arguments->experiment, "Name of an experiment: its newest runs");
    verb->add_option("--loss", arguments->loss,
                     "Test accuracy whose loss ends the tolerance (default: the experiment's gap.noise_loss)")
        ->check(numberFrom(1e-6, 1));
    verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = tolerance(*arguments); });
}

} // namespace gradus::app
