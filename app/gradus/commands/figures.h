// SPDX-License-Identifier: GPL-3.0-or-later
// How the reporting verbs write a figure with its interval, on a terminal, in JSON and in CSV.
#pragma once

#include "base/interval.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace gradus::app {

std::string fixedText(double value, int decimals = 3);
/// "0.305 [0.251, 0.357]"; "–" where there is none.
std::string figureText(const std::optional<Estimate>& estimate, int decimals = 3);
/// {"value", "low", "high", "n"} or null.
nlohmann::json figureJson(const std::optional<Estimate>& estimate);
/// "value,low,high,n", four empty fields where there is none.
std::string figureCsv(const std::optional<Estimate>& estimate);

/// Rows of cells as columns of equal width, two spaces between them, the first row being the head.
std::string columnsText(const std::vector<std::vector<std::string>>& rows);
/// Prints a document on standard output, whatever bytes its strings hold.
void printJson(const nlohmann::json& document);

} // namespace gradus::app
