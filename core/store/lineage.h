// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs came out of which: the tree of a run's ancestors and everything that branched from them. Pure.
#pragma once

#include "store/records.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradus::store {

/// One place of the tree.
struct Relative
{
    const RunRow* run = nullptr; ///< of the rows given; null: the store has it no more, or never had
    std::string uuid;
    int depth = 0; ///< 0: the oldest that is known
    /// How it came out of the run above it: none of the oldest, and of a row that is no one's child.
    std::optional<Lineage> from = {};
};

/// Depth first, siblings by age: every place stands after its parent. Runs that name each other as parents, which no
/// program of ours writes, are cut where they would close a ring. At least the run itself; empty without it.
std::vector<Relative> relativesOf(std::span<const RunRow> rows, std::int64_t run);

/// "branch after generation 2", "what it was before it was rolled back to generation 2".
std::string fromText(const Lineage& lineage);

} // namespace gradus::store
