// SPDX-License-Identifier: GPL-3.0-or-later
// How many votes of a source a run keeps.
#pragma once

#include <cstdint>
#include <string>

namespace gradus::store {

/// On how many items a source said something for a generation.
struct VoteCount
{
    int generation = 2;
    std::string source; ///< as the experiment names it
    std::int64_t said = 0;

    friend bool operator==(const VoteCount&, const VoteCount&) = default;
};

} // namespace gradus::store
