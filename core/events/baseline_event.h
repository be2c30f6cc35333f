// SPDX-License-Identifier: GPL-3.0-or-later
// What a run says, once, of answers that a model without understanding gives.
#pragma once

#include <optional>
#include <string>

namespace gradus::events {

/// details: {"right", "tested", "fitted", "accuracy", "low", "high"}.
inline constexpr const char* kMajorityEvent = "baseline.majority";       ///< always the commonest class
inline constexpr const char* kBagOfWordsEvent = "baseline.bag_of_words"; ///< logistic regression on the same pairs

/// Its accuracy on held-out items, 0 to 1; none where the details do not hold one.
std::optional<double> baselineAccuracy(const std::string& detailsJson);

} // namespace gradus::events
