// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/episode_rows.h"

#include "store/database.h"
#include "store/text_search.h"

#include <optional>
#include <string>

namespace gradus::store {

namespace {

/// Nothing when there is no such row.
Result<std::optional<std::int64_t>> idOf(Statement query)
{
    const auto row = query.step();
    if (!row) return row.error();
    if (!*row) return std::optional<std::int64_t>();
    return std::optional<std::int64_t>(query.integer(0));
}

Result<std::optional<std::int64_t>> episodeId(Database& database, std::int64_t runId, const std::string& key)
{
    auto query = database.prepare("SELECT e.id FROM episode e JOIN run r ON r.id = e.run_id "
                                  "WHERE e.run_id = ?1 AND e.uuid = r.uuid || '/' || ?2");
    if (!query) return query.error();
    query->bind(runId, key);
    return idOf(std::move(*query));
}

/// Whether the store holds exactly these messages. A resumed run says its last episodes again, word for word.
Result<bool> holds(Database& database, std::int64_t id, const std::vector<events::EpisodeMessage>& messages)
{
    auto query = database.prepare("SELECT role, content, details FROM message WHERE episode_id = ?1 ORDER BY number");
    if (!query) return query.error();
    query->bind(id);
    for (std::size_t i = 0;; ++i) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return i == messages.size();
        if (i == messages.size() || query->text(0) != messages[i].role || query->text(1) != messages[i].content ||
            query->text(2) != messages[i].detailsJson)
            return false;
    }
}

/// The row stays, so that it keeps its id and its first time; what hangs on it is written anew. What people said stays
/// while it is said of the same messages: of others it would be wrong, and the journal keeps it.
Result<void> emptied(Database& database, std::int64_t id, bool isSame)
{
    for (const char* sql :
         {"DELETE FROM safe_behaviour WHERE hazard_id IN (SELECT id FROM hazard WHERE episode_id = ?1)",
          "DELETE FROM hazard WHERE episode_id = ?1",
          "DELETE FROM verdict WHERE episode_id = ?1 AND substr(judge, 1, 7) <> 'person/'"})
        if (auto done = database.run(sql, id); !done) return done;
    if (isSame) return {};
    if (auto done = forgetEpisode(database, id); !done) return done;
    for (const char* sql :
         {"DELETE FROM verdict WHERE episode_id = ?1", "DELETE FROM preference WHERE first_id = ?1 OR second_id = ?1",
          "DELETE FROM message WHERE episode_id = ?1"})
        if (auto done = database.run(sql, id); !done) return done;
    return {};
}

struct EpisodePlace
{
    std::int64_t id = 0;
    bool hasMessages = false; ///< exactly those that are to be written
};

Result<EpisodePlace> rowOf(Database& database, std::int64_t runId, const events::EpisodeRecord& episode, double wall)
{
    const auto known = episodeId(database, runId, episode.key);
    if (!known) return known.error();
    if (*known) {
        const auto same = holds(database, **known, episode.messages);
        if (!same) return same.error();
        if (auto done = emptied(database, **known, *same); !done) return done.error();
        return EpisodePlace{**known, *same};
    }
    auto done = database.run("INSERT INTO episode (run_id, uuid, generation, scenario, state, begun_at, ended_at) "
                             "SELECT ?1, uuid || '/' || ?2, ?3, ?4, 'finished', ?5, ?5 FROM run WHERE id = ?1",
                             runId, episode.key, episode.generation, episode.scenario, wall);
    if (!done) return done.error();
    return EpisodePlace{database.lastInsertId(), false};
}

Result<void> writeHazard(Database& database, std::int64_t runId, std::int64_t id, const events::EpisodeRecord& episode,
                         double wall)
{
    auto done = database.run("INSERT INTO hazard (run_id, generation, episode_id, scenario, severity, details) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                             runId, episode.generation, id, episode.scenario, *episode.severity, episode.hazardJson);
    if (!done || episode.safeBehaviour.empty()) return done;
    const std::int64_t hazard = database.lastInsertId();
    done = database.run("INSERT INTO source (run_id, name, kind) VALUES (?1, ?2, 'conformity') "
                        "ON CONFLICT (run_id, name) DO NOTHING",
                        runId, episode.safeBehaviourSource);
    if (!done) return done;
    return database.run("INSERT INTO safe_behaviour (hazard_id, behaviour, source_id, wall) "
                        "SELECT ?1, ?2, id, ?3 FROM source WHERE run_id = ?4 AND name = ?5",
                        hazard, episode.safeBehaviour, wall, runId, episode.safeBehaviourSource);
}

} // namespace

const char* const kOwnVerdict = "SELECT min(id) FROM verdict WHERE episode_id = e.id AND "
                                "substr(judge, 1, 7) <> 'person/' AND substr(judge, 1, 8) <> 'monitor/'";

Result<void> writeEpisode(Database& database, std::int64_t runId, const events::EpisodeRecord& episode, double wall)
{
    const auto place = rowOf(database, runId, episode, wall);
    if (!place) return place.error();
    for (std::size_t i = 0; i < episode.messages.size() && !place->hasMessages; ++i) {
        const events::EpisodeMessage& message = episode.messages[i];
        auto done = database.run("INSERT INTO message (episode_id, number, role, content, details, wall) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                 place->id, static_cast<std::int64_t>(i), message.role, message.content,
                                 message.detailsJson, wall);
        if (!done) return done;
    }
    if (!place->hasMessages)
        if (auto done = indexEpisode(database, place->id); !done) return done;
    auto done = database.run("INSERT INTO verdict (episode_id, judge, verdict, score, note, wall) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                             place->id, episode.judge, episode.verdict, episode.severity, episode.note, wall);
    for (const events::SecondVerdict& other : episode.others)
        if (done)
            done = database.run("INSERT INTO verdict (episode_id, judge, verdict, score, note, wall) "
                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                place->id, other.judge, other.verdict, other.score, other.note, wall);
    if (!done || !episode.severity) return done;
    return writeHazard(database, runId, place->id, episode, wall);
}

Result<std::vector<events::EpisodeRecord>> readEpisodes(Database& database, std::int64_t runId)
{
    return readEpisodesWhere(database, "e.run_id = ?1", runId);
}

Result<std::vector<events::EpisodeMessage>> readMessages(Database& database, std::int64_t episodeId, std::int64_t first,
                                                         std::int64_t count)
{
    auto query = database.prepare("SELECT role, content, details FROM message WHERE episode_id = ?1 AND number >= ?2 "
                                  "ORDER BY number LIMIT ?3");
    if (!query) return query.error();
    query->bind(episodeId, first, count);
    std::vector<events::EpisodeMessage> messages;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return messages;
        messages.push_back({.role = query->text(0), .content = query->text(1), .detailsJson = query->text(2)});
    }
}

namespace {

/// What other judges than the episode's own and people say, in their order.
Result<std::vector<events::SecondVerdict>> othersOf(Database& database, std::int64_t id)
{
    auto query =
        database.prepare(std::string("SELECT v.judge, v.verdict, v.score, v.note FROM episode e JOIN verdict v "
                                     "ON v.episode_id = e.id WHERE e.id = ?1 AND "
                                     "substr(v.judge, 1, 7) <> 'person/' AND v.id <> coalesce((") +
                         kOwnVerdict + "), -1) ORDER BY v.id");
    if (!query) return query.error();
    query->bind(id);
    std::vector<events::SecondVerdict> others;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return others;
        others.push_back({query->text(0), query->text(1), query->optionalReal(2), query->text(3)});
    }
}

} // namespace

