// SPDX-License-Identifier: GPL-3.0-or-later
// Which scenarios a verb means.
#pragma once

#include "base/result.h"
#include "scenario/scenario.h"

#include <string>
#include <vector>

namespace gradus::app {

struct ScenarioChoice
{
    std::vector<std::string> files; ///< none: those that come with the program
    std::string family;             ///< empty: all
    std::vector<std::string> ids;   ///< none: all
};

/// Bad input for a family or id that is not there, with the nearest one.
Result<std::vector<scenario::Scenario>> chosenScenarios(const ScenarioChoice& choice);

scenario::Cue cueOf(const std::string& name);

} // namespace gradus::app
