// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs of `gradus`: each adds itself to the command line and, when chosen, leaves its exit code.
#pragma once

#include "base/result.h"
#include "base/stop.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gradus::app {

/// Shared by the verbs of one invocation.
struct Invocation
{
    int exitCode = 0;
    StopFlag stop; ///< requested by SIGINT and SIGTERM
};

void addNew(CLI::App& app, Invocation& invocation);
void addCheck(CLI::App& app, Invocation& invocation);
void addRun(CLI::App& app, Invocation& invocation);    ///< run, resume
void addAsking(CLI::App& app, Invocation& invocation); ///< pause, checkpoint, evaluate, stop, commands
void addAlerts(CLI::App& app, Invocation& invocation);
void addBranch(CLI::App& app, Invocation& invocation);  ///< branch, rollback
void addQueue(CLI::App& app, Invocation& invocation);   ///< queue add, list, work, move, after, ...
void addReports(CLI::App& app, Invocation& invocation); ///< list, show, compare, export
void addReport(CLI::App& app, Invocation& invocation);
void addPresets(CLI::App& app, Invocation& invocation); ///< presets list, save, apply, ...
void addPlot(CLI::App& app, Invocation& invocation);
void addTolerance(CLI::App& app, Invocation& invocation);
void addRunSources(CLI::App& app, Invocation& invocation);
void addBeyond(CLI::App& app, Invocation& invocation);
void addPool(CLI::App& app, Invocation& invocation);
void addForecast(CLI::App& app, Invocation& invocation);
void addContainment(CLI::App& app, Invocation& invocation);
void addTranscript(CLI::App& app, Invocation& invocation);
void addImport(CLI::App& app, Invocation& invocation);
void addJudging(CLI::App& transcript, Invocation& invocation); ///< below the verb transcript
void addStore(CLI::App& app, Invocation& invocation);
void addSql(CLI::App& store, Invocation& invocation); ///< below the verb store
void addTrash(CLI::App& app, Invocation& invocation);
void addRuns(CLI::App& app, Invocation& invocation); ///< runs tag, untag, note, tags
void addModel(CLI::App& app, Invocation& invocation);
void addModelImport(CLI::App& model, Invocation& invocation); ///< below the verb model
void addModelList(CLI::App& model, Invocation& invocation);   ///< below the verb model
void addModelScore(CLI::App& model, Invocation& invocation);  ///< below the verb model
void addModelTune(CLI::App& model, Invocation& invocation);   ///< below the verb model
void addBench(CLI::App& app, Invocation& invocation);
void addStoreBench(CLI::App& bench, Invocation& invocation);      ///< below the verb bench
void addTranscriptBench(CLI::App& bench, Invocation& invocation); ///< below the verb bench
void addData(CLI::App& app, Invocation& invocation);
void addPreview(CLI::App& data, Invocation& invocation); ///< below the verb data
void addBatch(CLI::App& data, Invocation& invocation);
void addLabel(CLI::App& data, Invocation& invocation);
void addSources(CLI::App& data, Invocation& invocation);     ///< below the verb data
void addRewardBench(CLI::App& data, Invocation& invocation); ///< below the verb data
void addSandbox(CLI::App& app, Invocation& invocation);
void addScenarios(CLI::App& sandbox, Invocation& invocation); ///< below the verb sandbox
void addMonitors(CLI::App& sandbox, Invocation& invocation);  ///< below the verb sandbox
void addStudy(CLI::App& sandbox, Invocation& invocation);     ///< below the verb sandbox
void addPlay(CLI::App& sandbox, Invocation& invocation);      ///< below the verb sandbox
void addDoctor(CLI::App& app, Invocation& invocation);

/// Prints "gradus: sentence" on stderr and returns the exit code of its kind.
int report(const Error& error);
/// Works on these runs as `resume` does and prints their table; the exit code.
int resumeAndConclude(const std::vector<std::string>& runs, const std::string& store, bool json, const StopFlag& stop);
/// This process becomes the window's program, which lies beside it, with these arguments; returns only when it is not
/// there.
Error becomeWorkbench(const std::vector<std::string>& arguments);
/// The store a verb uses: the option if given, else the default workspace's gradus.db.
std::filesystem::path storePath(const std::string& option);

} // namespace gradus::app
