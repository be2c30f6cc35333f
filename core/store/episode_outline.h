// SPDX-License-Identifier: GPL-3.0-or-later
// What the messages of an episode are, without their words: what an outline, a map and folding of a long transcript
// need.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

enum class MessageSort : std::uint8_t
{
    System,
    User,
    Assistant, ///< words
    Call,      ///< of a tool
    Output,    ///< of a tool
    Denied,    ///< output in which the system said that something may not be done
    Other,
};

struct EpisodeOutline
{
    static constexpr std::size_t kMostStarts = 50'000;
    static constexpr std::size_t kStartBytes = 80;

    std::vector<MessageSort> sorts;  ///< one a message
    std::vector<std::string> starts; ///< how each begins, untrusted bytes; none where there are more than kMostStarts
};

/// Reads every message's first bytes: about a second for a million of them.
Result<EpisodeOutline> readOutline(Database& database, std::int64_t episodeId);

} // namespace gradus::store
