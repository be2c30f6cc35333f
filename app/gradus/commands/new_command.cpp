// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "commands/commands.h"
#include "spec/templates.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addNew(CLI::App& app, Invocation& invocation)
{
    auto name = std::make_shared<std::string>();
    auto force = std::make_shared<bool>(false);
    auto listed = std::make_shared<bool>(false);
    CLI::App* verb = app.add_subcommand("new", "Write a template as NAME.toml into this folder.");
    verb->add_option("template", *name, "One of the templates");
    verb->add_flag("--list", *listed, "Say which templates there are, a line each");
    verb->add_flag("--force", *force, "Replace an existing file");
    std::string list = "Templates:";
    for (const spec::Template& known : spec::templates())
        list += "\n  " + std::string(known.name) + ": " + known.summary;
    verb->footer(list);
    verb->callback([name, force, listed, &invocation] {
        if (*listed) {
            for (const spec::Template& known : spec::templates())
                std::printf("%-24s %s\n", std::string(known.name).c_str(), known.summary.c_str());
            return;
        }
        const spec::Template* found = spec::findTemplate(*name);
        if (found == nullptr) {
            std::string names;
            for (const spec::Template& known : spec::templates())
                names += (names.empty() ? "" : ", ") + std::string(known.name);
            invocation.exitCode =
                report(badInput("There is no template \"" + *name + "\"; choose one of " + names + "."));
            return;
        }
        const std::filesystem::path file = std::string(found->name) + ".toml";
        if (std::filesystem::exists(file) && !*force) {
            invocation.exitCode = report(badInput(file.string() + " exists already; rename it or use --force."));
            return;
        }
        if (const auto written = writeFileAtomically(file, found->text); !written) {
            invocation.exitCode = report(written.error());
            return;
        }
        std::printf("Wrote %s. Check it with: gradus check %s\n", file.c_str(), file.c_str());
    });
}

} // namespace gradus::app
