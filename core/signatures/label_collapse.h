// SPDX-License-Identifier: GPL-3.0-or-later
// Mode collapse of a classifier against an earlier model: it comes to give most items the same label.
#pragma once

#include "signatures/verdict.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::signatures {

/// Probabilities of the same items in the same order, N x classes, row-major.
struct LabelCollapseInput
{
    std::vector<float> before;
    std::vector<float> now;
    int classes = 0;
    std::uint64_t seed = 0;                ///< of the bootstrap
    std::string reference = "iteration 0"; ///< whose predictions `before` are, for the sentence
};

struct LabelCollapseThresholds
{
    double fall = 0.20; ///< the interval of an entropy's relative change must lie below -fall
    int items = 20;     ///< fewer give no figure
    int draws = 2000;   ///< of the paired bootstrap over items
};

/// Fires when the entropy of the mean prediction, or of the shares of the labels given, fell: a model can name one
/// label throughout with a mean prediction that is still even. The statistic is the deeper of the two relative changes.
/// It knows no truth: on items that share one label a good classifier also has low entropy, so choose balanced items.
Verdict labelCollapse(const LabelCollapseInput& input, const LabelCollapseThresholds& thresholds = {});

} // namespace gradus::signatures
