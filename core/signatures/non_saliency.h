// SPDX-License-Identifier: GPL-3.0-or-later
// Non-saliency: capacity grew from one generation to the next, yet utility did not.
#pragma once

#include "signatures/verdict.h"

#include <optional>
#include <vector>

namespace gradus::signatures {

struct SaliencyInput
{
    /// Labels of the same held-out items, in the same order.
    std::vector<int> before; ///< the predecessor's
    std::vector<int> now;
    std::vector<int> truth;
    std::vector<int> ceilingBefore; ///< the predecessor's base taught by truth; may be empty
    std::vector<int> ceilingNow;    ///< both ceilings known: C is their accuracy; else C is the capacity below
    double capacityBefore = 0;      ///< log10 parameters, or another coordinate that grows with the model
    double capacityNow = 0;
    /// Linear-probe salience of the two bases (see salience in linear_probe.h), for the diagnosis alone.
    std::optional<Estimate> probeBefore;
    std::optional<Estimate> probeNow;
};

struct SaliencyThresholds
{
    double resolution =
        0.05;       ///< a wider half interval of the change in utility could hide any ordinary gain: no figure
    int items = 20; ///< fewer give no figure
};

/// Statistic: accuracy now - before, paired over items (pairedProportions), held against 0. Fires when C grew and the
/// interval is not above 0. With ceilings, C grew when the interval of their paired difference is above 0. A fired
/// verdict means "no gain was seen", not "there is none": a true gain under about half the interval's width is often
/// missed, and the sentence gives that width.
Verdict nonSaliency(const SaliencyInput& input, const SaliencyThresholds& thresholds = {});

} // namespace gradus::signatures
