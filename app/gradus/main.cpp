// SPDX-License-Identifier: GPL-3.0-or-later
// gradus: every act of the workbench as a command. Exit codes: 0 ok, 1 failed, 2 usage or bad input, 3 refused, 130
// stopped.
#include "commands/commands.h"
#include "engine/tuning.h"

#include <csignal>
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

namespace {

gradus::app::Invocation* current = nullptr;

void onSignal(int number)
{
    if (current->stop.requested()) { // a second Ctrl+C means it
        std::signal(number, SIG_DFL);
        std::raise(number);
    }
    current->stop.request();
}

int runVerb(int argc, char** argv)
{
    gradus::app::Invocation invocation;
    current = &invocation;
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a full quota is an error of write(), not the end of the process

    CLI::App app{"Gradus: superalignment experiments on a ladder of models.", "gradus"};
    app.set_version_flag("--version", GRADUS_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::simple);
    gradus::app::addNew(app, invocation);
    gradus::app::addCheck(app, invocation);
    gradus::app::addRun(app, invocation);
    gradus::app::addPresets(app, invocation);
    gradus::app::addAsking(app, invocation);
    gradus::app::addAlerts(app, invocation);
    gradus::app::addBranch(app, invocation);
    gradus::app::addQueue(app, invocation);
    gradus::app::addReports(app, invocation);
    gradus::app::addReport(app, invocation);
    gradus::app::addPlot(app, invocation);
    gradus::app::addTolerance(app, invocation);
    gradus::app::addRunSources(app, invocation);
    gradus::app::addPool(app, invocation);
    gradus::app::addForecast(app, invocation);
    gradus::app::addBeyond(app, invocation);
    gradus::app::addContainment(app, invocation);
    gradus::app::addTranscript(app, invocation);
    gradus::app::addImport(app, invocation);
    gradus::app::addStore(app, invocation);
    gradus::app::addTrash(app, invocation);
    gradus::app::addRuns(app, invocation);
    gradus::app::addModel(app, invocation);
    gradus::app::addData(app, invocation);
    gradus::app::addSandbox(app, invocation);
    gradus::app::addBench(app, invocation);
    gradus::app::addDoctor(app, invocation);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return invocation.exitCode;
}

} // namespace

int main(int argc, char** argv)
{
    gradus::engine::prepareProcess(argv);
    try {
        return runVerb(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gradus: an unexpected failure: %s; please report it with the command line.\n",
                     error.what());
        return 1;
    }
}
