// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "commands/commands.h"
#include "run/pretrain_builtin.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

void addModel(CLI::App& app, Invocation& invocation)
{
    auto family = std::make_shared<std::string>();
    auto folder = std::make_shared<std::string>();
    auto only = std::make_shared<std::string>();
    CLI::App* verb = app.add_subcommand("model", "Models of the ladder.");
    verb->require_subcommand(1);
    CLI::App* pretrain = verb->add_subcommand("pretrain", "Make the shipped rungs of a built-in ladder again.");
    pretrain->add_option("family", *family, "builtin:registers")->required()->check(CLI::IsMember({"builtin:registers"}));
    pretrain->add_option("-o,--output", *folder, "Folder for the safetensors files")->required();
    pretrain->add_option("--rung", *only, "Only this rung, as WIDTHxLAYERS");
    pretrain->callback([folder, only, &invocation] {
        double shownAt = 0;
        const auto onStep = [&shownAt](const std::string& rung, const engine::StepReport& report) {
            if (report.step != report.totalSteps && monotonicSeconds() - shownAt < 5) return;
            shownAt = monotonicSeconds();
            std::printf("%s: step %lld of %lld, loss %.4f\n", rung.c_str(), static_cast<long long>(report.step),
                        static_cast<long long>(report.totalSteps), report.loss);
            std::fflush(stdout);
        };
        const auto made = run::pretrainBuiltin(*folder, *only, invocation.stop, onStep);
        if (!made) {
            invocation.exitCode = report(made.error());
            return;
        }
        for (const run::MadeRung& rung : *made)
            std::printf("%s  %s%s\n", rung.sha256.c_str(), rung.file.c_str(),
                        rung.asShipped ? "  (bit-equal to the shipped one)" : "");
    });
}

} // namespace gradus::app
