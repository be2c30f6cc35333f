// SPDX-License-Identifier: GPL-3.0-or-later
// Pools judged on anchors that they have not seen: five folds, each pooled by a fit on the other four.
#pragma once

#include "signals/aggregate.h"

#include <cstddef>
#include <span>
#include <vector>

namespace gradus::signals {

/// The anchors as a table of their own, item a being anchor a: a pool with anchors looks at nothing else.
struct AnchorTable
{
    VoteTable table;
    Anchors all;
};
AnchorTable onlyAnchors(const VoteTable& table, const Anchors& anchors);

/// n0 x K row-major: the posterior of every anchor under the chosen sources, fitted without the anchor's fold (a mod
/// 5).
std::vector<double> heldOutPosteriors(const AnchorTable& small, std::span<const std::size_t> chosen);

/// What a pool says of every anchor that it has not seen (n0 x K row-major). Pools that learn from anchors (weighted,
/// snorkel's prior, the anchored pool) are fitted anew without the anchor's fold; what the others made of the whole
/// table, pooled, stands. The table must have passed checkVotes.
std::vector<double> posteriorsOnAnchors(Aggregate method, const VoteTable& table, const Pooled& pooled,
                                        const Anchors& anchors);

/// Indices of the sources of weight above 0.
std::vector<std::size_t> activeSources(const VoteTable& table);

} // namespace gradus::signals
