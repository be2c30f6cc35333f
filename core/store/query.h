// SPDX-License-Identifier: GPL-3.0-or-later
// A statement that a user wrote, run on a store where it can only read, with limits on time and size.
#pragma once

#include "base/result.h"
#include "base/stop.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gradus::store {

/// A value of a result as SQLite typed it.
struct SqlBlob
{
    std::string bytes;
    friend bool operator==(const SqlBlob&, const SqlBlob&) = default;
};
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob>;
using SqlRow = std::vector<SqlValue>;

/// A number as it reads back, text as it is, a blob as X'00ff', NULL as nothing.
std::string textOf(const SqlValue& value);

struct QueryLimits
{
    double seconds = 10;
    std::int64_t rows = 100'000;                ///< rows kept; the result says when there were more
    std::size_t bytes = std::size_t{256} << 20; ///< of text and blobs kept, likewise
};

struct QueryResult
{
    std::vector<std::string> columns;
    std::vector<SqlRow> rows;
    bool cut = false; ///< there were more rows than the limits keep
    double seconds = 0;
    std::int64_t visited = 0; ///< rows stepped over in full scans
    int sorts = 0;            ///< sorts that no index saved
};

/// Runs one SELECT, VALUES, EXPLAIN or reading PRAGMA. Nothing is written: the connection is read-only, query_only is
/// on and an authorizer refuses every act but reading, ATTACH included. Long work ends at the time limit or when stop
/// is requested. sql is untrusted; the error says line and column (of `sql`) where SQLite knows them. Any thread;
/// blocks.
Result<QueryResult> runQuery(const std::filesystem::path& store, std::string_view sql, const QueryLimits& limits = {},
                             const StopFlag* stop = nullptr);

/// The statement in which the byte offset lies, of several separated by semicolons: first byte and length, without
/// blank space around. Semicolons in strings, names and comments separate nothing.
struct StatementSpan
{
    std::size_t first = 0;
    std::size_t length = 0;
};
StatementSpan statementAt(std::string_view sql, std::size_t offset);

} // namespace gradus::store