Result<std::vector<events::EpisodeRecord>> readEpisodesWhere(Database& database, const char* condition, std::int64_t id,
                                                             std::int64_t mostMessages)
{
    auto query = database.prepare(
        std::string("SELECT e.id, e.generation, substr(e.uuid, length(r.uuid) + 2), e.scenario, coalesce(v.judge, ''), "
                    "coalesce(v.verdict, ''), coalesce(v.note, ''), h.severity, coalesce(h.details, ''), "
                    "coalesce(b.behaviour, ''), coalesce(s.name, '') "
                    "FROM episode e JOIN run r ON r.id = e.run_id "
                    "LEFT JOIN verdict v ON v.id = (") +
        kOwnVerdict +
        ") LEFT JOIN hazard h ON h.id = (SELECT min(id) FROM hazard WHERE episode_id = e.id) "
        "LEFT JOIN safe_behaviour b ON b.id = (SELECT min(id) FROM safe_behaviour WHERE hazard_id = h.id) "
        "LEFT JOIN source s ON s.id = b.source_id WHERE " +
        condition + " ORDER BY e.id");
    if (!query) return query.error();
    query->bind(id);
    std::vector<events::EpisodeRecord> episodes;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return episodes;
        auto messages = readMessages(database, query->integer(0), 0, mostMessages);
        if (!messages) return messages.error();
        auto others = othersOf(database, query->integer(0));
        if (!others) return others.error();
        episodes.push_back({.generation = static_cast<int>(query->integer(1)),
                            .key = query->text(2),
                            .scenario = query->text(3),
                            .messages = std::move(*messages),
                            .judge = query->text(4),
                            .verdict = query->text(5),
                            .note = query->text(6),
                            .severity = query->optionalReal(7),
                            .hazardJson = query->text(8),
                            .safeBehaviour = query->text(9),
                            .safeBehaviourSource = query->text(10),
                            .others = std::move(*others)});
    }
}

} // namespace gradus::store
