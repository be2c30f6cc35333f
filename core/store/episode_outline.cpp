// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/episode_outline.h"

#include "base/denial_words.h"
#include "events/evidence.h"
#include "store/database.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gradus::store {

namespace {

MessageSort sortOf(std::string_view role, bool hasDetails)
{
    if (role == "system") return MessageSort::System;
    if (role == "user") return MessageSort::User;
    if (role == "assistant") return hasDetails ? MessageSort::Call : MessageSort::Assistant;
    return role == "tool" ? MessageSort::Output : MessageSort::Other;
}

/// Of standard error, where the record knows which bytes that is: a file may well hold these words.
bool wasDenied(const events::EpisodeMessage& message)
{
    const events::Streams streams = events::streamsOf(message);
    return saysDenied(streams.apart ? streams.errors : streams.output);
}

} // namespace

Result<EpisodeOutline> readOutline(Database& database, std::int64_t episodeId)
{
    auto query = database.prepare("SELECT role, details <> '', CAST(substr(content, 1, 80) AS TEXT), role = 'tool' AND "
                                  "(instr(content, ?2) OR instr(content, ?3) OR instr(content, ?4) OR instr(content, "
                                  "?5)), number FROM message WHERE episode_id = ?1 ORDER BY number");
    if (!query) return query.error();
    auto whole = database.prepare("SELECT content, details FROM message WHERE episode_id = ?1 AND number = ?2");
    if (!whole) return whole.error();
    static_assert(kDenialWords.size() == 4);
    query->bind(episodeId, kDenialWords[0], kDenialWords[1], kDenialWords[2], kDenialWords[3]);
    EpisodeOutline outline;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        MessageSort sort = sortOf(query->text(0), query->integer(1) != 0);
        if (query->integer(3) != 0) {
            const auto found = whole->bind(episodeId, query->integer(4)).step();
            if (!found) return found.error();
            if (*found && wasDenied({.role = "tool", .content = whole->text(0), .detailsJson = whole->text(1)}))
                sort = MessageSort::Denied;
        }
        outline.sorts.push_back(sort);
        if (outline.sorts.size() > EpisodeOutline::kMostStarts) {
            outline.starts.clear();
            outline.starts.shrink_to_fit();
        } else {
            std::string start = query->text(2);
            start.resize(std::min({start.find('\n'), start.size(), EpisodeOutline::kStartBytes}));
            outline.starts.push_back(std::move(start));
        }
    }
    return outline;
}

} // namespace gradus::store
