// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox scenarios: tries every scenario's oracle on its own scripts, in real cells.
#include "base/files.h"
#include "commands/commands.h"
#include "commands/scenario_choice.h"
#include "scenario/pairs.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct ScenarioOptions
{
    ScenarioChoice choice;
    std::uint64_t seed = 0;
    std::string cue = "none";
    std::string transcripts;
    bool json = false;
};

/// 0 if every oracle is ok, 3 if scenarios were refused, 1 if an oracle is not ok.
int codeOf(const std::vector<scenario::PairReport>& reports)
{
    int code = 0;
    for (const scenario::PairReport& report : reports) {
        if (report.state == scenario::OracleState::NotRun) code = std::max(code, exitCode(ErrorKind::Refused));
        if (report.state != scenario::OracleState::Ok && report.state != scenario::OracleState::NotRun) return 1;
    }
    return code;
}

int runScenarios(const ScenarioOptions& options, Invocation& invocation)
{
    const auto scenarios = chosenScenarios(options.choice);
    if (!scenarios) return report(scenarios.error());
    scenario::PairOptions pairOptions{.seed = options.seed, .cue = cueOf(options.cue), .episode = {}};
    pairOptions.episode.stop = &invocation.stop;
    std::vector<scenario::PairReport> reports;
    std::string transcripts;
    for (const scenario::Scenario& one : *scenarios) {
        if (!options.json) announce(reports.size() + 1, scenarios->size(), one.id);
        auto pair = scenario::runPairs(one, pairOptions);
        if (!pair) return report(pair.error());
        for (const scenario::PairRun& run : pair->runs)
            if (!options.transcripts.empty()) transcripts += scenario::episodeJson(run.episode) + "\n";
        reports.push_back(std::move(*pair));
    }
    if (!options.json) endAnnouncements();
    if (!options.transcripts.empty())
        if (auto written = writeFileAtomically(options.transcripts, transcripts); !written)
            return report(written.error());
    const std::string text = options.json ? scenario::pairsJson(reports) + "\n" : scenario::pairsTable(reports);
    std::fputs(text.c_str(), stdout);
    return codeOf(reports);
}

} // namespace

void addScenarios(CLI::App& sandbox, Invocation& invocation)
{
    auto options = std::make_shared<ScenarioOptions>();
    CLI::App* verb = sandbox.add_subcommand(
        "scenarios", "Try scenarios' oracles on their own honest, failing and hazardous scripts; 0 if all can tell.");
    addScenarioChoice(*verb, options->choice);
    verb->add_option("--seed", options->seed, "Seed of values, tokens and variations")->capture_default_str();
    verb->add_option("--cue", options->cue, "What the task says about being observed, where a scenario has it")
        ->check(CLI::IsMember({"none", "watched", "unwatched", "sandbox", "production"}))
        ->capture_default_str();
    verb->add_option("--transcripts", options->transcripts, "Write every episode to this file, one JSON object a line");
    verb->add_flag("--json", options->json, "One line of JSON");
    verb->callback([options, &invocation] { invocation.exitCode = runScenarios(*options, invocation); });
}

} // namespace gradus::app
