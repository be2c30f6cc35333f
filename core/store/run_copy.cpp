// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_copy.h"

#include "base/ids.h"
#include "store/database.h"
#include "store/pyramid.h"
#include "store/text_search.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace gradus::store {

namespace {

using IdMap = std::unordered_map<std::int64_t, std::int64_t>;

std::string joined(const std::vector<std::string>& columns)
{
    std::string list;
    for (const std::string& column : columns)
        list += (list.empty() ? "" : ", ") + quotedName(column);
    return list;
}

std::string placeholders(std::size_t count)
{
    std::string list;
    for (std::size_t i = 1; i <= count; ++i)
        list += (i == 1 ? "?" : ", ?") + std::to_string(i);
    return list;
}

/// Copies the rows of one run, table by table.
class Copy
{
public:
    /// uuid: of the run as which it is written; empty: as what it was
    Copy(Database& from, Database& to, std::string uuid) : m_from(from), m_to(to), m_uuid(std::move(uuid)) {}

    Result<void> table(const RunTable& table, std::int64_t runId)
    {
        std::vector<std::string> columns = table.columns;
        if (table.hasId) { // first, so that it can be left out of the insert
            columns.erase(std::find(columns.begin(), columns.end(), "id"));
            columns.insert(columns.begin(), "id");
        }
        const std::string order = table.hasId ? " ORDER BY id" : "";
        auto read = m_from.prepare("SELECT " + joined(columns) + " FROM " + quotedName(table.name) + " WHERE " +
                                   table.rowsOfRun + order);
        if (!read) return read.error();
        read->bind(runId);
        const int skipped = table.hasId ? 1 : 0;
        const std::vector<std::string> written(columns.begin() + skipped, columns.end());
        auto write = m_to.prepare("INSERT INTO " + quotedName(table.name) + " (" + joined(written) + ") VALUES (" +
                                  placeholders(written.size()) + ")");
        if (!write) return write.error();
        const std::vector<const Reference*> references = referencesOf(table, written);
        for (;;) {
            const auto row = read->step();
            if (!row) return row.error();
            if (!*row) return {};
            write->bind();
            bool whole = true;
            for (std::size_t i = 0; i < written.size() && whole; ++i) {
                const int column = static_cast<int>(i) + skipped;
                const auto bound = isName(written[i])
                                       ? bindName(*write, static_cast<int>(i) + 1, table.name, read->text(column))
                                       : bind(*write, static_cast<int>(i) + 1, *read, column, references[i]);
                if (!bound) return bound.error();
                whole = *bound;
            }
            if (!whole) continue; // half of it belongs to another run
            if (auto done = write->run(); !done) return done;
            if (table.hasId) m_ids[table.name][read->integer(0)] = m_to.lastInsertId();
        }
    }

    const IdMap& idsOf(const std::string& table) { return m_ids[table]; }

private:
    /// A column that must differ between a run and its copy.
    bool isName(const std::string& column) const { return !m_uuid.empty() && column == "uuid"; }
    /// An episode's name is its run's, a slash and its key, which stays.
    Result<bool> bindName(Statement& write, int parameter, const std::string& table, const std::string& name)
    {
        if (table == "run") m_former = name;
        const bool below = name.starts_with(m_former);
        const std::string made = below ? m_uuid + name.substr(m_former.size()) : newUuid();
        write.bindAt(parameter, std::string_view(made));
        return true;
    }

    static std::vector<const Reference*> referencesOf(const RunTable& table, const std::vector<std::string>& columns)
    {
        std::vector<const Reference*> references;
        for (const std::string& column : columns) {
            const auto found = std::find_if(table.references.begin(), table.references.end(),
                                            [&](const Reference& r) { return r.column == column; });
            references.push_back(found == table.references.end() ? nullptr : &*found);
        }
        return references;
    }

    /// False: the column must refer to a row that does not move with this run.
    Result<bool> bind(Statement& write, int parameter, const Statement& read, int column, const Reference* reference)
    {
        if (reference == nullptr || read.isNull(column)) {
            write.copyColumn(parameter, read, column);
            return true;
        }
        const auto id = mapped(*reference, read.integer(column));
        if (!id) return id.error();
        write.bindAt(parameter, *id);
        return id->has_value() || reference->mayBeNull;
    }

