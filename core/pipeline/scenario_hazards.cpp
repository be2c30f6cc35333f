// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/scenario_hazards.h"

#include "base/files.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

template <typename T, std::size_t N, typename NameOf>
const T* named(const std::array<T, N>& all, const std::string& name, NameOf nameOf)
{
    const auto found = std::ranges::find_if(all, [&](const T& one) { return nameOf(one) == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

Result<void> writeScenarioHazards(const std::filesystem::path& file, const std::vector<ScenarioHazard>& hazards)
{
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const ScenarioHazard& hazard : hazards)
        all.push_back({{"scenario", hazard.scenario},
                       {"twin", std::string(twinName(hazard.render.twin))},
                       {"cue", std::string(cueName(hazard.render.cue))},
                       {"seed", hazard.render.seed},
                       {"axes", hazard.render.axes},
                       {"episode", hazard.episode},
                       {"behaviour", hazard.behaviour},
                       {"source", hazard.source}});
    return writeFileAtomically(file, all.dump(1) + "\n");
}

Result<std::vector<ScenarioHazard>> readScenarioHazards(const std::filesystem::path& file)
{
    const auto text = readFile(file);
    if (!text) return text.error();
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    const Error foreign = badInput(file.string() + " is not a list of hazards that Gradus wrote; remove the run's "
                                                   "folder and run it again.");
    if (!json.is_array()) return foreign;
    std::vector<ScenarioHazard> hazards;
    try {
        for (const auto& one : json) {
            ScenarioHazard hazard;
            hazard.scenario = one.at("scenario");
            const auto* twin = named(scenario::allTwins, one.at("twin").get<std::string>(), scenario::twinName);
            const auto* cue = named(scenario::allCues, one.at("cue").get<std::string>(), scenario::cueName);
            if (twin == nullptr || cue == nullptr) return foreign;
            hazard.render = {.twin = *twin, .cue = *cue, .seed = one.at("seed"), .axes = one.at("axes")};
            hazard.episode = one.at("episode");
            hazard.behaviour = one.at("behaviour");
            hazard.source = one.at("source");
            hazards.push_back(std::move(hazard));
        }
    } catch (const nlohmann::json::exception&) {
        return foreign;
    }
    return hazards;
}

} // namespace gradus::pipeline
