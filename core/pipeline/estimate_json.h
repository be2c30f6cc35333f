// SPDX-License-Identifier: GPL-3.0-or-later
// An estimate in the details of an event: {"value", "low", "high", "n"}.
#pragma once

#include "base/interval.h"

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

inline nlohmann::ordered_json jsonOf(const Estimate& estimate)
{
    return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}, {"n", estimate.n}};
}

/// Throws what nlohmann::json throws where the object is another one.
inline Estimate estimateFrom(const nlohmann::ordered_json& json)
{
    return {.value = json.at("value"), .low = json.at("low"), .high = json.at("high"), .n = json.at("n")};
}

} // namespace gradus::pipeline
