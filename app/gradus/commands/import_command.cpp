// SPDX-License-Identifier: GPL-3.0-or-later
// gradus import: runs that other trackers made, and episodes that Inspect logged.
#include "base/text.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "imports/import_runs.h"
#include "imports/read_source.h"
#include "run/inspect_log.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct ImportArguments
{
    std::string path;
    std::string store;
    std::vector<std::string> names; ///< "SOURCE=OURS"
    imports::MappingOptions mapping;
    imports::ReadOptions reading;
    bool replace = false;
    bool dryRun = false;
    bool json = false;
};

/// The last "=" separates: names of series may hold one, ours do not.
Result<void> takeNames(ImportArguments& arguments)
{
    for (const std::string& pair : arguments.names) {
        const std::size_t sign = pair.rfind('=');
        if (sign == std::string::npos || sign == 0)
            return badInput("--map takes SOURCE=NAME (or SOURCE= to leave it out), not \"" + visible(pair, 60) + "\".");
        arguments.mapping.names[pair.substr(0, sign)] = pair.substr(sign + 1);
    }
    return {};
}

void printPlan(const imports::ImportPlan& plan)
{
    std::printf("%s, %s\n", plan.format.c_str(), visible(plan.axis).c_str());
    for (const imports::PlannedRun& run : plan.runs)
        std::printf("run     %s  %s%s, seed %lld\n", run.uuid.substr(0, 8).c_str(), run.experiment.c_str(),
                    run.condition.empty() ? "" : (", " + visible(run.condition, 120)).c_str(),
                    static_cast<long long>(run.seed));
    for (const imports::PlannedSeries& series : plan.series)
        std::printf("series  %s -> %s, %lld points\n", visible(series.source, 80).c_str(),
                    series.becomes.empty() ? "(left out)" : series.becomes.c_str(),
                    static_cast<long long>(series.points));
    for (const std::string& note : plan.notes)
        std::printf("%s\n", visible(note, 400).c_str());
}

json planJson(const imports::ImportPlan& plan)
{
    json runs = json::array();
    for (const imports::PlannedRun& run : plan.runs)
        runs.push_back({{"uuid", run.uuid},
                        {"experiment", run.experiment},
                        {"run", run.name},
                        {"condition", run.condition},
                        {"seed", run.seed}});
    json series = json::array();
    for (const imports::PlannedSeries& one : plan.series)
        series.push_back({{"source", one.source},
                          {"becomes", one.becomes},
                          {"points", one.points},
                          {"nan", one.nans},
                          {"repeated", one.repeated}});
    return {{"format", plan.format},
            {"axis", plan.axis},
            {"runs", std::move(runs)},
            {"series", std::move(series)},
            {"notes", plan.notes}};
}

/// An Inspect log becomes one run, whose episodes its samples are.
int importLog(const ImportArguments& arguments)
{
    const auto imported = run::importInspect(arguments.path, storePath(arguments.store));
    if (!imported) return report(imported.error());
    if (arguments.json) {
        printJson({{"run", imported->run.uuid},
                   {"episodes", imported->episodes},
                   {"task", imported->task},
                   {"model", imported->model}});
        return 0;
    }
    std::printf("%s of %s, %s: gradus transcript %s\n", counted(imported->episodes, "episode").c_str(),
                visible(imported->task).c_str(), visible(imported->model).c_str(),
                imported->run.uuid.substr(0, 8).c_str());
    return 0;
}

int import(ImportArguments& arguments, const StopFlag& stop)
{
    if (std::filesystem::path(arguments.path).extension() == ".eval") return importLog(arguments);
    if (const auto named = takeNames(arguments); !named) return report(named.error());
    const auto source = imports::readSource(arguments.path, arguments.reading);
    if (!source) return report(source.error());
    const auto plan = imports::planImport(*source, arguments.path, arguments.mapping);
    if (!plan) return report(plan.error());
    json document = planJson(*plan);
    if (!arguments.json) printPlan(*plan);
    std::string sentence = imports::sentenceOf(*plan);
    if (!arguments.dryRun) {
        const auto done = imports::importRuns(storePath(arguments.store), *plan, arguments.replace, &stop);
        if (!done) return report(done.error());
        document["written"] = done->written;
        document["replaced"] = done->replaced;
        document["here_already"] = done->here;
        sentence = counted(done->written.size(), "run") + " imported (" + std::to_string(done->replaced.size()) +
                   " in place of an earlier import), " + std::to_string(done->here.size()) + " here already" +
                   (done->here.empty() ? "." : "; --replace takes them again.");
    }
    if (arguments.json)
        printJson(document);
    else
        std::printf("%s\n", sentence.c_str());
    return 0;
}

} // namespace

void addImport(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<ImportArguments>();
    CLI::App* verb = app.add_subcommand(
        "import",
        "Runs of other trackers (TensorBoard events, W&B exports as CSV, MLflow, trackio), or an Inspect log.");
    verb->add_option("source", arguments->path, "File or folder that the tracker wrote")->required();
    verb->add_option("--step", arguments->mapping.step, "Series or column that is the step axis");
    verb->add_option("--per-step", arguments->mapping.perStep, "So much of the axis is one step")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--starts-at", arguments->mapping.startsAt, "Step that the axis' 0 becomes")
        ->capture_default_str();
    verb->add_option("--map", arguments->names, "SOURCE=NAME gives a series its name here; SOURCE= leaves it out");
    verb->add_option("--project", arguments->mapping.project, "Name of the experiment (default: the source's)");
    verb->add_flag("--cut-off", arguments->reading.cutOff, "Take what is whole of an event file that is cut off");
    verb->add_flag("--replace", arguments->replace, "Import again what is here already");
    verb->add_flag("--dry-run", arguments->dryRun, "Say what would be imported and write nothing");
    verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = import(*arguments, invocation.stop); });
}

} // namespace gradus::app
