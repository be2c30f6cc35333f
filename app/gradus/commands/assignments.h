// SPDX-License-Identifier: GPL-3.0-or-later
// Options whose words are NAME=VALUE.
#pragma once

#include "base/result.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::app {

/// Split at the first "=". Bad input where there is none, or nothing before it: option and shape ("--column",
/// "ROLE=COLUMN") and end make the sentence.
Result<std::vector<std::pair<std::string, std::string>>> assignments(const std::vector<std::string>& words,
                                                                     const std::string& option,
                                                                     const std::string& shape,
                                                                     const std::string& end = ".");

} // namespace gradus::app
