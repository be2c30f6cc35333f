// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/run_origin.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace gradus::events {

using Json = nlohmann::json;

namespace {

constexpr std::array<std::pair<const char*, std::string RunOrigin::*>, 6> kMembers = {{
    {"version", &RunOrigin::version},
    {"program", &RunOrigin::program},
    {"library", &RunOrigin::library},
    {"device", &RunOrigin::device},
    {"processor", &RunOrigin::processor},
    {"system", &RunOrigin::system},
}};

} // namespace

RunEvent originEvent(const RunOrigin& origin)
{
    Json details = Json::object();
    std::string place;
    for (const auto& [name, member] : kMembers) {
        details[name] = origin.*member;
        const bool isPlace = member != &RunOrigin::version && member != &RunOrigin::program;
        if (isPlace && !(origin.*member).empty()) place += (place.empty() ? "" : "; ") + origin.*member;
    }
    return {.kind = kOriginEvent,
            .generation = 0,
            .step = 0,
            .sentence = "Worked on by Gradus " + origin.version + ", build " + origin.program + ", on " + place + ".",
            .detailsJson = details.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::optional<RunOrigin> originOf(const std::string& detailsJson)
{
    const Json details = Json::parse(detailsJson, nullptr, false);
    if (!details.is_object()) return std::nullopt;
    RunOrigin origin;
    for (const auto& [name, member] : kMembers) {
        const auto found = details.find(name);
        if (found == details.end() || !found->is_string()) return std::nullopt;
        origin.*member = found->get<std::string>();
    }
    return origin;
}

} // namespace gradus::events
