// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/commands.h"
#include "commands/report_runs.h"
#include "run/noise_report.h"

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

/// The runs of the newest experiment of that name.
Result<std::vector<std::string>> runsNamed(const store::StoreReader& reader, const std::string& experiment)
{
    const auto rows = reader.runs();
    if (!rows) return rows.error();
    std::vector<std::string> names;
    std::string hash;
    for (const store::RunRow& row : *rows) {
        if (row.experimentName != experiment || (!hash.empty() && row.experimentHash != hash)) continue;
        hash = row.experimentHash;
        names.push_back(row.uuid);
    }
    if (names.empty())
        return badInput("The store has no run of an experiment called \"" + visible(experiment, 80) +
                        "\"; see their names with: gradus list");
    return names;
}

int tolerance(ToleranceArguments& arguments)
{
    if (!arguments.names.empty() && !arguments.experiment.empty())
        return report(badInput("Runs and --experiment are both given; name either."));
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    if (!arguments.experiment.empty()) {
        auto names = runsNamed(*reader, arguments.experiment);
        if (!names) return report(names.error());
        arguments.names = std::move(*names);
    }
    const auto runs = comparedRuns(*reader, arguments.names);
    if (!runs) return report(runs.error());
    const auto found = run::noiseReport(*runs, arguments.loss > 0 ? std::optional(arguments.loss) : std::nullopt);
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
        ->check(CLI::Range(1e-6, 1.0));
    verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = tolerance(*arguments); });
}

} // namespace gradus::app
