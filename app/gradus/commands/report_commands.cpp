// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/text.h"
#include "commands/against_option.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "compare/diff_text.h"
#include "compare/read_runs.h"
#include "compare/table_text.h"
#include "report/rerun.h"
#include "run/export_run.h"
#include "run/inspect_log.h"
#include "run/procedure_table.h"
#include "run/result_table.h"
#include "store/lineage.h"
#include "store/run_choice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct ReportArguments
{
    std::vector<std::string> names;
    std::string store;
    std::string format = "csv";
    std::string output;
    std::string baseline;
    std::vector<std::string> against;
    std::string tag;
    std::string test = "student";
    bool byRun = false;
    bool diff = false;
    bool lineage = false;
    bool json = false;
    std::string filter;
};

json lineageJson(const std::optional<store::Lineage>& lineage)
{
    if (!lineage) return nullptr;
    return {{"parent", lineage->parent}, {"generation", lineage->generation}, {"superseded", lineage->superseded}};
}

json rowJson(const store::RunRow& row)
{
    return {{"id", row.id},
            {"uuid", row.uuid},
            {"experiment", row.experimentName},
            {"hash", row.experimentHash},
            {"condition", row.condition},
            {"seed", row.seed},
            {"state", store::nameOf(row.state)},
            {"progress", row.progress},
            {"generation", row.generation},
            {"generations", row.generations},
            {"utility", row.lastUtility ? json(*row.lastUtility) : json(nullptr)},
            {"imitation", row.lastImitation ? json(*row.lastImitation) : json(nullptr)},
            {"failure", row.failure},
            {"tags", row.tags},
            {"note", row.note},
            {"lineage", lineageJson(row.lineage)}};
}

/// ", branch of 1a2b3c4d after generation 2", or nothing.
std::string lineageText(const store::RunRow& row)
{
    if (!row.lineage) return {};
    return (row.lineage->superseded ? ", superseded attempt of " : ", branch of ") +
           visible(row.lineage->parent.substr(0, 8)) + " after generation " + std::to_string(row.lineage->generation);
}

/// "  [healthy, odd]  what the note begins with", or nothing.
std::string marksText(const store::RunRow& row)
{
    std::string tags;
    for (const std::string& tag : row.tags)
        tags += (tags.empty() ? "  [" : ", ") + visible(tag);
    if (!tags.empty()) tags += "]";
    return tags + (row.note.empty() ? "" : "  " + visible(row.note.substr(0, row.note.find('\n')), 80));
}

int list(const ReportArguments& arguments)
{
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto rows = arguments.filter.empty() ? reader->runs() : filteredRuns(*reader, arguments.filter);
    if (!rows) return report(rows.error());
    const auto isWanted = [&](const store::RunRow& row) {
        return arguments.tag.empty() || std::find(row.tags.begin(), row.tags.end(), arguments.tag) != row.tags.end();
    };
    if (arguments.json) {
        json all = json::array();
        for (const store::RunRow& row : *rows)
            if (isWanted(row)) all.push_back(rowJson(row));
        std::printf("%s\n", all.dump(2).c_str());
        return 0;
    }
    if (rows->empty())
        std::printf("No runs yet. Start one with: gradus new progressive && gradus run progressive.toml\n");
    for (const store::RunRow& row : *rows) {
        if (!isWanted(row)) continue;
        std::printf("%s  %-9s  %d of %d  utility %s  %s%s, seed %lld%s%s%s\n", row.uuid.substr(0, 8).c_str(),
                    store::nameOf(row.state), row.generation, row.generations,
                    row.lastUtility ? numberText(std::round(*row.lastUtility * 1000) / 1000).c_str() : "–",
                    visible(row.experimentName).c_str(),
                    row.condition.empty() ? "" : (", " + visible(row.condition)).c_str(),
                    static_cast<long long>(row.seed), lineageText(row).c_str(), marksText(row).c_str(),
                    row.failure.empty() ? "" : ("  " + visible(row.failure)).c_str());
    }
    return 0;
}

