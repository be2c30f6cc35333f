// SPDX-License-Identifier: GPL-3.0-or-later
// The axes of a sweep in experiment text, edited so that every other byte stays. Setting one is editToml("sweep.KEY").
#pragma once

#include "base/result.h"

#include <string>

namespace gradus::spec {

/// The text without the axis of this dotted key. Bad input: malformed TOML, an axis that is not there.
Result<std::string> withoutAxis(const std::string& toml, const std::string& key);
/// A list of values as people type it ("0.2, 0.4", "fixed, schedule") as a TOML list; words are quoted where the key
/// takes text. Bad input: no values, a value that the key does not take, an unknown key.
Result<std::string> axisToml(const std::string& key, const std::string& values);

} // namespace gradus::spec
