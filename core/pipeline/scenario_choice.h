// SPDX-License-Identifier: GPL-3.0-or-later
// Which scenarios an experiment's language models play in stages 2 and 3, and whether its ladder can.
#pragma once

#include "pipeline/ladder.h"
#include "scenario/scenario.h"
#include "spec/experiment.h"

#include <vector>

namespace gradus::pipeline {

inline bool playsScenarios(const spec::Experiment& experiment)
{
    return !experiment.conformity.scenarios.empty();
}

/// In the order of their first mention, each once; scenarios of several hosts are part of a family and of "all"
/// from conformity.level 4 on. Bad input: a family, id or file that is not there (with the nearest one), one that needs
/// a higher level than conformity.level.
Result<std::vector<scenario::Scenario>> scenariosOf(const spec::Conformity& settings);

/// Tries the oracle of each file that these runs name as a scenario once, in cells (seconds a file): bad input where it
/// never fires, always fires, or is wrong in another way. Where no cell starts nothing is said: the run says that.
Result<void> tryScenarioFiles(const std::vector<spec::RunSpec>& runs, const StopFlag& stop);

/// Before a launch: the scenarios, that an audit of them can show what the gates ask, and that every rung's folder has
/// a chat template that can be rendered and takes enough tokens for a reply. Nothing to say where no scenarios are
/// played.
Result<void> checkScenarios(const spec::Experiment& experiment, const Ladder& ladder);

} // namespace gradus::pipeline
