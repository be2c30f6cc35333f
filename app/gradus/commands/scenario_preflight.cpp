// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/scenario_preflight.h"

#include "pipeline/cell_preflight.h"
#include "scenario/episode.h"

#include <algorithm>

namespace gradus::app {

Result<events::RunEvent> preflightOf(const std::vector<scenario::Scenario>& scenarios)
{
    sandbox::CellOptions cell = scenario::EpisodeOptions{}.cell; // an episode raises its level to the scenario's
    for (const scenario::Scenario& one : scenarios)
        cell.level = std::max(cell.level, static_cast<sandbox::Level>(one.level));
    const sandbox::Preflight made = sandbox::preflight(cell);
    if (!made.held()) return Error{.message = made.refusal, .kind = ErrorKind::Refused};
    return pipeline::batteryEvent(made);
}

} // namespace gradus::app