/// The family of one run: who branched from whom.
int showLineage(const ReportArguments& arguments)
{
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto row = reader->findRun(arguments.names.front());
    if (!row) return report(row.error());
    const auto rows = reader->runs();
    if (!rows) return report(rows.error());
    json all = json::array();
    for (const store::Relative& relative : store::relativesOf(*rows, row->id)) {
        if (arguments.json) {
            json one = relative.run ? rowJson(*relative.run) : json{{"uuid", relative.uuid}, {"state", nullptr}};
            one["depth"] = relative.depth;
            all.push_back(std::move(one));
            continue;
        }
        const std::string indent(2 * static_cast<std::size_t>(relative.depth), ' ');
        std::printf("%s%s  %s%s%s%s\n", indent.c_str(), visible(relative.uuid.substr(0, 8)).c_str(),
                    relative.run ? store::nameOf(relative.run->state) : "not in this store",
                    relative.run ? (", " + visible(relative.run->experimentName, 60)).c_str() : "",
                    relative.from ? (", " + store::fromText(*relative.from)).c_str() : "",
                    relative.run && relative.run->id == row->id ? "  *" : "");
    }
    if (arguments.json) std::printf("%s\n", all.dump(2).c_str());
    return 0;
}

/// What only the runs' procedures have: verdicts by side, variety of answers, what discovery found.
Result<std::string> ownFigures(const ReportArguments& arguments, const std::vector<store::RunDetail>& details)
{
    const auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return reader.error();
    const auto runs = compare::readOwnFigures(*reader, details);
    if (!runs) return runs.error();
    return run::procedureTables(*runs);
}

/// "task a" or, as a sweep may set it, "tasks a, b", in the order of the runs.
std::string tasksOf(const std::vector<store::RunDetail>& runs)
{
    std::vector<std::string> tasks;
    for (const store::RunDetail& run : runs)
        if (std::string task = visible(run.run.taskName); std::ranges::find(tasks, task) == tasks.end())
            tasks.push_back(std::move(task));
    std::string text = tasks.size() == 1 ? "task " : "tasks ";
    for (std::size_t i = 0; i < tasks.size(); ++i)
        text += (i == 0 ? "" : ", ") + tasks[i];
    return text;
}

int show(const ReportArguments& arguments)
{
    if (arguments.lineage && arguments.names.size() != 1)
        return report(
            badInput("--lineage shows the family of one run; name one, as in gradus show 1a2b3c4d --lineage."));
    if (arguments.lineage) return showLineage(arguments);
    const auto details = chosenDetails(arguments.store, arguments.names);
    if (!details) return report(details.error());
    if (arguments.json) {
        std::printf("%s", run::resultJson(*details).c_str());
        return 0;
    }
    const store::RunDetail& first = details->front();
    std::printf("%s, %s, %zu %s\n", visible(first.run.experimentName).c_str(), tasksOf(*details).c_str(),
                details->size(), details->size() == 1 ? "run" : "runs");
    for (const store::RunDetail& detail : *details)
        if (const std::string from = lineageText(detail.run); !from.empty())
            std::printf("%s%s\n", visible(detail.run.uuid.substr(0, 8)).c_str(), from.c_str());
    std::printf("%s", run::resultTable(*details).c_str());
    const auto own = ownFigures(arguments, *details);
    if (!own) return report(own.error());
    std::printf("%s", own->c_str());
    if (details->size() == 1)
        for (const store::EventRow& event : first.events)
            if (event.kind != "checkpoint")
                std::printf("%s: %s\n", event.kind.c_str(), visible(event.sentence, 400).c_str());
    return 0;
}

