// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox check, sandbox run: what the cell contains here, and one command in a fresh cell.
#include "base/text.h"
#include "commands/commands.h"
#include "sandbox/battery.h"
#include "sandbox/cell.h"

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
    std::vector<std::string> command;
};

std::string shown(const std::string& bytes, int descriptor)
{
    return isatty(descriptor) == 1 ? visibleLines(bytes) : bytes;
}

int runInCell(const RunOptions& options)
{
    sandbox::CellOptions cellOptions;
    cellOptions.level = static_cast<sandbox::Level>(options.level);
    auto cell = sandbox::Cell::start(cellOptions);
    if (!cell) return report(cell.error());
    const auto result = cell->exec({.argv = options.command, .timeoutSeconds = options.timeout, .outputCap = 10 << 20});
    if (!result) return report(result.error());
    const std::string output = shown(result->output, STDOUT_FILENO);
    const std::string errors = shown(result->errors, STDERR_FILENO);
    std::fwrite(output.data(), 1, output.size(), stdout);
    std::fwrite(errors.data(), 1, errors.size(), stderr);
    if (result->error != sandbox::ToolError::None) {
        std::fprintf(stderr, "gradus: %s: %s\n", std::string(sandbox::toolErrorName(result->error)).c_str(),
                     result->message.c_str());
        return 1;
    }
    if (result->signal != 0) std::fprintf(stderr, "gradus: the command was ended by signal %d.\n", result->signal);
    return result->success() ? 0 : 1;
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
                     "The highest level to try: 0 simulated, 1 files, 2 toolchain, 3, 4, 5 gVisor")
        ->check(CLI::Range(0, 5))
        ->capture_default_str();
    checking->add_option("--vector", check->vector, "Only this way");
    checking->add_flag("--quick", check->quick, "Only what takes about a second: the check before every run");
    checking->add_flag("--json", check->json, "One line of JSON");
    checking->callback([check, &invocation] { invocation.exitCode = checkSandbox(*check, invocation); });
    CLI::App* running = verb->add_subcommand("run", "One command in a fresh cell: gradus sandbox run -- COMMAND ...");
    running->add_option("--level", run->level, "1 files, 2 toolchain, 3, 4, 5 gVisor")
        ->check(CLI::Range(0, 5))
        ->capture_default_str();
    running->add_option("--timeout", run->timeout, "Seconds")->check(CLI::Range(0.1, 3600.0))->capture_default_str();
    running->add_option("command", run->command, "The command and its arguments")->required();
    running->prefix_command(false);
    running->callback([run, &invocation] { invocation.exitCode = runInCell(*run); });
    addScenarios(*verb, invocation);
    addMonitors(*verb, invocation);
    addStudy(*verb, invocation);
    addPlay(*verb, invocation);
}

} // namespace gradus::app
