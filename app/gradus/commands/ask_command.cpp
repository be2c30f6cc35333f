// SPDX-License-Identifier: GPL-3.0-or-later
// What may be asked of a living run: pause, checkpoint, evaluate, stop; and what became of it.
#include "base/text.h"
#include "commands/asking.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "events/run_commands.h"
#include "store/command_log.h"
#include "store/store_writer.h"

#include <cstdio>
#include <ctime>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct AskArguments
{
    std::vector<std::string> names;
    std::string name;
    std::string store;
    bool now = false;
    bool json = false;
};

/// All of the runs are looked at before any of them is asked.
int ask(const AskArguments& arguments, std::string_view verb, const std::string& act, const char* answer)
{
    const auto path = storePath(arguments.store);
    const auto reader = store::StoreReader::open(path);
    if (!reader) return report(reader.error());
    std::vector<store::RunRow> runs;
    for (const std::string& name : arguments.names) {
        auto row = livingRun(*reader, name, act);
        if (!row) return report(row.error());
        runs.push_back(std::move(*row));
    }
    const auto writer = store::StoreWriter::open(path);
    if (!writer) return report(writer.error());
    for (const store::RunRow& run : runs) {
        const auto posted = (*writer)->postCommand(run.id, std::string(verb));
        if (!posted) return report(posted.error());
        std::printf("Run %s will %s (request %lld; `gradus commands %s` says what became of it).\n",
                    shortId(run).c_str(), answer, static_cast<long long>(*posted), shortId(run).c_str());
    }
    return 0;
}

std::string clockText(double wall)
{
    const auto seconds = static_cast<std::time_t>(wall);
    std::tm local{};
    localtime_r(&seconds, &local);
    char text[16];
    std::strftime(text, sizeof text, "%H:%M:%S", &local);
    return text;
}

void printJson(const std::vector<store::AskedCommand>& log, bool isHeld)
{
    nlohmann::json all = nlohmann::json::array();
    for (const store::AskedCommand& command : log)
        all.push_back({{"request", command.id},
                       {"verb", command.verb},
                       {"state", store::nameOf(command.state)},
                       {"step", command.step},
                       {"asked_at", command.askedAt},
                       {"answered_at", command.answeredAt},
                       {"sentence", command.sentence}});
    const nlohmann::json whole{{"paused", isHeld}, {"commands", all}};
    std::printf("%s\n", whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

/// What was asked of a run and what became of it.
int list(const AskArguments& arguments)
{
    const auto opened = openedRun(arguments.store, arguments.name);
    if (!opened) return report(opened.error());
    const store::RunRow& run = opened->detail.run;
    const std::vector<store::AskedCommand> log = store::commandLog(opened->detail.events);
    const bool isHeld = isLiving(run) && store::isHeld(opened->detail.events);
    if (arguments.json) {
        printJson(log, isHeld);
        return 0;
    }
    if (log.empty()) std::printf("Nothing was asked of run %s.\n", shortId(run).c_str());
    for (const store::AskedCommand& command : log)
        std::printf("%s  %-7s  %s\n", clockText(command.askedAt).c_str(), store::nameOf(command.state),
                    visible(command.sentence, 400).c_str());
    if (isHeld) std::printf("The run is paused; `gradus resume %s` lets it go on.\n", shortId(run).c_str());
    return 0;
}

/// A verb that asks one thing of runs.
struct Asking
{
    const char* verb;
    const char* help;
    std::string_view command;
    const char* answer;
};

} // namespace

void addAsking(CLI::App& app, Invocation& invocation)
{
    static constexpr Asking kVerbs[] = {
        {"pause", "Hold running runs after the step they are in; `resume` lets them go on.", events::kPauseVerb,
         "checkpoint and pause"},
        {"checkpoint", "Ask running runs for a checkpoint now.", events::kCheckpointVerb, "write a checkpoint"},
        {"evaluate", "Ask running runs to measure the student that is being trained now.", events::kEvaluateVerb,
         "evaluate its student"},
    };
    for (const Asking& asking : kVerbs) {
        auto arguments = std::make_shared<AskArguments>();
        CLI::App* verb = app.add_subcommand(asking.verb, asking.help);
        verb->add_option("run", arguments->names, "Run ids, or their first characters")->required();
        verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
        verb->callback([arguments, &asking, &invocation] {
            invocation.exitCode = ask(*arguments, asking.command, asking.verb, asking.answer);
        });
    }
    auto stopping = std::make_shared<AskArguments>();
    CLI::App* stop = app.add_subcommand("stop", "Ask running runs to checkpoint and stop.");
    stop->add_option("run", stopping->names, "Run ids, or their first characters")->required();
    stop->add_option("--store", stopping->store, "Run store (default: the workspace's gradus.db)");
    stop->add_flag("--now", stopping->now, "Write no checkpoint: what came after the last one is made again on resume");
    stop->callback([stopping, &invocation] {
        invocation.exitCode = stopping->now ? ask(*stopping, events::kStopNowVerb, "stop", "stop without saving")
                                            : ask(*stopping, events::kStopVerb, "stop", "checkpoint and stop");
    });
    auto listing = std::make_shared<AskArguments>();
    CLI::App* commands = app.add_subcommand("commands", "What was asked of a run, and what became of it.");
    commands->add_option("run", listing->name, "Run id, or its first characters")->required();
    commands->add_option("--store", listing->store, "Run store (default: the workspace's gradus.db)");
    commands->add_flag("--json", listing->json, "As JSON");
    commands->callback([listing, &invocation] { invocation.exitCode = list(*listing); });
}

} // namespace gradus::app
