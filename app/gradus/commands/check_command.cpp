// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "run/session.h"
#include "schedule/sampled_csv.h"
#include "spec/experiment.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct CheckArguments
{
    std::string file;
    std::string store;
    bool json = false;
    int samples = 0;
};

int check(const CheckArguments& arguments)
{
    const auto experiment = spec::loadExperiment(arguments.file);
    if (!experiment) return report(experiment.error());
    if (arguments.samples > 0) {
        std::printf("%s", schedule::sampledCsv(experiment->gap.curve, arguments.samples).c_str());
        return 0;
    }
    const auto findings = run::preflight(*experiment, {.store = storePath(arguments.store), .jobs = 0});
    if (!findings) return report(findings.error());
    if (arguments.json) {
        std::printf("%s\n", nlohmann::json{{"file", arguments.file},
                                           {"hash", spec::hashOf(*experiment)},
                                           {"runs", findings->runs},
                                           {"notes", findings->notes},
                                           {"warnings", findings->warnings}}
                                .dump(2)
                                .c_str());
        return 0;
    }
    std::printf("%s: valid, %d %s, hash %s\n", arguments.file.c_str(), findings->runs,
                findings->runs == 1 ? "run" : "runs", spec::hashOf(*experiment).substr(0, 12).c_str());
    for (const std::string& note : findings->notes)
        std::printf("  %s\n", note.c_str());
    for (const std::string& warning : findings->warnings)
        std::printf("  warning: %s\n", warning.c_str());
    return 0;
}

} // namespace

void addCheck(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* verb = app.add_subcommand("check", "Validate an experiment file and say what it would run.");
    verb->add_option("file", arguments->file, "Experiment file (TOML)")->required();
    verb->add_option("--store", arguments->store, "Run store it would write to");
    verb->add_flag("--json", arguments->json, "Findings as JSON");
    verb->add_option("--sample-gap", arguments->samples, "Print the gap curve at N equal steps as CSV instead")
        ->check(CLI::Range(2, 10'000'000));
    verb->callback([arguments, &invocation] { invocation.exitCode = check(*arguments); });
}

} // namespace gradus::app
