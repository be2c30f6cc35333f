// SPDX-License-Identifier: GPL-3.0-or-later
// The alert rules of a run: which are watched, which fired, and others for a living run.
#include "base/text.h"
#include "commands/asking.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "events/alert_events.h"
#include "events/run_commands.h"
#include "spec/alert_rules.h"
#include "store/command_log.h"
#include "store/store_writer.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using Rules = std::vector<spec::AlertRule>;

struct AlertArguments
{
    std::string run;
    std::string store;
    std::vector<std::string> add;
    std::vector<std::string> remove;
    std::vector<std::string> set;
    bool clear = false;
    bool json = false;
    bool changes() const { return clear || !add.empty() || !remove.empty() || !set.empty(); }
};

/// What was asked for last, else what is watched, else what the file says: two changes in a row are both kept.
Rules currentRules(const store::RunDetail& detail, const std::string& source)
{
    Rules rules = spec::alertRulesOf(source);
    for (const store::EventRow& event : detail.events)
        if (event.kind == events::kAlertRulesEvent)
            if (const auto lines = events::alertLinesOf(event.detailsJson))
                if (auto read = spec::alertRulesFromLines(*lines)) rules = std::move(*read);
    for (const store::AskedCommand& command : store::commandLog(detail.events))
        if (command.verb == events::kAlertsVerb && command.state == store::AskedCommand::State::Waiting)
            if (auto read = spec::alertRulesFromLines(command.payload)) rules = std::move(*read);
    return rules;
}

/// The run's own detectors say alerts, too, and those are no rule's.
bool isFiredRule(const store::EventRow& event)
{
    return event.kind == events::kAlertEvent && events::firedRuleOf(event.detailsJson);
}

Result<Rules> changedRules(const Rules& now, const AlertArguments& arguments)
{
    std::vector<std::string> texts = arguments.set;
    if (!arguments.clear && arguments.set.empty())
        for (const spec::AlertRule& rule : now)
            texts.push_back(spec::textOf(rule));
    for (const std::string& words : arguments.remove) {
        const auto rule = spec::alertRuleFrom(words);
        if (!rule) return rule.error();
        const auto found = std::find(texts.begin(), texts.end(), spec::textOf(*rule));
        if (found == texts.end())
            return badInput("The run has no alert rule \"" + spec::textOf(*rule) +
                            "\"; `gradus alerts RUN` lists those that it has.");
        texts.erase(found);
    }
    texts.insert(texts.end(), arguments.add.begin(), arguments.add.end());
    return spec::alertRulesFrom(texts);
}

int change(const AlertArguments& arguments, const store::StoreReader& reader, const Rules& now)
{
    const auto rules = changedRules(now, arguments);
    if (!rules) return report(rules.error());
    const auto run = livingRun(reader, arguments.run, "watch; rules of a later run stand in its file as [[alert]]");
    if (!run) return report(run.error());
    const auto writer = store::StoreWriter::open(storePath(arguments.store));
    if (!writer) return report(writer.error());
    const auto posted = (*writer)->postCommand(run->id, std::string(events::kAlertsVerb), spec::linesOf(*rules));
    if (!posted) return report(posted.error());
    std::printf("Run %s will watch %zu alert rules (request %lld).\n", run->uuid.substr(0, 8).c_str(), rules->size(),
                static_cast<long long>(*posted));
    return 0;
}

void printJson(const Rules& rules, const store::RunDetail& detail)
{
    nlohmann::json watched = nlohmann::json::array();
    for (const spec::AlertRule& rule : rules)
        watched.push_back(spec::textOf(rule));
    nlohmann::json fired = nlohmann::json::array();
    for (const store::EventRow& event : detail.events)
        if (isFiredRule(event))
            fired.push_back({{"step", event.step}, {"wall", event.wall}, {"sentence", event.sentence}});
    const nlohmann::json whole{{"rules", watched}, {"fired", fired}};
    std::printf("%s\n", whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

int alerts(const AlertArguments& arguments)
{
    const auto opened = openedRun(arguments.store, arguments.run);
    if (!opened) return report(opened.error());
    const auto& [reader, detail] = *opened;
    const auto source = reader.sourceToml(detail.run.id);
    if (!source) return report(source.error());
    const Rules rules = currentRules(detail, *source);
    if (arguments.changes()) return change(arguments, reader, rules);
    if (arguments.json) {
        printJson(rules, detail);
        return 0;
    }
    if (rules.empty()) std::printf("Run %s watches no alert rules.\n", detail.run.uuid.substr(0, 8).c_str());
    for (const spec::AlertRule& rule : rules)
        std::printf("rule   %s\n", visible(spec::textOf(rule), 300).c_str());
    for (const store::EventRow& event : detail.events)
        if (isFiredRule(event)) std::printf("fired  %s\n", visible(event.sentence, 600).c_str());
    return 0;
}

} // namespace

void addAlerts(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<AlertArguments>();
    CLI::App* verb =
        app.add_subcommand("alerts", "Alert rules of a run and those that fired; a living run takes others.");
    verb->add_option("run", arguments->run, "Run id, or its first characters")->required();
    verb->add_option("--add", arguments->add,
                     std::string("Watch this too: \"") + spec::kAlertRuleForm + "\" (repeatable)");
    verb->add_option("--remove", arguments->remove, "Watch this no longer (repeatable)");
    CLI::Option* set = verb->add_option("--set", arguments->set, "Watch these and no others (repeatable)");
    verb->add_flag("--clear", arguments->clear, "Watch none but those that are added")->excludes(set);
    for (const char* one : {"--add", "--remove", "--set"}) // a rule is one argument; the run may come after it
        verb->get_option(one)->allow_extra_args(false);
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->add_flag("--json", arguments->json, "As JSON");
    verb->callback([arguments, &invocation] { invocation.exitCode = alerts(*arguments); });
}

} // namespace gradus::app
