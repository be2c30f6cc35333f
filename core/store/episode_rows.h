// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes as rows: tables episode, message, verdict, hazard and safe_behaviour.
#pragma once

#include "base/result.h"
#include "events/events.h"

#include <cstdint>
#include <vector>

namespace gradus::store {

class Database;

inline constexpr std::int64_t kAllMessages = -1;

/// SQL that gives the id of the verdict which the run itself wrote on the episode e: neither a person's nor a
/// monitor's.
extern const char* const kOwnVerdict;

/// Inside the caller's write transaction. An earlier episode of that key goes with all that hangs on it, but for what
/// people said of the same messages.
Result<void> writeEpisode(Database& database, std::int64_t runId, const events::EpisodeRecord& episode, double wall);

/// Of a run, in the order in which they were first written, with their messages.
Result<std::vector<events::EpisodeRecord>> readEpisodes(Database& database, std::int64_t runId);

/// Those that condition names, with their first messages; condition is SQL of ours over the alias e, with ?1 for id.
Result<std::vector<events::EpisodeRecord>> readEpisodesWhere(Database& database, const char* condition, std::int64_t id,
                                                             std::int64_t mostMessages = kAllMessages);

/// At most count messages of an episode from the first-th (0-based) on.
Result<std::vector<events::EpisodeMessage>> readMessages(Database& database, std::int64_t episodeId, std::int64_t first,
                                                         std::int64_t count);

} // namespace gradus::store
