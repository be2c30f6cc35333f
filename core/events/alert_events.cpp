// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/alert_events.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace gradus::events {

using Json = nlohmann::json;

namespace {

std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> textIn(const std::string& detailsJson, const char* key)
{
    const Json details = Json::parse(detailsJson, nullptr, false);
    if (!details.is_object()) return std::nullopt;
    const auto found = details.find(key);
    if (found == details.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

} // namespace

RunEvent alertEvent(const std::string& rule, const std::string& series, const std::string& what, int generation,
                    std::int64_t step)
{
    return {.kind = kAlertEvent,
            .generation = generation,
            .step = step,
            .sentence = "Alert: " + rule + ": " + what + ".",
            .detailsJson = dumped({{"rule", rule}, {"series", series}})};
}

RunEvent alertRulesEvent(const std::string& lines, const std::string& because, int generation, std::int64_t step)
{
    std::string listed = lines;
    for (std::size_t at = listed.find('\n'); at != std::string::npos; at = listed.find('\n', at + 2))
        listed.replace(at, 1, "; ");
    return {.kind = kAlertRulesEvent,
            .generation = generation,
            .step = step,
            .sentence = lines.empty() ? "No alert rules any more, by " + because + "."
                                      : "Alert rules by " + because + ": " + listed + ".",
            .detailsJson = dumped({{"lines", lines}})};
}

std::optional<std::string> alertLinesOf(const std::string& detailsJson)
{
    return textIn(detailsJson, "lines");
}

std::optional<std::string> firedRuleOf(const std::string& detailsJson)
{
    // Detectors name a rule of theirs, too, but no series that it watches.
    return textIn(detailsJson, "series") ? textIn(detailsJson, "rule") : std::nullopt;
}

} // namespace gradus::events
