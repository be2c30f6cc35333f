// SPDX-License-Identifier: GPL-3.0-or-later
// Statements that were given a name, in a text file beside the store: gradus.db.queries.toml.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::store {

inline constexpr std::size_t kLongestQueryName = 80; ///< bytes
inline constexpr std::size_t kMostSavedQueries = 500;

struct SavedQuery
{
    std::string name; ///< one line; unique
    std::string sql;

    friend bool operator==(const SavedQuery&, const SavedQuery&) = default;
};

std::filesystem::path savedQueriesFile(const std::filesystem::path& store);
/// In the order in which they were first saved; none without a file. Bad input: a file that does not read.
Result<std::vector<SavedQuery>> savedQueries(const std::filesystem::path& store);
/// Replaces the query of that name. The statement is not looked at: whatever is in it can only read once it is run.
/// Bad input: a name that is empty, too long or no single line; an empty statement; too many queries.
Result<void> saveQuery(const std::filesystem::path& store, const SavedQuery& query);
/// Bad input where there is none of that name; the error names those there are.
Result<void> removeQuery(const std::filesystem::path& store, const std::string& name);
/// The statement of that name, or bad input as above.
Result<std::string> savedQuery(const std::filesystem::path& store, const std::string& name);

} // namespace gradus::store
