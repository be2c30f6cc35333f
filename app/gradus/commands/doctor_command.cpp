// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "commands/figures.h"
#include "run/self_test.h"
#include "sandbox/machine.h"
#include "scenario/needs.h"
#include "scenario/parse.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

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

/// One line of the answer, and how it counts.
struct Row
{
    std::string state; ///< "ok" | "warning" | "FAILED"
    std::string subject;
    std::string sentence;
};

std::vector<Row> examined(bool selfTest)
{
    std::vector<Row> rows;
    const auto add = [&](bool good, const char* otherwise, const std::string& subject, const std::string& sentence) {
        rows.push_back({good ? "ok" : otherwise, subject, sentence});
    };
    for (const run::Finding& finding : run::examineMachine())
        add(finding.good, "warning", finding.subject, finding.sentence);
    for (const sandbox::MachineRow& row : sandbox::examineSandbox({}))
        add(row.good, "warning", row.subject, row.sentence);
    const sandbox::MachineRow scenarios = scenarioRow();
    add(scenarios.good, "warning", scenarios.subject, scenarios.sentence);
    if (selfTest)
        for (const run::Finding& finding : run::selfTest())
            add(finding.good, "FAILED", finding.subject, finding.sentence);
    return rows;
}

void print(const std::vector<Row>& rows, bool asJson)
{
    nlohmann::json all = nlohmann::json::array();
    for (const Row& row : rows) {
        if (!asJson) std::printf("%-7s %-10s %s\n", row.state.c_str(), row.subject.c_str(), row.sentence.c_str());
        all.push_back({{"state", row.state == "FAILED" ? "failed" : row.state},
                       {"subject", row.subject},
                       {"sentence", row.sentence}});
    }
    if (asJson) printJson(all);
}

} // namespace

void addDoctor(CLI::App& app, Invocation& invocation)
{
    auto selfTest = std::make_shared<bool>(false);
    auto asJson = std::make_shared<bool>(false);
    CLI::App* verb = app.add_subcommand("doctor", "Say what this machine offers and whether Gradus works on it.");
    verb->add_flag("--self-test", *selfTest,
                   "Also evaluate a curve, train, store, stop and resume in a scratch folder");
    verb->add_flag("--json", *asJson,
                   "Print [{\"state\": \"ok\" | \"warning\" | \"failed\", \"subject\", \"sentence\"}]");
    verb->callback([selfTest, asJson, &invocation] {
        const std::vector<Row> rows = examined(*selfTest);
        print(rows, *asJson);
        invocation.exitCode =
            std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.state == "FAILED"; }) ? 1 : 0;
    });
}

} // namespace gradus::app
