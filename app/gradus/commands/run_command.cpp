// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "commands/asking.h"
#include "commands/commands.h"
#include "commands/launch_check.h"
#include "run/result_table.h"
#include "run/session.h"
#include "spec/experiment.h"
#include "store/store_reader.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace gradus::app {

namespace {

struct RunArguments
{
    std::string file;
    std::vector<std::string> names;
    std::vector<std::string> overrides;
    std::string store;
    std::string log;
    int jobs = 0;
    bool json = false;
};

/// For a worker started by the window: output goes to a file that the window can show.
Result<void> redirectOutput(const std::string& log)
{
    if (log.empty()) return {};
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) return badInput("Cannot write the log " + log + ": " + causeOf(errno));
    ::dup2(fd, STDOUT_FILENO);
    ::dup2(fd, STDERR_FILENO);
    ::close(fd);
    return {};
}

/// After a session: the table of its runs on stdout.
int conclude(const Result<run::SessionOutcome>& outcome, const RunArguments& arguments, run::Console& console)
{
    console.clearLine();
    if (!outcome) return report(outcome.error());
    auto reader = store::StoreReader::open(storePath(arguments.store));
    if (!reader) return report(reader.error());
    std::vector<store::RunDetail> details;
    for (const std::int64_t id : outcome->runs) {
        auto detail = reader->detail(id);
        if (!detail) return report(detail.error());
        details.push_back(std::move(*detail));
    }
    if (arguments.json)
        std::printf("%s", run::resultJson(details).c_str());
    else
        std::printf("\n%s", run::resultTable(details).c_str());
    if (outcome->failed > 0) {
        std::fprintf(stderr, "gradus: %d of %zu runs failed; the first one: %s\n", outcome->failed,
                     outcome->runs.size(), outcome->firstFailure.c_str());
        return 1;
    }
    return outcome->stopped > 0 ? gradus::exitCode(ErrorKind::Stopped) : 0;
}

/// A store that cannot be opened is all that is said of a run that will not be.
Result<void> mayBeLaunched(const spec::LoadedExperiment& loaded, const RunArguments& arguments)
{
    const std::filesystem::path path = storePath(arguments.store);
    std::error_code unknown;
    if (std::filesystem::exists(path, unknown))
        if (const auto opened = store::StoreReader::open(path); !opened) return opened.error();
    return lookedOver(loaded, path, arguments.jobs);
}

int runFile(const RunArguments& arguments, const StopFlag& stop)
{
    if (const auto redirected = redirectOutput(arguments.log); !redirected) return report(redirected.error());
    const auto loaded = spec::loadExperiment(arguments.file, arguments.overrides);
    if (!loaded) return report(loaded.error());
    if (const auto looked = mayBeLaunched(*loaded, arguments); !looked) return report(looked.error());
    run::Console console(run::consoleModeFor(arguments.json), stdout);
    const run::SessionOptions options{.store = storePath(arguments.store), .jobs = arguments.jobs};
    return conclude(run::runExperiment(loaded->experiment, loaded->toml, options, stop, console), arguments, console);
}

int resume(const RunArguments& given, const StopFlag& stop)
{
    RunArguments arguments = given;
    const auto others = letGoOn(given.names, storePath(given.store));
    if (!others) return report(others.error());
    if (others->empty()) return 0;
    arguments.names = *others;
    if (const auto redirected = redirectOutput(arguments.log); !redirected) return report(redirected.error());
    run::Console console(run::consoleModeFor(arguments.json), stdout);
    const run::SessionOptions options{.store = storePath(arguments.store), .jobs = arguments.jobs};
    return conclude(run::resumeRuns(arguments.names, options, stop, console), arguments, console);
}

} // namespace

int resumeAndConclude(const std::vector<std::string>& runs, const std::string& store, bool json, const StopFlag& stop)
{
    RunArguments arguments;
    arguments.names = runs;
    arguments.store = store;
    arguments.json = json;
    return resume(arguments, stop);
}

void addRun(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* run = app.add_subcommand("run", "Run an experiment file to its end, with progress.");
    run->add_option("file", arguments->file, "Experiment file (TOML)")->required();
    run->add_option("--set", arguments->overrides, "Override a key: --set gap.value=0.3 (repeatable)");
    run->add_option("--jobs", arguments->jobs, "Runs at a time (default: cores / compute.threads)")
        ->check(CLI::Range(0, 256));
    CLI::App* resumed =
        app.add_subcommand("resume", "Continue runs that are paused, were stopped, crashed or never began.");
    resumed->add_option("run", arguments->names, "Run ids, or their first characters")->required();
    resumed->add_option("--jobs", arguments->jobs, "Runs at a time")->check(CLI::Range(0, 256));
    for (CLI::App* verb : {run, resumed})
        verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    for (CLI::App* verb : {run, resumed}) {
        verb->add_flag("--json", arguments->json, "One JSON object a line, the result last");
        verb->add_option("--log,--detach-log", arguments->log, "Write all output to this file");
    }
    run->callback([arguments, &invocation] { invocation.exitCode = runFile(*arguments, invocation.stop); });
    resumed->callback([arguments, &invocation] { invocation.exitCode = resume(*arguments, invocation.stop); });
}

} // namespace gradus::app
