// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/verdict_rows.h"

#include "store/database.h"

namespace gradus::store {

namespace {

std::string judgeOf(const std::string& person)
{
    return std::string(kPersonPrefix) + person;
}

Result<std::vector<VerdictRow>> verdictsFrom(Statement query)
{
    std::vector<VerdictRow> rows;
    for (;;) {
        const auto row = query.step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({.episodeId = query.integer(0),
                        .judge = query.text(1),
                        .verdict = query.text(2),
                        .score = query.optionalReal(3),
                        .severity = query.optionalReal(4),
                        .note = query.text(5),
                        .safeBehaviour = query.text(6),
                        .wall = query.real(7),
                        .changedAt = query.real(8)});
    }
}

constexpr const char* kColumns = "SELECT v.episode_id, v.judge, v.verdict, v.score, v.severity, v.note, "
                                 "v.safe_behaviour, v.wall, coalesce(v.changed_at, v.wall) FROM verdict v ";

Result<std::optional<Judgement>> readJudgement(Database& database, std::int64_t episodeId, const std::string& judge)
{
    auto query = database.prepare("SELECT verdict, severity, note, safe_behaviour FROM verdict "
                                  "WHERE episode_id = ?1 AND judge = ?2");
    if (!query) return query.error();
    const auto row = query->bind(episodeId, judge).step();
    if (!row) return row.error();
    if (!*row) return std::optional<Judgement>();
    return std::optional<Judgement>({.verdict = query->text(0),
                                     .severity = query->optionalReal(1),
                                     .note = query->text(2),
                                     .safeBehaviour = query->text(3)});
}

} // namespace

Result<std::vector<VerdictRow>> readVerdicts(Database& database, std::int64_t episodeId)
{
    auto query = database.prepare(std::string(kColumns) +
                                  "WHERE v.episode_id = ?1 ORDER BY substr(v.judge, 1, 7) = 'person/' OR "
                                  "substr(v.judge, 1, 8) = 'monitor/', v.id");
    if (!query) return query.error();
    query->bind(episodeId);
    return verdictsFrom(std::move(*query));
}

Result<std::vector<VerdictRow>> readPersonVerdicts(Database& database, std::int64_t runId)
{
    // From the verdicts, of which an index over (episode, judge) tells those of people without reading the others.
    auto query = database.prepare(std::string(kColumns) +
                                  "JOIN episode e ON e.id = v.episode_id WHERE e.run_id = ?1 AND v.judge >= 'person/' "
                                  "AND v.judge < 'person0' ORDER BY v.episode_id, v.judge");
    if (!query) return query.error();
    query->bind(runId);
    return verdictsFrom(std::move(*query));
}

Result<std::vector<VerdictChange>> readVerdictChanges(Database& database, std::int64_t episodeId)
{
    auto query = database.prepare("SELECT judge, verdict, severity, note, safe_behaviour, wall FROM verdict_change "
                                  "WHERE episode_id = ?1 ORDER BY id");
    if (!query) return query.error();
    query->bind(episodeId);
    std::vector<VerdictChange> changes;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return changes;
        changes.push_back({.person = VerdictRow{.judge = query->text(0)}.person(),
                           .said = {.verdict = query->text(1),
                                    .severity = query->optionalReal(2),
                                    .note = query->text(3),
                                    .safeBehaviour = query->text(4)},
                           .wall = query->real(5)});
    }
}

Result<std::vector<PreferenceRow>> readPreferences(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT p.first_id, p.second_id, p.swapped, p.judge, p.choice, p.wall "
                                  "FROM preference p JOIN episode e ON e.id = p.first_id WHERE e.run_id = ?1 "
                                  "ORDER BY p.first_id, p.second_id, p.judge, p.swapped");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<PreferenceRow> rows;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({.first = query->integer(0),
                        .second = query->integer(1),
                        .swapped = query->integer(2) != 0,
                        .person = VerdictRow{.judge = query->text(3)}.person(),
                        .choice = query->text(4),
                        .wall = query->real(5)});
    }
}

Result<std::optional<Judgement>> writeJudgement(Database& database, std::int64_t episodeId, const std::string& person,
                                                const std::optional<Judgement>& judgement, double wall)
{
    const std::string judge = judgeOf(person);
    auto before = readJudgement(database, episodeId, judge);
    if (!before || *before == judgement) return before; // said again: nothing changes
    const Judgement said = judgement.value_or(Judgement{});
    auto done = judgement
                    ? database.run("INSERT INTO verdict (episode_id, judge, verdict, severity, note, safe_behaviour, "
                                   "wall, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) "
                                   "ON CONFLICT (episode_id, judge) DO UPDATE SET verdict = excluded.verdict, "
                                   "severity = excluded.severity, note = excluded.note, "
                                   "safe_behaviour = excluded.safe_behaviour, changed_at = excluded.changed_at",
                                   episodeId, judge, said.verdict, said.severity, said.note, said.safeBehaviour, wall)
                    : database.run("DELETE FROM verdict WHERE episode_id = ?1 AND judge = ?2", episodeId, judge);
    if (!done) return done.error();
    done = database.run("INSERT INTO verdict_change (episode_id, judge, verdict, severity, note, safe_behaviour, wall) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        episodeId, judge, said.verdict, said.severity, said.note, said.safeBehaviour, wall);
    if (!done) return done.error();
    return before;
}

Result<std::string> writePreference(Database& database, const PreferenceRow& preference)
{
    const std::string judge = judgeOf(preference.person);
    std::string before;
    {
        auto query = database.prepare("SELECT choice FROM preference WHERE first_id = ?1 AND second_id = ?2 AND "
                                      "judge = ?3 AND swapped = ?4");
        if (!query) return query.error();
        const auto row = query->bind(preference.first, preference.second, judge, preference.swapped ? 1 : 0).step();
        if (!row) return row.error();
        if (*row) before = query->text(0);
    }
    auto done = preference.choice.empty()
                    ? database.run("DELETE FROM preference WHERE first_id = ?1 AND second_id = ?2 AND judge = ?3 AND "
                                   "swapped = ?4",
                                   preference.first, preference.second, judge, preference.swapped ? 1 : 0)
                    : database.run("INSERT INTO preference (first_id, second_id, judge, swapped, choice, wall) VALUES "
                                   "(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (first_id, second_id, judge, swapped) "
                                   "DO UPDATE SET choice = excluded.choice, wall = excluded.wall",
                                   preference.first, preference.second, judge, preference.swapped ? 1 : 0,
                                   preference.choice, preference.wall);
    if (!done) return done.error();
    return before;
}

} // namespace gradus::store
