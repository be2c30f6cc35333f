// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "commands/sources_text.h"
#include "compare/run_sources.h"
#include "run/text_table.h"
#include "store/run_choice.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct RunSourcesArguments
{
    std::string run;
    std::string store;
    int generation = 0; ///< 0: the last one that sources labelled
    std::string format = "table";
    bool json = false;
};

nlohmann::json backgroundsJson(const std::vector<compare::BackgroundLine>& lines)
{
    nlohmann::json all = nlohmann::json::array();
    for (const compare::BackgroundLine& line : lines)
        all.push_back({{"background", line.background},
                       {"people", line.people},
                       {"answered", line.answered},
                       {"accuracy", figureJson(line.accuracy)},
                       {"agreement_among_them", figureJson(line.among)},
                       {"agreement_with_others", figureJson(line.others)}});
    return all;
}

std::string backgroundsText(const std::vector<compare::BackgroundLine>& lines)
{
    if (lines.empty()) return {};
    std::vector<std::vector<std::string>> rows{
        {"background", "people", "labels", "accuracy", "agree among them", "agree with others"}};
    for (const compare::BackgroundLine& line : lines)
        rows.push_back({visible(line.background, 60), std::to_string(line.people.size()), std::to_string(line.answered),
                        figureText(line.accuracy), figureText(line.among), figureText(line.others)});
    return "\nPeople by background\n" + run::aligned(rows, run::kAllWords);
}

int runSources(const RunSourcesArguments& arguments)
{
    const auto opened = openedRun(arguments.store, arguments.run);
    if (!opened) return report(opened.error());
    const std::string& uuid = opened->detail.run.uuid;
    const auto found = compare::runSources(
        opened->reader, opened->detail, arguments.generation > 0 ? std::optional(arguments.generation) : std::nullopt);
    if (!found) return report(found.error());
    const auto& [generation, votes, made] = *found;
    signals::SourceReport shown = made; // names come from a file
    for (signals::SourceLine& line : shown.sources)
        line.name = visible(line.name, 60);
    for (signals::MarginalBenefit& step : shown.benefit)
        step.name = visible(step.name, 60);
    if (arguments.json || arguments.format == "json") {
        auto document = sourcesJson(made, votes.table, votes.question);
        document["run"] = uuid;
        document["generation"] = generation;
        document["backgrounds"] = backgroundsJson(compare::byBackground(votes));
        printJson(document);
        return 0;
    }
    const std::string text = arguments.format == "csv"
                                 ? sourcesCsv(shown)
                                 : "Run " + visible(uuid.substr(0, 8)) + ", the votes that taught generation " +
                                       std::to_string(generation) + "\n" +
                                       sourcesText(shown, votes.table, votes.question) +
                                       backgroundsText(compare::byBackground(votes));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

} // namespace

void addRunSources(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<RunSourcesArguments>();
    CLI::App* verb = app.add_subcommand(
        "sources", "How alike the errors of a run's own sources are, and what a further one brings.");
    verb->footer("It reads the votes that the run keeps. Answers given elsewhere: gradus data sources");
    verb->add_option("run", arguments->run, "Run id, or its first characters")->required();
    verb->add_option("--generation", arguments->generation,
                     "The generation that the votes taught (default: the last one that sources labelled)")
        ->check(CLI::Range(1, 1000));
    verb->add_option("--as", arguments->format, "Form of the report")
        ->check(CLI::IsMember({"table", "csv", "json"}))
        ->capture_default_str();
    verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = runSources(*arguments); });
}

} // namespace gradus::app
