// SPDX-License-Identifier: GPL-3.0-or-later
// One door to every way of pooling the votes of several supervisors into a posterior an item.
#pragma once

#include "signals/votes.h"

#include <optional>
#include <string>

namespace gradus::signals {

enum class Aggregate
{
    Majority,     ///< most votes; the baseline
    Weighted,     ///< accuracy log-odds from anchors; optimal only if sources err independently
    DawidSkene,   ///< EM over confusions; no anchors needed, follows a clique of sources that err together
    Glad,         ///< EM over ability and item difficulty; the same flaw
    Snorkel,      ///< moments of agreement by matrix completion; needs three sources; the same flaw
    AnchoredPool, ///< anchored, redundancy-discounted log-opinion pool: copies of a source change nothing
};

/// "majority" | "weighted" | "dawid-skene" | "glad" | "snorkel" | "anchored-pool", else none.
std::optional<Aggregate> aggregateOf(const std::string& name);

/// Checks the table (see checkVotes) and pools it. Sources of weight 0 take no part. The result does not depend on the
/// order of the sources, bit for bit: they are pooled in the order of their names. Deterministic.
Result<Pooled> aggregate(Aggregate method, const VoteTable& table, const Anchors& anchors);

} // namespace gradus::signals
