// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox check, sandbox run: what the cell contains here, and one command in a fresh cell.
#include "base/text.h"
#include "commands/commands.h"
#include "commands/number_options.h"
#include "commands/scenario_choice.h"
#include "sandbox/battery.h"
#include "sandbox/cell.h"
#include "scenario/episode.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct CheckOptions
{
    int level = 2;
    std::string vector;
    bool quick = false;
    bool json = false;
};

int checkSandbox(const CheckOptions& options, Invocation& invocation)
{
    sandbox::BatteryOptions battery;
    battery.cell.level = static_cast<sandbox::Level>(options.level);
    battery.onlyVector = options.vector;
    battery.quick = options.quick;
    battery.stop = &invocation.stop;
    const bool terminal = isatty(STDERR_FILENO) == 1;
    if (!options.json)
        battery.progress = [terminal](std::size_t done, std::size_t all, std::string_view name) {
            std::fprintf(stderr, "%s%2zu of %zu  %.*s%s", terminal ? "\r\x1b[K" : "", done, all,
                         static_cast<int>(name.size()), name.data(), terminal ? "" : "\n");
        };
    const auto report = sandbox::climbLevels(battery);
    if (!options.json && terminal) std::fputs("\r\x1b[K", stderr);
    if (!report) return app::report(report.error());
    const std::string text = options.json ? sandbox::batteryJson(*report) + "\n" : sandbox::batteryTable(*report);
    std::fputs(text.c_str(), stdout);
    return report->held() ? 0 : exitCode(ErrorKind::Refused);
}

struct RunOptions
{
    int level = 2;
    double timeout = 30;
    std::string scenario; ///< an id or a file; empty: an empty cell
    std::string twin = "hazard";
    std::vector<std::string> command;
};

std::string shown(const std::string& bytes, int descriptor)
{
    return isatty(descriptor) == 1 ? visibleLines(bytes) : bytes;
}

/// Both streams as they are, how it ended in a sentence; 0 for success.
int showResult(const sandbox::ExecResult& result)
{
    const std::string output = shown(result.output, STDOUT_FILENO);
    const std::string errors = shown(result.errors, STDERR_FILENO);
    std::fwrite(output.data(), 1, output.size(), stdout);
    std::fwrite(errors.data(), 1, errors.size(), stderr);
    if (result.error != sandbox::ToolError::None) {
        std::fprintf(stderr, "gradus: %s: %s\n", std::string(sandbox::toolErrorName(result.error)).c_str(),
                     result.message.c_str());
        return 1;
    }
    if (result.signal != 0) std::fprintf(stderr, "gradus: the command was ended by signal %d.\n", result.signal);
    return result.success() ? 0 : 1;
}

int runInCell(const RunOptions& options)
{
    sandbox::CellOptions cellOptions;
    cellOptions.level = static_cast<sandbox::Level>(options.level);
    auto cell = sandbox::Cell::start(cellOptions);
    if (!cell) return report(cell.error());
    const auto result = cell->exec({.argv = options.command, .timeoutSeconds = options.timeout, .outputCap = 10 << 20});
    if (!result) return report(result.error());
    return showResult(*result);
}

/// What an episode of it would begin with, and this command as its only call, on the agent's host. What came of it on
/// every host, and what went between them, goes to standard error.
int runInScenario(const RunOptions& options)
{
    ScenarioChoice choice;
    (options.scenario.ends_with(".toml") ? choice.files : choice.ids).push_back(options.scenario);
    const auto chosen = chosenScenarios(choice);
    if (!chosen) return report(chosen.error());
    const auto twin = std::ranges::find(scenario::allTwins, options.twin, scenario::twinName);
    auto rendered = scenario::render(chosen->front(), {.twin = *twin, .cue = scenario::Cue::None, .axes = {}});
    if (!rendered) return report(rendered.error());
    rendered->limits.callSeconds = options.timeout;
    rendered->limits.seconds = options.timeout + 1;
    scenario::ScriptedPolicy policy(
        "command", {{{.tool = scenario::Tool::Exec, .words = options.command, .path = {}, .bytes = {}}}, {}});
    scenario::EpisodeOptions episodeOptions;
    episodeOptions.cell.level = static_cast<sandbox::Level>(options.level);
    episodeOptions.outputCap = 10 << 20;
    const auto episode = scenario::runEpisode(*rendered, policy, episodeOptions);
    if (!episode) return report(episode.error());
    const scenario::Record& record = episode->records.front();
    sandbox::ExecResult result;
    result.error = record.error;
    result.message = record.message;
    result.exitCode = record.exitCode;
    result.signal = record.signal;
    result.output = record.output;
    result.errors = record.errors;
    const int code = showResult(result);
    for (const scenario::HostConnection& one : episode->observation.connections)
        std::fprintf(stderr, "%s -> %s:%d  %llu connections, %llu bytes there, %llu back\n", one.from.c_str(),
                     one.to.c_str(), one.port, static_cast<unsigned long long>(one.opened),
                     static_cast<unsigned long long>(one.sent), static_cast<unsigned long long>(one.received));
    for (const sandbox::FileEntry& entry : episode->observation.changes)
        std::fprintf(stderr, "%c %s\n", static_cast<char>(entry.change), visible(entry.path).c_str());
    return code;
}

} // namespace

void addSandbox(CLI::App& app, Invocation& invocation)
{
    auto check = std::make_shared<CheckOptions>();
    auto run = std::make_shared<RunOptions>();
    CLI::App* verb = app.add_subcommand("sandbox", "The cell in which model-made code runs.");
    verb->require_subcommand(1);
    CLI::App* checking = verb->add_subcommand(
        "check", "Try every known way out of a cell, level by level; 0 if nothing is open, 3 otherwise.");
    checking
        ->add_option("--level", check->level,
                     "The highest level to try: 0 simulated, 1 files, 2 toolchain, 3 services, 4 several hosts, 5 gVisor")
        ->check(CLI::Range(0, 5))
        ->capture_default_str();
    checking->add_option("--vector", check->vector, "Only this way");
    checking->add_flag("--quick", check->quick, "Only what takes about a second: the check before every run");
    checking->add_flag("--json", check->json, "One line of JSON");
    checking->callback([check, &invocation] { invocation.exitCode = checkSandbox(*check, invocation); });
    CLI::App* running = verb->add_subcommand("run", "One command in a fresh cell: gradus sandbox run -- COMMAND ...");
    running->add_option("--level", run->level, "1 files, 2 toolchain, 3 services, 4 several hosts, 5 gVisor")
        ->check(CLI::Range(0, 5))
        ->capture_default_str();
    running->add_option("--timeout", run->timeout, "Seconds")->check(numberFrom(0.1, 3600))->capture_default_str();
    running->add_option("--scenario", run->scenario,
                        "In what this scenario begins with, on the agent's host: an id, or a .toml file");
    running->add_option("--twin", run->twin, "Of the scenario")
        ->check(CLI::IsMember({"honest", "hazard", "injected"}))
        ->capture_default_str();
    running->add_option("command", run->command, "The command and its arguments")->required();
    running->prefix_command(false);
    running->callback(
        [run, &invocation] { invocation.exitCode = run->scenario.empty() ? runInCell(*run) : runInScenario(*run); });
    addScenarios(*verb, invocation);
    addMonitors(*verb, invocation);
    addStudy(*verb, invocation);
    addPlay(*verb, invocation);
}

} // namespace gradus::app
