// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/vote_rows.h"

#include "store/database.h"

#include <bit>
#include <cstring>
#include <optional>
#include <string>

namespace gradus::store {

namespace {

static_assert(std::endian::native == std::endian::little, "probabilities are stored as little-endian binary32");

Result<std::int64_t> sourceIdOf(Database& database, std::int64_t runId, const events::VoteRecord& votes)
{
    // details: {"background": ...} of a person, or nothing.
    auto done =
        database.run("INSERT INTO source (run_id, name, kind, details) "
                     "VALUES (?1, ?2, ?3, CASE WHEN ?4 = '' THEN '' ELSE json_object('background', ?4) END) "
                     "ON CONFLICT (run_id, name) DO UPDATE SET kind = excluded.kind, details = excluded.details",
                     runId, votes.source, votes.kind, votes.background);
    if (!done) return done.error();
    auto query = database.prepare("SELECT id FROM source WHERE run_id = ?1 AND name = ?2");
    if (!query) return query.error();
    const auto row = query->bind(runId, votes.source).step();
    if (!row) return row.error();
    return query->integer(0);
}

/// Appends the row that the query stands on.
Result<void> append(const Database& database, const Statement& query, events::VoteRecord& votes)
{
    const std::string bytes = query.bytes(4);
    const std::size_t width = bytes.size() / sizeof(float);
    const bool first = votes.items.empty();
    if (bytes.size() % sizeof(float) != 0 || (!first && votes.probabilities.size() != votes.items.size() * width))
        return badInput("The store " + database.path().string() +
                        " holds votes of different width from one source; run `gradus store check` on it.");
    votes.items.push_back(query.integer(2));
    votes.labels.push_back(query.isNull(3) ? -1 : static_cast<int>(query.integer(3)));
    votes.probabilities.resize(votes.items.size() * width);
    if (width > 0)
        std::memcpy(votes.probabilities.data() + votes.probabilities.size() - width, bytes.data(), bytes.size());
    return {};
}

} // namespace

Result<void> writeVotes(Database& database, std::int64_t runId, const events::VoteRecord& votes)
{
    const auto id = sourceIdOf(database, runId, votes);
    if (!id) return id.error();
    auto cleared = database.run("DELETE FROM label WHERE run_id = ?1 AND generation = ?2 AND source_id = ?3", runId,
                                votes.generation, *id);
    if (!cleared) return cleared;
    auto insert = database.prepare("INSERT OR REPLACE INTO label (run_id, generation, item, source_id, class, "
                                   "probabilities) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    if (!insert) return insert.error();
    const std::size_t width = votes.items.empty() ? 0 : votes.probabilities.size() / votes.items.size();
    for (std::size_t i = 0; i < votes.items.size(); ++i) {
        const std::optional<std::int64_t> label =
            votes.labels[i] < 0 ? std::nullopt : std::optional<std::int64_t>(votes.labels[i]);
        const Blob row{{reinterpret_cast<const char*>(votes.probabilities.data() + i * width), width * sizeof(float)}};
        auto done = insert->bind(runId, votes.generation, votes.items[i], *id, label, row).run();
        if (!done) return done;
    }
    return {};
}

Result<std::vector<events::VoteRecord>> readVotes(Database& database, std::int64_t runId, int generation)
{
    auto query = database.prepare("SELECT s.name, s.kind, l.item, l.class, l.probabilities, "
                                  "CASE WHEN json_valid(s.details) THEN json_extract(s.details, '$.background') END "
                                  "FROM label l "
                                  "JOIN source s ON s.id = l.source_id WHERE l.run_id = ?1 AND l.generation = ?2 "
                                  "ORDER BY s.id, l.item");
    if (!query) return query.error();
    query->bind(runId, generation);
    std::vector<events::VoteRecord> all;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return all;
        if (const std::string name = query->text(0); all.empty() || all.back().source != name)
            all.push_back({.generation = generation,
                           .source = name,
                           .kind = query->text(1),
                           .items = {},
                           .labels = {},
                           .probabilities = {},
                           .background = query->isNull(5) ? std::string() : query->text(5)});
        if (auto done = append(database, *query, all.back()); !done) return done.error();
    }
}

Result<std::vector<VoteCount>> countVotes(Database& database, std::int64_t runId)
{
    // Counted before the names are looked up: one join a source instead of one a vote.
    auto query = database.prepare("SELECT v.generation, s.name, v.said FROM (SELECT generation, source_id, "
                                  "count(class) AS said FROM label WHERE run_id = ?1 GROUP BY generation, source_id) v "
                                  "JOIN source s ON s.id = v.source_id ORDER BY v.generation, s.id");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<VoteCount> counts;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return counts;
        counts.push_back({static_cast<int>(query->integer(0)), query->text(1), query->integer(2)});
    }
}

} // namespace gradus::store
