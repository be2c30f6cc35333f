// SPDX-License-Identifier: GPL-3.0-or-later
// import: a log of Inspect as a run of the store, for the transcript pages and verbs.
#include "base/text.h"
#include "commands/commands.h"
#include "run/inspect_log.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct ImportOptions
{
    std::string file;
    std::string store;
    bool json = false;
};

int importLog(const ImportOptions& options)
{
    const auto imported = run::importInspect(options.file, storePath(options.store));
    if (!imported) return report(imported.error());
    if (options.json) {
        const nlohmann::ordered_json json{{"run", imported->run.uuid},
                                          {"episodes", imported->episodes},
                                          {"task", imported->task},
                                          {"model", imported->model}};
        std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
        return 0;
    }
    std::printf("%s of %s, %s: gradus transcript %s\n", counted(imported->episodes, "episode").c_str(),
                visible(imported->task).c_str(), visible(imported->model).c_str(),
                imported->run.uuid.substr(0, 8).c_str());
    return 0;
}

} // namespace

void addImport(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<ImportOptions>();
    CLI::App* verb = app.add_subcommand("import", "An Inspect log (.eval) as a run: its samples become episodes.");
    verb->add_option("file", options->file, "The log")->required();
    verb->add_option("--store", options->store, "Run store (default: the workspace's gradus.db)");
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->callback([options, &invocation] { invocation.exitCode = importLog(*options); });
}

} // namespace gradus::app
