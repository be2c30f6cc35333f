// SPDX-License-Identifier: GPL-3.0-or-later
// Words and JSON that the detectors share; included by this room's sources alone.
#pragma once

#include "signatures/verdict.h"

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace gradus::signatures {

using Json = nlohmann::ordered_json;

/// Fixed decimals in the C locale: "0.31".
std::string fixedText(double value, int decimals);
/// A share as per cent: "12.3 %".
std::string percent(double share);
/// A difference of shares: "+3.1 points [+0.4, +5.8]".
std::string points(const Estimate& difference);
/// A relative change: "-31 % [-38, -24]".
std::string change(const Estimate& relative);

/// {"value":..,"low":..,"high":..,"n":..}, or null.
Json jsonOf(const std::optional<Estimate>& estimate);

/// The verdict without a figure; reason goes on after "No figure for ...: " and ends the sentence.
Verdict noFigure(const std::string& kind, const std::string& statistic, double threshold, const std::string& subject,
                 const std::string& reason);

} // namespace gradus::signatures
