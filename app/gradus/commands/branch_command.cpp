// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/commands.h"
#include "run/branch.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct BranchArguments
{
    std::string run;
    std::string store;
    std::vector<std::string> assignments;
    int generation = 1;
    bool queued = false;
    bool reject = false;
    bool json = false;
};

int branch(const BranchArguments& arguments, const StopFlag& stop)
{
    const auto made = run::branchRun({.store = storePath(arguments.store),
                                      .run = arguments.run,
                                      .generation = arguments.generation,
                                      .assignments = arguments.assignments,
                                      .queued = arguments.queued});
    if (!made) return report(made.error());
    std::string settings;
    for (const std::string& change : made->changed)
        settings += (settings.empty() ? " with " : ", ") + visible(change, 200);
    std::fprintf(arguments.json ? stderr : stdout, "Run %s begins after generation %d of %s%s.\n",
                 made->uuid.substr(0, 8).c_str(), arguments.generation, made->parent.substr(0, 8).c_str(),
                 settings.empty() ? " with the same settings" : settings.c_str());
    if (arguments.queued) {
        std::printf("It waits in the queue, which works with: gradus queue work\n");
        return 0;
    }
    return resumeAndConclude({made->uuid}, arguments.store, arguments.json, stop);
}

int rollBack(const BranchArguments& arguments)
{
    const auto kept = run::rollBackRun({.store = storePath(arguments.store),
                                        .run = arguments.run,
                                        .generation = arguments.generation,
                                        .reject = arguments.reject});
    if (!kept) return report(kept.error());
    std::printf("Rolled back to generation %d; what came after is kept as run %s. Go on with: gradus resume %s\n",
                arguments.generation, kept->substr(0, 8).c_str(), visible(arguments.run, 60).c_str());
    return 0;
}

} // namespace

void addBranch(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<BranchArguments>();
    CLI::App* branched = app.add_subcommand(
        "branch", "Begin a new run after a generation of another one, with other settings for what is to come.");
    branched->add_option("--from-generation", arguments->generation, "The last generation that is kept")->required();
    branched->add_option("--set", arguments->assignments,
                         "Change a setting of later generations: --set gap.value=0.3 (repeatable)");
    branched->add_flag("--queue", arguments->queued, "Put it at the end of the queue instead of beginning at once");
    branched->add_flag("--json", arguments->json, "One JSON object a line, the result last");
    CLI::App* back = app.add_subcommand(
        "rollback", "Put a stopped or failed run back to the end of a generation; what came after is kept as a run.");
    back->add_option("--to-generation", arguments->generation, "The last generation that is kept")->required();
    back->add_flag("--reject", arguments->reject,
                   "The next generation's rung counts as one that failed its gate: resumed, the run takes another "
                   "(without it, it makes the same generations again)");
    for (CLI::App* verb : {branched, back}) {
        verb->add_option("run", arguments->run, "Run id, or its first characters")->required();
        verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    }
    branched->callback([arguments, &invocation] { invocation.exitCode = branch(*arguments, invocation.stop); });
    back->callback([arguments, &invocation] { invocation.exitCode = rollBack(*arguments); });
}

} // namespace gradus::app
