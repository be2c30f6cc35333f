// SPDX-License-Identifier: GPL-3.0-or-later
// How the verbs that compare sources of answers write what they found.
#pragma once

#include "signals/source_report.h"

#include <string>

#include <nlohmann/json.hpp>

namespace gradus::app {

nlohmann::json sourcesJson(const signals::SourceReport& report, const signals::VoteTable& table,
                           const signals::SourceQuestion& question);
/// Tables for a terminal.
std::string sourcesText(const signals::SourceReport& report, const signals::VoteTable& table,
                        const signals::SourceQuestion& question);
/// Long form: one figure a line.
std::string sourcesCsv(const signals::SourceReport& report);

} // namespace gradus::app
