// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/episode_list.h"

#include "store/database.h"
#include "store/episode_rows.h"
#include "store/verdict_rows.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace gradus::store {

namespace {

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

bool isTwin(std::string_view words)
{
    return words.starts_with("honest") || words.starts_with("hazard") || words.starts_with("injected");
}

/// Of an episode's "ID / twin, cue" the id. What the task's own domain plays is named "family / variation" throughout.
std::string scenarioName(const std::string& scenario)
{
    const std::size_t slash = scenario.find(" / ");
    return slash != std::string::npos && isTwin(std::string_view(scenario).substr(slash + 3))
               ? scenario.substr(0, slash)
               : scenario;
}

/// Which scenarios were put to which aligned generation: what its audit's event says. Events of older runs name none.
Result<std::set<std::pair<int, std::string>>> readAudited(Database& database, std::int64_t runId)
{
    auto query =
        database.prepare("SELECT a.generation, s.value FROM event a, "
                         "json_each(CASE WHEN json_valid(a.details) THEN a.details ELSE '{}' END, '$.scenarios') s "
                         "WHERE a.run_id = ?1 AND a.kind = 'conformity.audit' "
                         "AND CASE WHEN json_valid(a.details) THEN json_extract(a.details, '$.when') END = "
                         "'after alignment'");
    if (!query) return query.error();
    query->bind(runId);
    std::set<std::pair<int, std::string>> audited;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return audited;
        audited.emplace(static_cast<int>(query->integer(0)), query->text(1));
    }
}

/// What people say of them; rows increase by id.
Result<void> addPeople(Database& database, std::int64_t runId, std::vector<EpisodeRow>& rows)
{
    const auto verdicts = readPersonVerdicts(database, runId);
    if (!verdicts) return verdicts.error();
    for (const VerdictRow& verdict : *verdicts) {
        const auto row = std::lower_bound(rows.begin(), rows.end(), verdict.episodeId,
                                          [](const EpisodeRow& a, std::int64_t id) { return a.id < id; });
        if (row != rows.end() && row->id == verdict.episodeId) row->people[verdict.person()] = verdict.verdict;
    }
    return {};
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
    // Messages are counted by their last number: no page of their texts is read, however many there are.
    auto query = database.prepare(
        std::string("SELECT e.id, e.generation, substr(e.uuid, length(r.uuid) + 2), e.scenario, coalesce(v.judge, ''), "
                    "coalesce(v.verdict, ''), h.severity, coalesce(b.behaviour, ''), "
                    "(SELECT coalesce(max(number), -1) + 1 FROM message m WHERE m.episode_id = e.id), "
                    "coalesce(g.aligned_hash, '') <> '' FROM episode e JOIN run r ON r.id = e.run_id "
                    "LEFT JOIN generation g ON g.run_id = e.run_id AND g.number = e.generation "
                    "LEFT JOIN verdict v ON v.id = (") +
        kOwnVerdict +
        ") LEFT JOIN hazard h ON h.id = (SELECT min(id) FROM hazard WHERE episode_id = e.id) "
        "LEFT JOIN safe_behaviour b ON b.id = (SELECT min(id) FROM safe_behaviour WHERE hazard_id = h.id) "
        "WHERE e.run_id = ?1 ORDER BY e.id");
    if (!query) return query.error();
    const auto audited = readAudited(database, runId);
    if (!audited) return audited.error();
    query->bind(runId);
    std::vector<EpisodeRow> rows;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        const bool isTaught = !query->text(7).empty() && query->integer(9) != 0;
        rows.push_back({.id = query->integer(0),
                        .runId = runId,
                        .generation = static_cast<int>(query->integer(1)),
                        .key = query->text(2),
                        .scenario = query->text(3),
                        .judge = query->text(4),
                        .verdict = query->text(5),
                        .severity = query->optionalReal(6),
                        .safeBehaviour = query->text(7),
                        .messages = static_cast<int>(query->integer(8)),
                        .isTaught = isTaught,
                        .isAudited = isTaught && audited->contains({static_cast<int>(query->integer(1)),
                                                                    scenarioName(query->text(3))})});
    }
    query->reset(); // an open cursor would keep a read transaction alive
    if (auto done = addPeople(database, runId, rows); !done) return done.error();
    return rows;
}

Result<events::EpisodeRecord> readEpisode(Database& database, std::int64_t episodeId, std::int64_t mostMessages)
{
    auto episodes = readEpisodesWhere(database, "e.id = ?1", episodeId, mostMessages);
    if (!episodes) return episodes.error();
    if (episodes->empty())
        return badInput("The store " + database.path().string() + " has no episode " + std::to_string(episodeId) +
                        "; read the list of its run again.");
    return std::move(episodes->front());
}

} // namespace gradus::store
