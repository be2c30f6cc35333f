// SPDX-License-Identifier: GPL-3.0-or-later
// Which scenarios a verb works on: files, or those that come with the program, one family, one id.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "scenario/scenario.h"

#include <cstddef>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gradus::app {

struct ScenarioChoice
{
    std::vector<std::string> files; ///< none: those that come with the program
    std::string family;             ///< empty: all
    std::vector<std::string> ids;   ///< none: all
};

/// The argument `files` and the options --family and --id.
void addScenarioChoice(CLI::App& verb, ScenarioChoice& choice);
/// Bad input where a file is wrong, for a family or id that is not there (with the nearest one), or where none is left.
Result<std::vector<scenario::Scenario>> chosenScenarios(const ScenarioChoice& choice);

/// Of files alone: each oracle once on its own scripts, in cells. Bad input where one cannot judge them, Refused where
/// it cannot be tried here.
Result<void> tryOracles(const ScenarioChoice& choice, const std::vector<scenario::Scenario>& chosen,
                        const StopFlag& stop);

scenario::Cue cueOf(const std::string& name); ///< None for a name that there is not

/// A line on stderr that a terminal overwrites.
void announce(std::size_t done, std::size_t all, const std::string& what);
void endAnnouncements();

} // namespace gradus::app
