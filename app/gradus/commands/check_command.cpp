// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "commands/number_options.h"
#include "run/preflight.h"
#include "schedule/sampled_csv.h"
#include "spec/experiment.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct CheckArguments
{
    std::string file;
    std::vector<std::string> overrides;
    std::string store;
    bool json = false;
    int samples = 0;
    double mostHours = 24;
};

/// What nothing more can be said of; programs get it in the same form as any other finding.
int refuse(const CheckArguments& arguments, const Error& error)
{
    if (arguments.json) std::printf("%s\n", run::preflightJson(run::refusedBy(error), arguments.file, {}).c_str());
    return report(error);
}

int check(const CheckArguments& arguments)
{
    const auto loaded = spec::loadExperiment(arguments.file, arguments.overrides);
    if (!loaded) return refuse(arguments, loaded.error());
    const spec::Experiment* experiment = &loaded->experiment;
    if (arguments.samples > 0) {
        std::printf("%s", schedule::sampledCsv(experiment->gap.curve, arguments.samples).c_str());
        return 0;
    }
    const auto findings = run::preflight(
        *experiment,
        {.store = storePath(arguments.store), .jobs = 0, .mostHours = arguments.mostHours, .toml = loaded->toml});
    if (!findings) return refuse(arguments, findings.error());
    const std::string hash = spec::hashOf(*experiment);
    if (arguments.json)
        std::printf("%s\n", run::preflightJson(*findings, arguments.file, hash).c_str());
    else
        std::printf("%s: valid, %d %s, hash %s\n%s", arguments.file.c_str(), findings->runs,
                    findings->runs == 1 ? "run" : "runs", hash.substr(0, 12).c_str(),
                    run::preflightText(*findings).c_str());
    return findings->isRefused() ? exitCode(ErrorKind::BadInput) : 0;
}

} // namespace

void addCheck(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* verb = app.add_subcommand("check", "Validate an experiment file and say what it would run.");
    verb->add_option("file", arguments->file, "Experiment file (TOML)")->required();
    verb->add_option("--set", arguments->overrides, "Override a key, as for `gradus run` (repeatable)");
    verb->add_option("--store", arguments->store, "Run store it would write to");
    verb->add_flag("--json", arguments->json, "Findings as JSON");
    verb->add_option("--most-hours", arguments->mostHours, "Warn where all runs take longer than this")
        ->check(numberFrom(0.01, 100000))
        ->capture_default_str();
    verb->add_option("--sample-gap", arguments->samples, "Print the gap curve at N equal steps as CSV instead")
        ->check(CLI::Range(2, 10'000'000));
    verb->callback([arguments, &invocation] { invocation.exitCode = check(*arguments); });
}

} // namespace gradus::app
