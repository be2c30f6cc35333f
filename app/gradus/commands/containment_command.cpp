// SPDX-License-Identifier: GPL-3.0-or-later
// gradus containment: the containment studies that a store keeps, one or several beside each other.
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "commands/pages.h"
#include "compare/containment.h"
#include "report/containment_page.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct Arguments
{
    std::vector<std::string> runs;
    std::string store;
    std::string page;
    bool json = false;
};

/// The newest study of the store.
Result<std::vector<store::RunDetail>> newestStudy(const std::string& store)
{
    const auto reader = store::StoreReader::open(storePath(store));
    if (!reader) return reader.error();
    const auto rows = reader->runs();
    if (!rows) return rows.error();
    for (const store::RunRow& row : *rows) {
        if (row.procedure != compare::kContainmentProcedure) continue;
        auto detail = reader->detail(row.id);
        if (!detail) return detail.error();
        if (compare::containmentJsonOf(*detail) != nullptr) return std::vector{std::move(*detail)};
    }
    return badInput("No run of this store keeps a containment study; gradus sandbox study --store FILE makes one.");
}

int show(const Arguments& arguments)
{
    const auto details =
        arguments.runs.empty() ? newestStudy(arguments.store) : chosenDetails(arguments.store, arguments.runs);
    if (!details) return report(details.error());
    std::vector<const store::RunDetail*> runs;
    for (const store::RunDetail& run : *details)
        if (compare::containmentJsonOf(run) != nullptr) runs.push_back(&run);
    if (runs.empty())
        return report(badInput("None of these runs keeps a containment study; gradus sandbox study --store FILE makes "
                               "one."));
    const auto studies = compare::containmentsOf(runs);
    if (!studies) return report(studies.error());
    if (!arguments.page.empty()) return writePage(arguments.page, report::containmentPage(*studies));
    if (arguments.json) {
        nlohmann::ordered_json all{{"studies", nlohmann::ordered_json::array()}};
        for (const store::RunDetail* run : runs) // as it was kept: it has been read above, so that it is JSON
            all["studies"].push_back(
                {{"run", run->run.uuid}, {"study", nlohmann::ordered_json::parse(*compare::containmentJsonOf(*run))}});
        printJson(all);
        return 0;
    }
    for (const compare::NamedContainment& study : *studies)
        std::printf("%s%s\n%s", &study == &studies->front() ? "" : "\n", study.name.c_str(),
                    compare::containmentText(study.record).c_str());
    return 0;
}

} // namespace

void addContainment(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = app.add_subcommand("containment", "Containment studies that a store keeps (gradus sandbox study "
                                                       "--store): ways out by level, elicitation, tasks, fidelity.");
    verb->add_option("run", arguments->runs, "Run ids, or their first characters (default: the newest study)");
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->add_option("-o,--output", arguments->page, "Write a page, HTML, instead");
    verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->callback([arguments, &invocation] { invocation.exitCode = show(*arguments); });
}

} // namespace gradus::app
