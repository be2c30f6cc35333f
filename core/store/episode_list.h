// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes for lists: narrow rows without their messages, and one transcript at a time.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "store/records.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// Episodes of every run that has some, by run id.
Result<std::map<std::int64_t, std::int64_t>> countEpisodes(Database& database);

/// Of a run, in the order in which they were first written, with what people say of them.
Result<std::vector<EpisodeRow>> readEpisodeRows(Database& database, std::int64_t runId);

/// One episode with at most so many of its messages (kAllMessages: whole). Bad input where there is none of that id.
Result<events::EpisodeRecord> readEpisode(Database& database, std::int64_t episodeId, std::int64_t mostMessages);

} // namespace gradus::store
