// SPDX-License-Identifier: GPL-3.0-or-later
// What a curve of an experiment may say, and what to do with one that says more.
#pragma once

#include "schedule/curve.h"
#include "spec/keys.h"

#include <optional>
#include <string>

namespace gradus::spec {

/// The least value that the key takes: a hair above its bound where the bound itself is out.
double leastOf(const KeyInfo& key);
/// The row that every source's weight is read by.
const KeyInfo& weightKey();

/// A curve of the text whose values its key does not take.
struct CurveBeyond
{
    std::string key;          ///< "gap.curve"
    schedule::Curve drawn;    ///< as it stands in the text; can be evaluated
    std::vector<int> outside; ///< keys whose values lie beyond; none: only handles swing the curve there
    std::string mended;       ///< the text with these at the nearest value, and handles as long as the bounds allow
};

/// Whether it is its bounds alone for which the curve of a key ("gap.curve", a number that is drawn) is refused; then
/// the curve and the mended text. The text must be TOML; nothing else of it need be right.
std::optional<CurveBeyond> curveBeyond(const std::string& toml, const std::string& key);

} // namespace gradus::spec
