// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/baseline_event.h"

#include <nlohmann/json.hpp>

namespace gradus::events {

std::optional<double> baselineAccuracy(const std::string& detailsJson)
{
    const auto details = nlohmann::json::parse(detailsJson, nullptr, false);
    if (!details.is_object()) return std::nullopt;
    const auto accuracy = details.find("accuracy");
    if (accuracy == details.end() || !accuracy->is_number()) return std::nullopt;
    return accuracy->get<double>();
}

} // namespace gradus::events
