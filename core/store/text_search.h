// SPDX-License-Identifier: GPL-3.0-or-later
// Words in messages: the store's index of them, and the one rule by which a search is taken apart into words.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace gradus::store {

class Database;

/// Letters and digits next to each other are a word, whatever stands between words; letter case does not count. A
/// search is its words in a row, of which the last may go on: "rm -rf /tm" finds "rm -rf /tmp". Empty where text has no
/// word.
std::string searchOf(std::string_view text);

/// Takes the messages of one episode, or of all episodes of a run, into the index, in which they must not be yet. Who
/// writes messages calls it in the same transaction: a statement over many rows is five times as fast as one a row.
Result<void> indexEpisode(Database& database, std::int64_t episodeId);
Result<void> indexRun(Database& database, std::int64_t runId);
/// Takes their messages out of the index; called before they go.
Result<void> forgetEpisode(Database& database, std::int64_t episodeId);
Result<void> forgetRun(Database& database, std::int64_t runId);
Result<void> forgetAfter(Database& database, std::int64_t runId, int generation); ///< of later generations alone

/// Hits of a text in the messages of every run, from the index. A text without a word ("->") is looked for as it stands
/// in the messages of that run alone, which reads them all.
Result<TextHits> findText(Database& database, std::int64_t runId, const std::string& text);

/// Numbers of the episode's messages (0-based, increasing) in which text stands.
Result<std::vector<std::int64_t>> messagesWith(Database& database, std::int64_t episodeId, const std::string& text);

/// Teaches the connection to count the hits of a message: hits(message_text). Called once by Database::open.
void addHitCounter(sqlite3* connection);

} // namespace gradus::store
