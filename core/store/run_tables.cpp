// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_tables.h"

#include "store/database.h"

#include <algorithm>

namespace gradus::store {

namespace {

Result<std::vector<std::string>> tableNames(Database& database)
{
    auto query = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 "
                                  "AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    if (!query) return query.error();
    std::vector<std::string> names;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return names;
        names.push_back(query->text(0));
    }
}

Result<RunTable> shapeOf(Database& database, const std::string& name)
{
    RunTable table{.name = name};
    std::vector<std::string> obliged;
    auto columns = database.prepare("SELECT name, \"notnull\", pk, upper(type) FROM pragma_table_info(?1)");
    if (!columns) return columns.error();
    columns->bind(name);
    for (;;) {
        const auto row = columns->step();
        if (!row) return row.error();
        if (!*row) break;
        table.columns.push_back(columns->text(0));
        if (columns->integer(1) != 0 || columns->integer(2) != 0) obliged.push_back(table.columns.back());
        if (columns->text(0) == "id" && columns->integer(2) == 1 && columns->text(3) == "INTEGER") table.hasId = true;
    }
    auto keys = database.prepare("SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1) ORDER BY id DESC");
    if (!keys) return keys.error();
    keys->bind(name);
    for (;;) {
        const auto row = keys->step();
        if (!row) return row.error();
        if (!*row) return table;
        const std::string column = keys->text(0);
        const bool mayBeNull = std::find(obliged.begin(), obliged.end(), column) == obliged.end();
        table.references.push_back({column, keys->text(1), mayBeNull});
    }
}

const RunTable* find(const std::vector<RunTable>& tables, const std::string& name)
{
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const RunTable& t) { return t.name == name; });
    return found == tables.end() ? nullptr : &*found;
}

/// References by which a row belongs to a run: the one to the run itself where there is one, else all to rows that do.
std::vector<const Reference*> ownersOf(const RunTable& table, const std::vector<RunTable>& known)
{
    std::vector<const Reference*> owners;
    for (const Reference& reference : table.references) {
        if (reference.mayBeNull || find(known, reference.table) == nullptr) continue;
        if (reference.table == "run") return {&reference};
        owners.push_back(&reference);
    }
    return owners;
}

/// SQL: the rows that one of the references leads to the run.
std::string conditionOf(const std::vector<const Reference*>& owners, const std::vector<RunTable>& known)
{
    std::string any;
    for (const Reference* owner : owners) {
        any += (any.empty() ? "" : " OR ") + quotedName(owner->column);
        if (owner->table == "run")
            any += " = ?1";
        else
            any += " IN (SELECT id FROM " + quotedName(owner->table) + " WHERE " +
                   find(known, owner->table)->rowsOfRun + ")";
    }
    return any;
}

/// Whether all tables of runs that this one refers to are known already.
bool isReady(const RunTable& table, const std::vector<RunTable>& known, const std::vector<RunTable>& waiting)
{
    return std::none_of(table.references.begin(), table.references.end(), [&](const Reference& reference) {
        return reference.table != table.name && find(known, reference.table) == nullptr &&
               find(waiting, reference.table) != nullptr;
    });
}

} // namespace

std::string quotedName(const std::string& name)
{
    std::string quoted = "\"";
    for (const char c : name)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

Result<std::vector<RunTable>> runTables(Database& database)
{
    const auto names = tableNames(database);
    if (!names) return names.error();
    std::vector<RunTable> waiting;
    std::vector<RunTable> known;
    for (const std::string& name : *names) {
        auto table = shapeOf(database, name);
        if (!table) return table.error();
        if (name == "run") {
            table->rowsOfRun = "id = ?1";
            known.push_back(std::move(*table));
        } else {
            waiting.push_back(std::move(*table));
        }
    }
    for (bool found = true; found;) {
        found = false;
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            const auto owners = ownersOf(waiting[i], known);
            if (owners.empty() || !isReady(waiting[i], known, waiting)) continue;
            RunTable table = waiting[i];
            table.rowsOfRun = conditionOf(ownersOf(table, known), known);
            waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
            known.push_back(std::move(table));
            found = true;
            break;
        }
    }
    return known;
}

} // namespace gradus::store
