// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/origins.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gradus::spec {

namespace {

constexpr std::string_view kWeakToStrong = "released code of Burns et al. 2023 (weak-to-strong)";

// Only what was read in the released code or the paper that is named.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOrigins = {{
    {"training.batch", kWeakToStrong},
    {"training.decay", kWeakToStrong},
    {"training.soft_labels", kWeakToStrong},
    {"training.confidence_weight", kWeakToStrong},
    {"training.confidence_warmup", "Burns et al. 2023, as it is usually described"},
    {"conformity.beta", "Chen et al. 2024 (DICE)"},
}};

} // namespace

std::string_view originOf(std::string_view dottedKey)
{
    const auto* found =
        std::find_if(kOrigins.begin(), kOrigins.end(), [&](const auto& row) { return row.first == dottedKey; });
    return found == kOrigins.end() ? std::string_view() : found->second;
}

} // namespace gradus::spec