int compareRuns(const ReportArguments& arguments)
{
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto rows = arguments.filter.empty() ? store::chosenRuns(*reader, arguments.names)
                                               : filteredRuns(*reader, arguments.filter);
    if (!rows) return report(rows.error());
    const auto read = compare::readRuns(*reader, *rows);
    if (!read) return report(read.error());
    const std::vector<compare::ComparedRun>& runs = *read;
    const compare::Grouping grouping = compare::grouped(runs);
    const auto baseline = compare::groupLabelled(grouping, arguments.baseline);
    if (!baseline) return report(baseline.error());
    if (arguments.diff) {
        const std::string text =
            compare::textOf(compare::differencesOf(runs, grouping), *compare::textFormatFromName(arguments.format));
        std::fwrite(text.data(), 1, text.size(), stdout);
        return 0;
    }
    const auto files = report::filesOf(*reader, *rows);
    if (!files) return report(files.error());
    auto asked = compare::askedContrasts(*files, arguments.against, runs, grouping);
    if (!asked) return report(asked.error());
    for (const std::string& one : asked->absent)
        std::fprintf(stderr, "The file asks for %s, which is not among these runs.\n", one.c_str());
    compare::TableOptions options{.byRun = arguments.byRun,
                                  .test = arguments.test == "student" ? compare::TestKind::Student
                                                                      : compare::TestKind::Permutation,
                                  .baseline = *baseline};
    options.contrasts = std::move(asked->contrasts);
    options.absent = std::move(asked->absent);
    const compare::ComparisonTable table = compare::comparisonTable(runs, grouping, options);
    const std::string text = compare::textOf(table, *compare::textFormatFromName(arguments.format));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

int exportRun(const ReportArguments& arguments)
{
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto row = reader->findRun(arguments.names.front());
    if (!row) return report(row.error());
    const auto text = arguments.format == "inspect" ? run::exportInspect(*reader, row->id)
                                                    : run::exportRun(*reader, row->id, arguments.format);
    if (!text) return report(text.error());
    if (arguments.output.empty()) {
        std::fwrite(text->data(), 1, text->size(), stdout);
        return 0;
    }
    if (const auto written = run::writeExport(arguments.output, *text); !written) return report(written.error());
    return 0;
}

} // namespace

void addReports(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<ReportArguments>();
    CLI::App* listing = app.add_subcommand("list", "List the runs of a store, newest first.");
    listing->add_option("--tag", arguments->tag, "Only runs with this tag");
    listing->add_option("--filter", arguments->filter, kFilterHelp);
    CLI::App* shown = app.add_subcommand("show", "Result table of runs (default: the newest experiment's).");
    shown->add_option("run", arguments->names, "Run ids or their first characters, or experiments by name");
    shown->add_flag("--lineage", arguments->lineage, "What the run branched from and what branched from it, as a tree");
    CLI::App* exported = app.add_subcommand("export", "All points of a run, nothing thinned.");
    exported->add_option("run", arguments->names, "Run id, or its first characters")->required()->expected(1);
    exported->add_option("--as", arguments->format, "csv, json (points), or inspect (episodes, .eval)")
        ->check(CLI::IsMember({"csv", "json", "inspect"}));
    exported->add_option("-o,--output", arguments->output, "File to write (default: standard output)");
    auto comparing = std::make_shared<ReportArguments>();
    comparing->format = "markdown";
    CLI::App* compared =
        app.add_subcommand("compare", "Runs grouped over seeds, each against a baseline, with the test named.");
    compared->add_option("run", comparing->names,
                         "Run ids or their first characters, or experiments by name (default: the newest experiment)");
    compared->add_option("--filter", comparing->filter, kFilterHelp)->excludes("run");
    compared->add_option("--as", comparing->format, "Form of the table")
        ->check(CLI::IsMember({"markdown", "csv", "json", "latex"}))
        ->capture_default_str();
    compared->add_option("--baseline", comparing->baseline, "Label of the group that the others are held against");
    compared->add_option("--against", comparing->against, kAgainstHelp)->allow_extra_args(false);
    compared->add_option("--test", comparing->test, "Of the difference to the baseline")
        ->check(CLI::IsMember({"student", "permutation"}))
        ->capture_default_str();
    compared->add_flag("--diff", comparing->diff,
                       "Settings that differ and what the runs are made of and by (hashes, code, environment) instead "
                       "of figures");
    compared->add_flag("--by-run", comparing->byRun, "A row a run instead of a row a group");
    compared->add_option("--store", comparing->store, "Run store (default: the workspace's gradus.db)");
    compared->callback([comparing, &invocation] { invocation.exitCode = compareRuns(*comparing); });
    for (CLI::App* verb : {listing, shown, exported})
        verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    for (CLI::App* verb : {listing, shown})
        verb->add_flag("--json", arguments->json, "JSON instead of text");
    listing->callback([arguments, &invocation] { invocation.exitCode = list(*arguments); });
    shown->callback([arguments, &invocation] { invocation.exitCode = show(*arguments); });
    exported->callback([arguments, &invocation] { invocation.exitCode = exportRun(*arguments); });
}

} // namespace gradus::app
