// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes for lists: narrow rows without their messages, one transcript at a time, and a search over messages.
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

/// Of a run, in the order in which they were first written.
Result<std::vector<EpisodeRow>> readEpisodeRows(Database& database, std::int64_t runId);

/// One episode whole. Bad input where there is none of that id.
Result<events::EpisodeRecord> readEpisode(Database& database, std::int64_t episodeId);

/// How often text stands in the messages of a run's episodes, by episode id; those without a hit are left out. Letter
/// case does not count for ASCII letters; hits do not overlap. An empty text has no hits.
Result<std::map<std::int64_t, std::int64_t>> countHits(Database& database, std::int64_t runId, const std::string& text);

} // namespace gradus::store
