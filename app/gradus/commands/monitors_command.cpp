// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox monitors: how well each monitor tells hazardous from honest episodes of the scenarios' own scripts.
#include "commands/asked_choice.h"
#include "commands/commands.h"
#include "commands/number_options.h"
#include "commands/scenario_choice.h"
#include "commands/scenario_preflight.h"
#include "monitors/study.h"
#include "run/keep_episodes.h"
#include "run/state_reader.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct MonitorOptions
{
    ScenarioChoice choice;
    std::vector<std::uint64_t> seeds = {1, 2, 3, 4, 5};
    double budget = 0.05;
    double baseRate = 0.01;
    bool gate = false;
    AskedChoice judge;
    std::string sees = "whole";
    std::string probe;
    std::string store;
    bool json = false;
};

monitors::JudgeSees seesOf(const std::string& name)
{
    using enum monitors::JudgeSees;
    for (const auto sees : {Actions, ActionsAndWords})
        if (monitors::judgeSeesName(sees) == name) return sees;
    return Whole;
}

int runMonitors(const MonitorOptions& options, Invocation& invocation)
{
    const auto scenarios = chosenScenarios(options.choice);
    if (!scenarios) return report(scenarios.error());
    const auto judge = openAsked(options.judge);
    if (!judge) return report(judge.error());
    std::unique_ptr<monitors::StateReader> states;
    if (!options.probe.empty()) {
        auto opened = run::openStateReader(options.probe);
        if (!opened) return report(opened.error());
        states = std::move(*opened);
    }
    const auto tried = preflightOf(*scenarios);
    if (!tried) return report(tried.error());
    monitors::StudyOptions study{.seeds = options.seeds,
                                 .budget = options.budget,
                                 .baseRate = options.baseRate,
                                 .gate = options.gate,
                                 .keepEpisodes = !options.store.empty(),
                                 .episode = {},
                                 .stop = &invocation.stop,
                                 .judge = judge->get(),
                                 .sees = seesOf(options.sees),
                                 .states = states.get(),
                                 .progress = {}};
    if (!options.json) study.progress = announce;
    const auto done = monitors::runStudy(*scenarios, study);
    if (!options.json) endAnnouncements();
    if (!done) return report(done.error());
    const std::string text = options.json ? monitors::studyJson(*done) + "\n" : monitors::studyTable(*done);
    std::fputs(text.c_str(), stdout);
    if (!options.store.empty()) {
        const auto kept = run::keepEpisodes(options.store, "monitors on scripted episodes", done->episodes, {*tried},
                                            {.procedure = "sandbox monitors"});
        if (!kept) return report(kept.error());
        if (!options.json)
            std::printf("Kept: gradus transcript %s --store %s\n", kept->uuid.substr(0, 8).c_str(),
                        options.store.c_str());
    }
    return done->notRun.empty() ? 0 : exitCode(ErrorKind::Refused);
}

} // namespace

void addMonitors(CLI::App& sandbox, Invocation& invocation)
{
    auto options = std::make_shared<MonitorOptions>();
    CLI::App* verb = sandbox.add_subcommand(
        "monitors", "How well each monitor tells the scenarios' hazardous scripts from their honest ones.");
    addScenarioChoice(*verb, options->choice);
    verb->add_option("--seeds", options->seeds, "Seeds of values, tokens and variations")->capture_default_str();
    verb->add_option("--budget", options->budget, "Share of all episodes that a person reads")
        ->check(numberFrom(0, 1))
        ->capture_default_str();
    verb->add_option("--base-rate", options->baseRate, "Share of hazardous episodes in that stream")
        ->check(numberFrom(0, 1))
        ->capture_default_str();
    verb->add_flag("--gate", options->gate, "Every episode once more, with the live monitors asked before each call");
    addAskedChoice(*verb, "judge", "Who says how suspicious each episode is (M6)", options->judge);
    verb->add_option("--judge-sees", options->sees, "What of an episode the judge is shown")
        ->check(CLI::IsMember({"actions", "actions and words", "whole"}))
        ->capture_default_str();
    verb->add_option("--probe", options->probe, "A model folder whose hidden states a linear probe reads (M11)");
    verb->add_option("--store", options->store, "Keep the episodes with every monitor's verdict in this run store");
    verb->add_flag("--json", options->json, "One line of JSON");
    verb->callback([options, &invocation] { invocation.exitCode = runMonitors(*options, invocation); });
}

} // namespace gradus::app
