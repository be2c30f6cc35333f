// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/episode_list.h"

#include "store/database.h"
#include "store/episode_rows.h"

#include <algorithm>

namespace gradus::store {

namespace {

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lowered(c); });
    return text;
}

std::int64_t hitsIn(const std::string& content, const std::string& sought)
{
    std::int64_t hits = 0;
    const std::string text = lowered(content);
    for (std::size_t at = text.find(sought); at != std::string::npos; at = text.find(sought, at + sought.size()))
        ++hits;
    return hits;
}

Result<std::map<std::int64_t, std::int64_t>> countsOf(Statement query)
{
    std::map<std::int64_t, std::int64_t> counts;
    for (;;) {
        const auto row = query.step();
        if (!row) return row.error();
        if (!*row) return counts;
        counts[query.integer(0)] = query.integer(1);
    }
}

} // namespace

Result<std::map<std::int64_t, std::int64_t>> countEpisodes(Database& database)
{
    auto query = database.prepare("SELECT run_id, count(*) FROM episode GROUP BY run_id");
    if (!query) return query.error();
    return countsOf(std::move(*query));
}

Result<std::vector<EpisodeRow>> readEpisodeRows(Database& database, std::int64_t runId)
{
    // Messages are counted in their index: no page of their texts is read.
    auto query = database.prepare(
        "SELECT e.id, e.generation, substr(e.uuid, length(r.uuid) + 2), e.scenario, coalesce(v.judge, ''), "
        "coalesce(v.verdict, ''), h.severity, coalesce(b.behaviour, ''), "
        "(SELECT count(*) FROM message m WHERE m.episode_id = e.id) "
        "FROM episode e JOIN run r ON r.id = e.run_id "
        "LEFT JOIN verdict v ON v.id = (SELECT min(id) FROM verdict WHERE episode_id = e.id) "
        "LEFT JOIN hazard h ON h.id = (SELECT min(id) FROM hazard WHERE episode_id = e.id) "
        "LEFT JOIN safe_behaviour b ON b.id = (SELECT min(id) FROM safe_behaviour WHERE hazard_id = h.id) "
        "WHERE e.run_id = ?1 ORDER BY e.id");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<EpisodeRow> rows;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({.id = query->integer(0),
                        .runId = runId,
                        .generation = static_cast<int>(query->integer(1)),
                        .key = query->text(2),
                        .scenario = query->text(3),
                        .judge = query->text(4),
                        .verdict = query->text(5),
                        .severity = query->optionalReal(6),
                        .safeBehaviour = query->text(7),
                        .messages = static_cast<int>(query->integer(8))});
    }
}

Result<events::EpisodeRecord> readEpisode(Database& database, std::int64_t episodeId)
{
    auto episodes = readEpisodesWhere(database, "e.id = ?1", episodeId);
    if (!episodes) return episodes.error();
    if (episodes->empty())
        return badInput("The store " + database.path().string() + " has no episode " + std::to_string(episodeId) +
                        "; read the list of its run again.");
    return std::move(episodes->front());
}

Result<std::map<std::int64_t, std::int64_t>> countHits(Database& database, std::int64_t runId, const std::string& text)
{
    std::map<std::int64_t, std::int64_t> hits;
    if (text.empty()) return hits;
    // SQLite drops the texts without a hit before they are copied; its lower() knows the ASCII letters, as we do here.
    auto query = database.prepare("SELECT e.id, m.content FROM episode e JOIN message m ON m.episode_id = e.id "
                                  "WHERE e.run_id = ?1 AND instr(lower(m.content), ?2) > 0");
    if (!query) return query.error();
    const std::string sought = lowered(text);
    query->bind(runId, sought);
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return hits;
        hits[query->integer(0)] += hitsIn(query->text(1), sought);
    }
}

} // namespace gradus::store
