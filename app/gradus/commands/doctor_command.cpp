// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/commands.h"
#include "run/self_test.h"
#include "sandbox/machine.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addDoctor(CLI::App& app, Invocation& invocation)
{
    auto selfTest = std::make_shared<bool>(false);
    CLI::App* verb = app.add_subcommand("doctor", "Say what this machine offers and whether Gradus works on it.");
    verb->add_flag("--self-test", *selfTest,
                   "Also evaluate a curve, train, store, stop and resume in a scratch folder");
    verb->callback([selfTest, &invocation] {
        bool sound = true;
        for (const run::Finding& finding : run::examineMachine()) {
            std::printf("%-7s %-10s %s\n", finding.good ? "ok" : "warning", finding.subject.c_str(),
                        finding.sentence.c_str());
        }
        for (const sandbox::MachineRow& row : sandbox::examineSandbox({}))
            std::printf("%-7s %-10s %s\n", row.good ? "ok" : "warning", row.subject.c_str(), row.sentence.c_str());
        if (*selfTest)
            for (const run::Finding& finding : run::selfTest()) {
                std::printf("%-7s %-10s %s\n", finding.good ? "ok" : "FAILED", finding.subject.c_str(),
                            finding.sentence.c_str());
                sound = sound && finding.good;
            }
        invocation.exitCode = sound ? 0 : 1;
    });
}

} // namespace gradus::app
