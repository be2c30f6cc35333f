// SPDX-License-Identifier: GPL-3.0-or-later
// How the reporting verbs write a figure with its interval, on a terminal, in JSON and in CSV.
#pragma once

#include "base/interval.h"

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace gradus::app {

/// One observation says nothing of a spread: an interval of no width around it is none.
bool hasInterval(const Estimate& estimate);

/// "0.305 [0.251, 0.357]"; "0.305 (one)" of one observation without an interval; "–" where there is none.
std::string figureText(const std::optional<Estimate>& estimate, int decimals = 3);
/// {"value", "low", "high", "n"} or null; low and high are null where there is no interval.
nlohmann::json figureJson(const std::optional<Estimate>& estimate);
/// "value,low,high,n", four empty fields where there is none, two where it has no interval.
std::string figureCsv(const std::optional<Estimate>& estimate);

/// Prints a document on standard output, whatever bytes its strings hold.
void printJson(const nlohmann::json& document);

} // namespace gradus::app
