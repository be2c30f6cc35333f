// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated supervisors whose truth is known: a clique that errs together beside independent ones, and random tables.
#pragma once

#include "signals/votes.h"

#include <cstdint>
#include <vector>

namespace gradus::signals::tests {

struct Simulation
{
    VoteTable table;
    std::vector<int> truth; ///< N
    Anchors anchors;        ///< drawn without replacement
};

/// Binary. Weak sources draw their error from one shared draw with probability `shared`, from their own otherwise.
Simulation cliqueAmongIndependents(std::uint64_t seed, std::size_t items, std::size_t anchors, int weak = 3,
                                   double weakAccuracy = 0.62, double shared = 0.9, int strong = 2,
                                   double strongAccuracy = 0.80);

/// Independent sources of the given accuracies; wrong labels uniform over the other classes.
Simulation independentSources(std::uint64_t seed, std::size_t items, std::size_t anchors, int classes,
                              const std::vector<double>& accuracies);

/// Anything goes: 1 to 6 sources, 2 to 5 classes, abstentions, probabilities, weights, maybe no anchors.
Simulation randomTable(std::uint64_t seed);

/// The table and `added` copies of source j beside it.
VoteTable withAddedCopies(const VoteTable& table, std::size_t j, int added);

double shareRight(const std::vector<int>& labels, const std::vector<int>& truth);
std::size_t differing(const std::vector<int>& a, const std::vector<int>& b);

} // namespace gradus::signals::tests
