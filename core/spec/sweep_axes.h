// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep is written as: axes that multiply, and conditions whose keys are set together.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gradus::spec {

/// One swept key and its values, as TOML text ("\"fixed\"", "0.3").
struct SweepAxis
{
    std::string key;
    std::vector<std::string> values;
};

/// [[sweep.condition]]: keys that are set together, so that "fixed, small" and "drawn" can stand side by side.
struct SweepCondition
{
    std::string name;                                          ///< unique; what tables and plots call it
    std::vector<std::pair<std::string, std::string>> settings; ///< dotted key, value as TOML text
};

} // namespace gradus::spec
