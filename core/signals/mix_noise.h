// SPDX-License-Identifier: GPL-3.0-or-later
// Noise of the pooled labels, for the gap controller: what the posterior says of itself, calibrated on anchors.
#pragma once

#include "signals/aggregate.h"

#include <cstdint>
#include <string>

namespace gradus::signals {

struct MixNoise
{
    double raw = 0;        ///< mean over items of 1 - max_k q_i(k): what the pool believes
    double calibrated = 0; ///< the same after isotonic regression of error on 1 - max q over anchors
    double upper = 1;      ///< one-sided 95 %: bootstrap over anchors; with fewer than five wrong anchors, which a
                           ///< bootstrap cannot vary, at least the Clopper-Pearson bound of their share
    long long anchors = 0;
    std::string degraded; ///< without anchors: calibrated = raw and upper = 1, said in one sentence
};

/// pooled is the pool of the whole table by this method. Of pools that learn from anchors each anchor's error and doubt
/// come from a fit without it (posteriorsOnAnchors), or both would look too small. Seeded, repeatable.
MixNoise mixNoise(Aggregate method, const VoteTable& table, const Pooled& pooled, const Anchors& anchors,
                  std::uint64_t seed, int draws = 1000);

} // namespace gradus::signals
