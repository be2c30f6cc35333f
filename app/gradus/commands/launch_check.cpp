// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/launch_check.h"

#include "run/preflight.h"

#include <cstdio>

namespace gradus::app {

Result<void> lookedOver(const spec::LoadedExperiment& loaded, const std::filesystem::path& store, int jobs)
{
    const auto findings =
        run::preflight(loaded.experiment, {.store = store, .jobs = jobs, .toml = loaded.toml, .triesOnlyLong = true});
    if (!findings) return findings.error();
    if (auto admitted = run::admitted(*findings); !admitted) return admitted;
    for (const run::Tick& tick : findings->ticks)
        if (tick.state == run::TickState::Warned)
            std::fprintf(stderr, "gradus: warning: %s: %s %s\n", tick.title.c_str(), tick.sentence.c_str(),
                         tick.cure.c_str());
    return {};
}

} // namespace gradus::app
