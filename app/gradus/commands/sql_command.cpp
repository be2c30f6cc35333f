// SPDX-License-Identifier: GPL-3.0-or-later
// gradus store sql and queries: one reading statement, with limits on time and rows, and those that have names.
#include "base/text.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "commands/number_options.h"
#include "store/query.h"
#include "store/saved_queries.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct SqlArguments
{
    std::string store;
    std::string sql;
    std::string saved; ///< name of a saved query, in place of a statement
    std::string name;  ///< queries: to save under, or to remove
    store::QueryLimits limits;
    bool json = false;
    bool csv = false;
};

json jsonOf(const store::SqlValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* real = std::get_if<double>(&value))
        return std::isfinite(*real) ? json(*real) : json(numberText(*real));
    if (std::holds_alternative<std::monostate>(value)) return nullptr;
    return store::textOf(value);
}

void printCsv(const store::QueryResult& result)
{
    std::string line;
    const auto end = [&line] {
        std::printf("%s\n", line.c_str());
        line.clear();
    };
    for (std::size_t i = 0; i < result.columns.size(); ++i)
        line += (i == 0 ? "" : ",") + csvField(result.columns[i]);
    end();
    for (const store::SqlRow& row : result.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const bool isText = std::holds_alternative<std::string>(row[i]);
            line += (i == 0 ? "" : ",") + (isText ? csvField(store::textOf(row[i])) : store::textOf(row[i]));
        }
        end();
    }
}

std::string cellText(const store::SqlValue& value)
{
    return std::holds_alternative<std::monostate>(value) ? "–" : visible(store::textOf(value), 60);
}

void printTable(const store::QueryResult& result)
{
    constexpr std::size_t kMeasured = 1000; // rows that decide how wide the columns are
    std::vector<std::size_t> widths;
    for (const std::string& name : result.columns)
        widths.push_back(characterCount(visible(name, 60)));
    for (std::size_t r = 0; r < std::min(kMeasured, result.rows.size()); ++r)
        for (std::size_t i = 0; i < widths.size(); ++i)
            widths[i] = std::max(widths[i], characterCount(cellText(result.rows[r][i])));
    const auto print = [&](std::size_t i, const std::string& text) {
        const std::size_t used = characterCount(text);
        const std::size_t space = i + 1 == widths.size() ? 0 : 2 + (used < widths[i] ? widths[i] - used : 0);
        std::printf("%s%*s", text.c_str(), static_cast<int>(space), "");
    };
    for (std::size_t i = 0; i < widths.size(); ++i)
        print(i, visible(result.columns[i], 60));
    std::printf("\n");
    for (const store::SqlRow& row : result.rows) {
        for (std::size_t i = 0; i < widths.size(); ++i)
            print(i, cellText(row[i]));
        std::printf("\n");
    }
}

Result<std::string> statementOf(const SqlArguments& arguments)
{
    if (!arguments.saved.empty()) return store::savedQuery(storePath(arguments.store), arguments.saved);
    if (arguments.sql.empty()) return badInput("There is no statement to run; write a SELECT, or give --saved NAME.");
    return arguments.sql;
}

int query(const SqlArguments& arguments, const StopFlag& stop)
{
    const auto statement = statementOf(arguments);
    if (!statement) return report(statement.error());
    const auto result = store::runQuery(storePath(arguments.store), *statement, arguments.limits, &stop);
    if (!result) return report(result.error());
    if (arguments.json) {
        json rows = json::array();
        for (const store::SqlRow& row : result->rows) {
            json values = json::array();
            for (const store::SqlValue& value : row)
                values.push_back(jsonOf(value));
            rows.push_back(std::move(values));
        }
        printJson({{"columns", result->columns},
                   {"rows", std::move(rows)},
                   {"cut", result->cut},
                   {"seconds", result->seconds},
                   {"rows_visited", result->visited}});
    } else if (arguments.csv) {
        printCsv(*result);
    } else {
        printTable(*result);
    }
    // On the other stream: what is printed stays what was asked for.
    if (result->cut)
        std::fprintf(stderr, "gradus: The result was cut after %zu rows; --limit allows more.\n", result->rows.size());
    return 0;
}

int listQueries(const SqlArguments& arguments)
{
    const auto queries = store::savedQueries(storePath(arguments.store));
    if (!queries) return report(queries.error());
    if (arguments.json) {
        json all = json::array();
        for (const store::SavedQuery& query : *queries)
            all.push_back({{"name", query.name}, {"sql", query.sql}});
        printJson(all);
        return 0;
    }
    if (queries->empty()) std::printf("No query is saved yet; `gradus store queries save NAME STATEMENT` does.\n");
    for (const store::SavedQuery& query : *queries)
        std::printf("%s\n    %s\n", visible(query.name, store::kLongestQueryName).c_str(),
                    visible(query.sql, 400).c_str());
    return 0;
}

int saveQuery(const SqlArguments& arguments)
{
    const auto saved = store::saveQuery(storePath(arguments.store), {arguments.name, arguments.sql});
    if (!saved) return report(saved.error());
    std::printf("Saved \"%s\".\n", visible(arguments.name).c_str());
    return 0;
}

int removeQuery(const SqlArguments& arguments)
{
    const auto removed = store::removeQuery(storePath(arguments.store), arguments.name);
    if (!removed) return report(removed.error());
    std::printf("Removed \"%s\".\n", visible(arguments.name).c_str());
    return 0;
}

void addQueries(CLI::App& store, Invocation& invocation)
{
    auto arguments = std::make_shared<SqlArguments>();
    CLI::App* verb = store.add_subcommand("queries", "Statements with names, kept beside the store.");
    verb->require_subcommand(1);
    CLI::App* list = verb->add_subcommand("list", "Print them.");
    list->add_flag("--json", arguments->json, "JSON instead of text");
    CLI::App* save = verb->add_subcommand("save", "Save a statement; one of the same name is replaced.");
    save->add_option("name", arguments->name, "One line")->required();
    save->add_option("statement", arguments->sql, "What `gradus store sql` runs")->required();
    CLI::App* removed = verb->add_subcommand("remove", "Forget one.");
    removed->add_option("name", arguments->name, "Its name")->required();
    for (CLI::App* action : {list, save, removed})
        action->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    list->callback([arguments, &invocation] { invocation.exitCode = listQueries(*arguments); });
    save->callback([arguments, &invocation] { invocation.exitCode = saveQuery(*arguments); });
    removed->callback([arguments, &invocation] { invocation.exitCode = removeQuery(*arguments); });
}

} // namespace

void addSql(CLI::App& store, Invocation& invocation)
{
    auto arguments = std::make_shared<SqlArguments>();
    CLI::App* verb = store.add_subcommand("sql", "Run one statement that only reads.");
    auto* statement = verb->add_option("statement", arguments->sql, "SELECT, VALUES, EXPLAIN or a reading PRAGMA");
    verb->add_option("--saved", arguments->saved, "Run the saved query of this name instead")->excludes(statement);
    verb->add_option("--limit", arguments->limits.rows, "Rows printed at most")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
        ->capture_default_str();
    verb->add_option("--seconds", arguments->limits.seconds, "Time limit")
        ->check(numberFrom(0.01, 86400))
        ->capture_default_str();
    auto* asJson = verb->add_flag("--json", arguments->json, "JSON instead of text");
    verb->add_flag("--csv", arguments->csv, "CSV instead of text")->excludes(asJson);
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = query(*arguments, invocation.stop); });
    addQueries(store, invocation);
}

} // namespace gradus::app
