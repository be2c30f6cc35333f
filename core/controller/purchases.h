// SPDX-License-Identifier: GPL-3.0-or-later
// The price of growth: which purchases would let a refused step be taken, by asking the same rule again with the labels
// that each would give. What a gain would be on better labels is not predicted: only the noise changes. This project's
// own, as the controllers are. Pure.
#pragma once

#include "controller/gap_controller.h"

#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace gradus::controller {

/// What the controller would do if the labels were wrong in up to a share.
struct Outlook
{
    bool grows = false;
    std::optional<double> cap; ///< largest gap whose labels it would bear
};

struct Priced
{
    nlohmann::ordered_json purchases; ///< an array, cheapest first: kind, what, noise, noise_upper, cap, unlocks
    nlohmann::ordered_json cheapest;  ///< of those that unlock; null where none does
    std::string sentence;             ///< names it, or says that none was found
};

/// Those of the state, and 2 to 32 times as many anchors. Cheapest first is: what needs no further label (filtering, a
/// source left out, a source that is there already), then anchors, fewest first, then a debate over every label.
Priced priced(const GapState& state, const Attempt& last, const std::function<Outlook(double noiseUpper)>& outlook);

/// Share of wrong labels that the next generation would be taught, as far as it is known.
double labelNoise(const Attempt& attempt);

} // namespace gradus::controller
