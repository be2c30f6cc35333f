// SPDX-License-Identifier: GPL-3.0-or-later
// gradus runs: what people say of runs.
#include "base/text.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "store/run_choice.h"
#include "store/run_marks.h"

#include <cstdio>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct RunsArguments
{
    std::string tags; ///< separated by commas
    std::vector<std::string> names;
    std::string filter; ///< in place of names
    std::string run;
    std::string note;
    std::string store;
    bool json = false;
};

std::vector<std::string> tagsIn(const std::string& list)
{
    std::vector<std::string> tags;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        std::string tag = list.substr(at, comma - at);
        tag.erase(0, std::min(tag.find_first_not_of(' '), tag.size()));
        tag.erase(tag.find_last_not_of(' ') + 1);
        tags.push_back(std::move(tag)); // an empty one is refused below, by the rule for tags
        at = comma + 1;
    }
    return tags;
}

Result<std::vector<store::RunRow>> chosen(const RunsArguments& arguments)
{
    const auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return reader.error();
    return arguments.filter.empty() ? store::chosenRuns(*reader, arguments.names)
                                    : filteredRuns(*reader, arguments.filter);
}

int mark(const RunsArguments& arguments, bool isTagging)
{
    const std::vector<std::string> tags = tagsIn(arguments.tags);
    for (const std::string& tag : tags)
        if (const auto may = store::checkTag(tag); !may) return report(may.error());
    const auto rows = chosen(arguments);
    if (!rows) return report(rows.error());
    std::vector<store::MarkChange> changes;
    for (const store::RunRow& row : *rows)
        changes.push_back({.uuid = row.uuid,
                           .add = isTagging ? tags : std::vector<std::string>(),
                           .remove = isTagging ? std::vector<std::string>() : tags});
    const auto undone = store::changeMarks(storePath(arguments.store), changes);
    if (!undone) return report(undone.error());
    std::printf("%s of %zu changed.\n", counted(undone->size(), "run").c_str(), rows->size());
    return 0;
}

int note(const RunsArguments& arguments)
{
    const auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto row = reader->findRun(arguments.run);
    if (!row) return report(row.error());
    const auto undone = store::changeMarks(storePath(arguments.store), {{.uuid = row->uuid, .note = arguments.note}});
    if (!undone) return report(undone.error());
    std::printf("%s\n", undone->empty() ? "It says that already." : arguments.note.empty() ? "Removed." : "Noted.");
    return 0;
}

int tags(const RunsArguments& arguments)
{
    const auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    const auto rows = reader->runs();
    if (!rows) return report(rows.error());
    std::map<std::string, std::size_t> counts;
    for (const store::RunRow& row : *rows)
        for (const std::string& tag : row.tags)
            ++counts[tag];
    if (arguments.json) {
        printJson(json(counts));
        return 0;
    }
    if (counts.empty()) std::printf("No run has a tag; give one with: gradus runs tag TAG RUN\n");
    for (const auto& [tag, count] : counts)
        std::printf("%s  %s\n", visible(tag).c_str(), counted(count, "run").c_str());
    return 0;
}

} // namespace

void addRuns(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<RunsArguments>();
    CLI::App* verb = app.add_subcommand("runs", "Tags and notes of runs; `gradus list` shows them.");
    verb->require_subcommand(1);
    CLI::App* tagging = verb->add_subcommand("tag", "Give runs tags.");
    CLI::App* untagging = verb->add_subcommand("untag", "Take tags away from runs.");
    for (CLI::App* act : {tagging, untagging}) {
        act->add_option("tags", arguments->tags, "One or several, separated by commas: healthy,odd")->required();
        CLI::Option* names =
            act->add_option("run", arguments->names, "Run ids or their first characters, or experiments by name");
        act->add_option("--filter", arguments->filter, kFilterHelp)->excludes(names);
    }
    CLI::App* noting = verb->add_subcommand("note", "Write a run's note, in place of the one there is.");
    noting->add_option("run", arguments->run, "Run id, or its first characters")->required();
    noting->add_option("text", arguments->note, "Plain text; \"\" removes the note")->required();
    CLI::App* listing = verb->add_subcommand("tags", "The tags there are, and how many runs have each.");
    listing->add_flag("--json", arguments->json, "JSON instead of text");
    for (CLI::App* act : {tagging, untagging, noting, listing})
        act->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    for (CLI::App* act : {tagging, untagging})
        act->callback([arguments, &invocation, isTagging = act == tagging] {
            // Without a name verbs take the newest experiment; what is marked must be said.
            if (arguments->names.empty() && arguments->filter.empty()) throw CLI::RequiredError("run or --filter");
            invocation.exitCode = mark(*arguments, isTagging);
        });
    noting->callback([arguments, &invocation] { invocation.exitCode = note(*arguments); });
    listing->callback([arguments, &invocation] { invocation.exitCode = tags(*arguments); });
}

} // namespace gradus::app
