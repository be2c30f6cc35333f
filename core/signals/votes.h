// SPDX-License-Identifier: GPL-3.0-or-later
// What several supervisors said about the same items, and the few items whose truth is known (the anchors).
// Shapes: N items, K classes, m sources. A label is a class 0..K-1 or kAbstain.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::signals {

inline constexpr int kAbstain = -1;

/// One supervisor's answers. Plain data.
struct SourceVotes
{
    std::string name;                 ///< unique in the table
    std::vector<int> labels;          ///< N; kAbstain where the source says nothing
    std::vector<float> probabilities; ///< N x K row-major, each row summing to 1, or empty; where it
                                      ///< abstains anything finite that is not negative
    double weight = 1;                ///< gamma in [0, 1]: the weight the user drew; 0 drops the source
    std::string family = {}; ///< sources of one family share what anchors say of any of them ("human", "judge")
};

struct VoteTable
{
    int classes = 2;       ///< K
    std::size_t items = 0; ///< N
    std::vector<SourceVotes> sources;
};

/// Items whose truth is known. Equal lengths; an item appears once.
struct Anchors
{
    std::vector<std::size_t> items; ///< indices into the table
    std::vector<int> truth;         ///< their classes, 0..K-1
};

/// What an aggregator makes of a table.
struct Pooled
{
    std::vector<float> posterior; ///< N x K row-major; rows sum to 1
    std::vector<int> labels;      ///< N; the most probable class, the lowest of tied ones
    std::vector<double> weights;  ///< effective weight per source, in the table's order
    std::string degraded;         ///< the degraded mode that was used, in one sentence, or empty
};

/// Sizes, ranges, duplicate names, sources that always abstain, no sources at all: the first fault found, as one
/// sentence that says what, where and how to mend it (ErrorKind::BadInput).
Result<void> checkVotes(const VoteTable& table, const Anchors& anchors);

} // namespace gradus::signals
