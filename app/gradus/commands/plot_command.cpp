// SPDX-License-Identifier: GPL-3.0-or-later
// gradus plot: a view that Compare saved, drawn again.
#include "base/text.h"
#include "commands/commands.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct PlotArguments
{
    std::string view;
    std::string output;
    std::string store;
};

/// What is drawn is what Compare draws, so the window's program draws it; no display is needed.
int plot(const PlotArguments& arguments)
{
    constexpr const char* kEndings[] = {".svg", ".png", ".pdf", ".csv", ".json", ".md", ".tex"};
    const std::string ending = std::filesystem::path(arguments.output).extension().string();
    if (std::find(std::begin(kEndings), std::end(kEndings), ending) == std::end(kEndings))
        return report(badInput("A view is written as svg, png, pdf, csv, json, md or tex, so " +
                               visible(arguments.output) + " must end in one of these."));
    std::error_code code;
    if (!std::filesystem::is_regular_file(arguments.view, code))
        return report(badInput("There is no view " + visible(arguments.view) + "; save one on the Compare page."));
    const std::filesystem::path store = storePath(arguments.store);
    if (!std::filesystem::exists(store, code))
        return report(badInput("There is no store at " + store.string() + "; start a run first or check the path."));
    return report(becomeWorkbench({store.string(), "--plot", arguments.view, "--output", arguments.output}));
}

} // namespace

void addPlot(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<PlotArguments>();
    CLI::App* verb = app.add_subcommand("plot", "Draw a view that the Compare page saved; needs no display.");
    verb->add_option("view", arguments->view, "File (.gradusview)")->required();
    verb->add_option("-o,--output", arguments->output, "File to write: .svg, .png, .pdf, .csv, .json, .md or .tex")
        ->required();
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = plot(*arguments); });
}

} // namespace gradus::app
