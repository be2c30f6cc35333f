// SPDX-License-Identifier: GPL-3.0-or-later
// Mode collapse of generated text against iteration 0: samples of one prompt grow alike, or answers to different
// prompts.
#pragma once

#include "evals/diversity.h"
#include "signatures/verdict.h"

#include <cstdint>
#include <vector>

namespace gradus::signatures {

/// Same prompts in the same order, the same number of samples for each, the same temperature and length cap: the
/// measures depend on all of these.
struct CollapseInput
{
    std::vector<evals::Samples> before; ///< iteration 0: [prompt][sample] tokens
    std::vector<evals::Samples> now;
    /// Mean token entropy of each prompt's samples in nats, from the model's probabilities. Both empty: the entropy of
    /// the samples' token frequencies stands in, and the sentence says so.
    std::vector<double> entropyBefore;
    std::vector<double> entropyNow;
    std::uint64_t seed = 0; ///< of the bootstrap
};

struct CollapseThresholds
{
    double fall = 0.20;        ///< the interval of a measure's relative change must lie below -fall
    int measures = 2;          ///< in so many of the three: token entropy, distinct-2, Vendi score; 1..3
    double repeats = 2;        ///< or the 4-gram repeat fraction's interval lies above so many times the former
    double repeatFloor = 0.01; ///< a smaller former fraction counts as this: 0 cannot be doubled
    int group = 8;             ///< prompts whose answers are compared with each other, across prompts
    int units = 5;             ///< fewer prompts (or groups of prompts) give no figure
    int draws = 2000;          ///< of the paired bootstrap
};

/// The same measures in two scopes. Within: a unit is a prompt and its samples (at least two). Across: a unit is
/// `group` prompts with one answer each, averaged over the samples' places; needs units x group prompts. The statistic
/// is the relative change of the measure that decides: the measures-th deepest fall of the three, in the scope where it
/// is deeper. Fires on either scope; the detail object holds every measure.
Verdict modeCollapse(const CollapseInput& input, const CollapseThresholds& thresholds = {});

} // namespace gradus::signatures
