// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's history tells of alert rules and of those that fired.
#pragma once

#include "events/events.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gradus::events {

/// A rule fired. details: {"rule": its words, "series"}
inline constexpr const char* kAlertEvent = "alert";
/// From here on these rules are watched, and no others. details: {"lines": the rules' words, one in a line}
inline constexpr const char* kAlertRulesEvent = "alert.rules";

RunEvent alertEvent(const std::string& rule, const std::string& series, const std::string& what, int generation,
                    std::int64_t step);
/// because: who wants it so, "the experiment file" or "request 7".
RunEvent alertRulesEvent(const std::string& lines, const std::string& because, int generation, std::int64_t step);
/// The lines of such an event; nothing where the details are of none. They are read as hostile JSON.
std::optional<std::string> alertLinesOf(const std::string& detailsJson);
/// The rule's words of an event that it fired.
std::optional<std::string> firedRuleOf(const std::string& detailsJson);

} // namespace gradus::events
