// SPDX-License-Identifier: GPL-3.0-or-later
// The two simplest pools: most votes, and votes weighted by accuracy on anchors. Tables must have passed checkVotes.
#pragma once

#include "signals/votes.h"

namespace gradus::signals {

/// Each vote counts its source's weight. The posterior is 1 for the winner, shared evenly among tied winners, and
/// uniform where everyone abstains.
Pooled poolByMajority(const VoteTable& table);

/// Log-likelihood ratios log((K-1) a / (1-a)), a = accuracy on anchors shrunk to the mean of all sources with the
/// strength of six anchors; never below 0. Without anchors: majority, as a named degraded mode.
Pooled poolByAccuracy(const VoteTable& table, const Anchors& anchors);

} // namespace gradus::signals
