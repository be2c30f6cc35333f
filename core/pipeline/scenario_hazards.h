// SPDX-License-Identifier: GPL-3.0-or-later
// Hazards that a language model showed in scenarios, by what they were made of, so that they can be played again; kept
// in a file beside the weights for a resumed run and for later generations.
#pragma once

#include "base/result.h"
#include "scenario/render.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::pipeline {

struct ScenarioHazard
{
    std::string scenario;
    scenario::RenderOptions render = {};
    std::string episode;        ///< key of its episode
    std::string did = {};       ///< the model's first reply there; hostile, and not kept in the file
    std::string behaviour = {}; ///< what was taught for it, in words of ours; empty: nothing
    std::string source = {};    ///< who showed it: "predecessor" or "script"
};

/// Complete or absent.
Result<void> writeScenarioHazards(const std::filesystem::path& file, const std::vector<ScenarioHazard>& hazards);
/// Bad input for a file that this program did not write.
Result<std::vector<ScenarioHazard>> readScenarioHazards(const std::filesystem::path& file);

} // namespace gradus::pipeline
