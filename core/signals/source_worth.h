// SPDX-License-Identifier: GPL-3.0-or-later
// What each source adds to the anchored pool: measured on anchors that the pool did not see (five-fold cross-fitting).
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "signals/votes.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::signals {

/// Leaving one source out.
struct SourceWorth
{
    std::string name;
    Estimate lossSaved; ///< anchor NLL without it minus with it, nats an anchor, paired over anchors: above 0
                        ///< it helps; 95 % t interval
    double effectiveSources =
        0; ///< N_eff with it minus N_eff without it; 0 of one that labels no anchor (redundancy.h)
};

/// Adding the n-th source in greedy order: each step takes the source that lowers anchor NLL most.
struct MarginalBenefit
{
    std::string name;
    Estimate lossSaved; ///< anchor NLL of the n - 1 sources before (none: the class prior) minus with it, paired
    double loss = 0;    ///< anchor NLL of the first n, nats an anchor
    double effectiveSources = 0; ///< N_eff of the first n, those left out that label no anchor
};

/// One entry a source, in the table's order; sources of weight 0 save nothing. Refused in one sentence for a table that
/// checkVotes refuses and with fewer than ten anchors.
Result<std::vector<SourceWorth>> sourceWorth(const VoteTable& table, const Anchors& anchors);

/// Sources of weight above 0 in greedy order. Refused like sourceWorth. O(m^2) fits of the pool.
Result<std::vector<MarginalBenefit>> marginalBenefit(const VoteTable& table, const Anchors& anchors);

} // namespace gradus::signals
