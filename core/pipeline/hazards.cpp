// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/hazards.h"

#include "base/files.h"

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

Result<void> writeHazards(const std::filesystem::path& file, const std::vector<Hazard>& hazards)
{
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const Hazard& hazard : hazards)
        all.push_back({{"sequences", hazard.item.sequences},
                       {"texts", hazard.item.texts},
                       {"framing", hazard.framing},
                       {"action", hazard.action},
                       {"severity", hazard.severity},
                       {"episode", hazard.episode},
                       {"safe", hazard.safe},
                       {"behaviour", hazard.behaviour},
                       {"source", hazard.source}});
    return writeFileAtomically(file, all.dump(1) + "\n");
}

Result<std::vector<Hazard>> readHazards(const std::filesystem::path& file, std::size_t actions)
{
    const auto text = readFile(file);
    if (!text) return text.error();
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    const Error foreign = badInput(file.string() + " is not a list of hazards that Gradus wrote; remove the run's "
                                                   "folder and run it again.");
    if (!json.is_array()) return foreign;
    std::vector<Hazard> hazards;
    try {
        for (const auto& one : json) {
            Hazard hazard;
            hazard.item.sequences = one.at("sequences").get<std::vector<std::vector<std::int32_t>>>();
            hazard.item.texts = one.at("texts").get<std::vector<std::string>>();
            hazard.framing = one.at("framing");
            hazard.action = one.at("action");
            hazard.severity = one.at("severity");
            hazard.episode = one.at("episode");
            hazard.safe = one.at("safe").get<std::vector<float>>();
            hazard.behaviour = one.at("behaviour");
            hazard.source = one.at("source");
            if (!hazard.safe.empty() && hazard.safe.size() != actions) return foreign;
            hazards.push_back(std::move(hazard));
        }
    } catch (const nlohmann::json::exception&) {
        return foreign;
    }
    return hazards;
}

} // namespace gradus::pipeline
