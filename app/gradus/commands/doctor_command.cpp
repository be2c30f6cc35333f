// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "run/self_test.h"
#include "sandbox/machine.h"
#include "scenario/needs.h"
#include "scenario/parse.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

/// Which scenarios this machine can play.
sandbox::MachineRow scenarioRow()
{
    const auto scenarios = scenario::shippedScenarios();
    if (!scenarios) return {false, "scenarios", scenarios.error().message};
    const auto needs = scenario::examineNeeds(*scenarios, {});
    if (!needs) return {false, "scenarios", "none can be played, because no cell starts: " + needs.error().message};
    const std::string all = std::to_string(scenarios->size());
    if (needs->missing.empty()) return {true, "scenarios", "all " + all + " have the programs that they need"};
    std::string missing;
    for (const std::string& program : needs->missing)
        missing += (missing.empty() ? "" : ", ") + program;
    return {false, "scenarios",
            std::to_string(needs->scenarios.size()) + " of " + all + " cannot be played: there is no " + missing +
                " below /usr; install what is missing"};
}

} // namespace

void addDoctor(CLI::App& app, Invocation& invocation)
{
    auto selfTest = std::make_shared<bool>(false);
    CLI::App* verb = app.add_subcommand("doctor", "Say what this machine offers and whether Gradus works on it.");
    verb->add_flag("--self-test", *selfTest,
                   "Also evaluate a curve, train, store, stop and resume in a scratch folder");
    verb->callback([selfTest, &invocation] {
        bool sound = true;
        for (const run::Finding& finding : run::examineMachine()) {
            std::printf("%-7s %-10s %s\n", finding.good ? "ok" : "warning", finding.subject.c_str(),
                        finding.sentence.c_str());
        }
        for (const sandbox::MachineRow& row : sandbox::examineSandbox({}))
            std::printf("%-7s %-10s %s\n", row.good ? "ok" : "warning", row.subject.c_str(), row.sentence.c_str());
        const sandbox::MachineRow scenarios = scenarioRow();
        std::printf("%-7s %-10s %s\n", scenarios.good ? "ok" : "warning", scenarios.subject.c_str(),
                    scenarios.sentence.c_str());
        if (*selfTest)
            for (const run::Finding& finding : run::selfTest()) {
                std::printf("%-7s %-10s %s\n", finding.good ? "ok" : "FAILED", finding.subject.c_str(),
                            finding.sentence.c_str());
                sound = sound && finding.good;
            }
        invocation.exitCode = sound ? 0 : 1;
    });
}

} // namespace gradus::app