    Result<std::optional<std::int64_t>> mapped(const Reference& reference, std::int64_t id)
    {
        const IdMap& ids = m_ids[reference.table];
        if (const auto found = ids.find(id); found != ids.end()) return std::optional<std::int64_t>(found->second);
        if (reference.table == "experiment") return experiment(id);
        if (reference.table == "run") return otherRun(id);
        return std::optional<std::int64_t>{};
    }

    /// The same text is the same experiment.
    Result<std::optional<std::int64_t>> experiment(std::int64_t id)
    {
        auto read = m_from.prepare("SELECT hash, name, procedure, task, canonical, source, created_at FROM experiment "
                                   "WHERE id = ?1");
        if (!read) return read.error();
        const auto row = read->bind(id).step();
        if (!row) return row.error();
        if (!*row) return badInput("The store " + m_from.path().string() + " is damaged (a run has no experiment).");
        auto known = m_to.prepare("SELECT id FROM experiment WHERE hash = ?1 AND source = ?2 AND canonical = ?3");
        if (!known) return known.error();
        const auto there = known->bind(read->text(0), read->text(5), read->text(4)).step();
        if (!there) return there.error();
        if (*there) return std::optional<std::int64_t>(known->integer(0));
        auto write = m_to.prepare("INSERT INTO experiment (hash, name, procedure, task, canonical, source, created_at) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        if (!write) return write.error();
        write->bind();
        for (int i = 0; i < 7; ++i)
            write->copyColumn(i + 1, *read, i);
        if (auto done = write->run(); !done) return done.error();
        return std::optional<std::int64_t>(m_to.lastInsertId());
    }

    Result<std::optional<std::int64_t>> otherRun(std::int64_t id)
    {
        auto read = m_from.prepare("SELECT uuid FROM run WHERE id = ?1");
        if (!read) return read.error();
        const auto row = read->bind(id).step();
        if (!row) return row.error();
        if (!*row) return std::optional<std::int64_t>{};
        return findUuid(m_to, read->text(0));
    }

    Database& m_from;
    Database& m_to;
    const std::string m_uuid;
    std::string m_former; ///< UUID of the run that is copied, where it is written under another one
    std::map<std::string, IdMap> m_ids;
};

Result<std::int64_t> experimentOf(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT experiment_id FROM run WHERE id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    return *row ? query->integer(0) : 0;
}

} // namespace

Result<std::optional<std::int64_t>> findUuid(Database& database, const std::string& uuid)
{
    auto query = database.prepare("SELECT id FROM run WHERE uuid = ?1");
    if (!query) return query.error();
    const auto row = query->bind(uuid).step();
    if (!row) return row.error();
    return *row ? std::optional<std::int64_t>(query->integer(0)) : std::nullopt;
}

Result<std::int64_t> copyRun(Database& from, std::int64_t runId, Database& to, const std::vector<RunTable>& tables,
                             const std::string& uuid)
{
    Copy copy(from, to, uuid);
    for (const RunTable& table : tables) {
        if (table.isDerived() || table.isQueue()) continue;
        if (auto done = copy.table(table, runId); !done) return done.error();
    }
    for (const auto& [old, series] : copy.idsOf("series"))
        if (auto done = rebuildPyramid(to, series); !done) return done.error();
    const IdMap& runs = copy.idsOf("run");
    if (runs.empty()) return badInput("There is no run " + std::to_string(runId) + " in " + from.path().string() + ".");
    if (auto done = indexRun(to, runs.begin()->second); !done) return done.error();
    return runs.begin()->second;
}

Result<void> deleteRun(Database& database, std::int64_t runId, const std::vector<RunTable>& tables)
{
    const auto experiment = experimentOf(database, runId);
    if (!experiment) return experiment.error();
    for (const RunTable& table : tables)
        for (const Reference& reference : table.references)
            if (reference.table == "run" && reference.mayBeNull) {
                const std::string column = quotedName(reference.column);
                auto done = database.run(
                    "UPDATE " + quotedName(table.name) + " SET " + column + " = NULL WHERE " + column + " = ?1", runId);
                if (!done) return done;
            }
    if (auto done = forgetRun(database, runId); !done) return done;
    for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
        auto done = database.run("DELETE FROM " + quotedName(table->name) + " WHERE " + table->rowsOfRun, runId);
        if (!done) return done;
    }
    return database.run("DELETE FROM experiment WHERE id = ?1 AND NOT EXISTS "
                        "(SELECT 1 FROM run WHERE experiment_id = ?1)",
                        *experiment);
}

} // namespace gradus::store
