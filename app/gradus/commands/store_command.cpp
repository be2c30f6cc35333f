// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "store/store_check.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addStore(CLI::App& app, Invocation& invocation)
{
    auto path = std::make_shared<std::string>();
    auto target = std::make_shared<std::string>();
    CLI::App* verb = app.add_subcommand("store", "Look after a run store.");
    verb->require_subcommand(1);
    CLI::App* check = verb->add_subcommand("check", "Check the store's integrity.");
    auto repair = std::make_shared<bool>(false);
    check->add_flag("--repair", *repair, "Rebuild the derived min/max/last pyramid if it is wrong");
    CLI::App* backup = verb->add_subcommand("backup", "Write a consistent copy, also while runs write.");
    backup->add_option("target", *target, "File to write")->required();
    for (CLI::App* action : {check, backup})
        action->add_option("--store", *path, "Run store (default: the workspace's gradus.db)");
    check->callback([path, repair, &invocation] {
        const auto findings = store::checkStore(storePath(*path));
        if (!findings) {
            invocation.exitCode = report(findings.error());
            return;
        }
        for (const std::string& sentence : findings->damage)
            std::printf("%s\n", sentence.c_str());
        if (!findings->pyramidIsRight && *repair) {
            if (const auto repaired = store::repairPyramid(storePath(*path)); !repaired) {
                invocation.exitCode = report(repaired.error());
                return;
            }
            std::printf("The derived pyramid was wrong and has been rebuilt.\n");
        } else if (!findings->pyramidIsRight) {
            std::printf("The derived pyramid is wrong; gradus store check --repair rebuilds it.\n");
        }
        const bool sound = findings->damage.empty() && (findings->pyramidIsRight || *repair);
        std::printf("%s: format %lld, %lld runs, %lld points, %lld bytes.\n",
                    sound ? "The store is sound" : "The store is damaged; restore a backup",
                    static_cast<long long>(findings->formatVersion), static_cast<long long>(findings->runs),
                    static_cast<long long>(findings->points), static_cast<long long>(findings->bytes));
        invocation.exitCode = sound ? 0 : 1;
    });
    backup->callback([path, target, &invocation] {
        if (const auto done = store::backupStore(storePath(*path), *target); !done)
            invocation.exitCode = report(done.error());
        else
            std::printf("Wrote %s.\n", target->c_str());
    });
}

} // namespace gradus::app
