// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/saved_queries.h"

#include "base/files.h"
#include "base/text.h"
#include "spec/toml_tree.h"

#include <algorithm>

namespace gradus::store {

namespace {

constexpr std::size_t kLargestFile = std::size_t{8} << 20;

Error notRead(const std::filesystem::path& file, const std::string& what)
{
    return badInput(file.string() + ": " + what + " Mend the file or move it away.");
}

Result<SavedQuery> queryOf(const spec::Node& node, const std::filesystem::path& file)
{
    const spec::Member* name = node.find("name");
    const spec::Member* sql = node.find("sql");
    if (name == nullptr || sql == nullptr || name->value.kind != spec::NodeKind::Text ||
        sql->value.kind != spec::NodeKind::Text)
        return notRead(file, "every [[query]] needs a name and an sql, both texts.");
    return SavedQuery{name->value.text, sql->value.text};
}

Result<void> write(const std::filesystem::path& store, const std::vector<SavedQuery>& queries)
{
    std::string text = "# Statements of the Store page and of `gradus store sql --saved NAME`.\n";
    for (const SavedQuery& query : queries)
        text += "\n[[query]]\nname = " + spec::tomlString(query.name) + "\nsql = " + spec::tomlString(query.sql) + "\n";
    // What could not be read again would lock everybody out of all the others.
    if (text.size() > kLargestFile || !spec::parseToml(text))
        return badInput("The query cannot be kept: its text is not UTF-8, or all of them together are too long.");
    return writeFileAtomically(savedQueriesFile(store), text);
}

auto findQuery(std::vector<SavedQuery>& queries, const std::string& name)
{
    return std::find_if(queries.begin(), queries.end(), [&](const SavedQuery& query) { return query.name == name; });
}

Error noSuchQuery(const std::vector<SavedQuery>& queries, const std::string& name)
{
    std::string names;
    for (const SavedQuery& query : queries)
        names += (names.empty() ? "\"" : ", \"") + visible(query.name, kLongestQueryName) + "\"";
    return badInput("No query is saved as \"" + visible(name, kLongestQueryName) + "\"; " +
                    (names.empty() ? "there is none yet." : "there are " + names + "."));
}

} // namespace

std::filesystem::path savedQueriesFile(const std::filesystem::path& store)
{
    return store.string() + ".queries.toml";
}

Result<std::vector<SavedQuery>> savedQueries(const std::filesystem::path& store)
{
    const std::filesystem::path file = savedQueriesFile(store);
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return std::vector<SavedQuery>{};
    const auto text = readFile(file, kLargestFile);
    if (!text) return text.error();
    const auto root = spec::parseToml(*text);
    if (!root) return notRead(file, "line " + std::to_string(root.error().line) + ": " + root.error().message);
    std::vector<SavedQuery> queries;
    const spec::Member* list = root->find("query");
    if (list == nullptr) return queries;
    if (list->value.kind != spec::NodeKind::List) return notRead(file, "query must be a list of [[query]].");
    for (const spec::Node& item : list->value.items) {
        auto query = queryOf(item, file);
        if (!query) return query.error();
        if (findQuery(queries, query->name) == queries.end()) queries.push_back(std::move(*query));
    }
    return queries;
}

Result<void> saveQuery(const std::filesystem::path& store, const SavedQuery& query)
{
    const bool isLine = query.name.find_first_of("\n\r") == std::string::npos;
    if (query.name.empty() || query.name.size() > kLongestQueryName || !isLine)
        return badInput("A query's name is one line of 1 to " + std::to_string(kLongestQueryName) + " bytes.");
    if (query.sql.find_first_not_of(" \t\r\n;") == std::string::npos)
        return badInput("There is no statement to save; write a SELECT.");
    auto queries = savedQueries(store);
    if (!queries) return queries.error();
    if (const auto found = findQuery(*queries, query.name); found != queries->end())
        found->sql = query.sql;
    else
        queries->push_back(query);
    if (queries->size() > kMostSavedQueries)
        return badInput("There are " + std::to_string(kMostSavedQueries) + " saved queries; remove one first.");
    return write(store, *queries);
}

Result<void> removeQuery(const std::filesystem::path& store, const std::string& name)
{
    auto queries = savedQueries(store);
    if (!queries) return queries.error();
    const auto found = findQuery(*queries, name);
    if (found == queries->end()) return noSuchQuery(*queries, name);
    queries->erase(found);
    return write(store, *queries);
}

Result<std::string> savedQuery(const std::filesystem::path& store, const std::string& name)
{
    auto queries = savedQueries(store);
    if (!queries) return queries.error();
    const auto found = findQuery(*queries, name);
    if (found == queries->end()) return noSuchQuery(*queries, name);
    return found->sql;
}

} // namespace gradus::store
