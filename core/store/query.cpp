// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/query.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/connection.h"
#include "store/database.h"
#include "store/opening.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace gradus::store {

namespace {

/// No value is longer: a statement must not fill the memory with one randomblob().
constexpr int kLongestValue = 64 << 20;
constexpr int kStepsPerLook = 4000; ///< virtual machine steps between two looks at the clock: well below 1 ms

constexpr std::string_view kReadingPragmas[] = {"table_info",      "table_xinfo",   "table_list",   "index_list",
                                                "index_info",      "index_xinfo",   "page_count",   "foreign_key_list",
                                                "freelist_count",  "user_version",  "data_version", "page_size",
                                                "compile_options", "function_list", "pragma_list",  "collation_list"};

/// Functions that reach beyond the store.
constexpr std::string_view kOutsideFunctions[] = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"};

template <std::size_t N>
bool isOneOf(const std::string_view (&names)[N], const char* name)
{
    return name != nullptr && std::find(std::begin(names), std::end(names), std::string_view(name)) != std::end(names);
}

int mayDo(void* refused, int act, const char* first, const char* second, const char*, const char*)
{
    bool may = false;
    switch (act) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        may = true;
        break;
    case SQLITE_FUNCTION:
        may = !isOneOf(kOutsideFunctions, second);
        break;
    case SQLITE_PRAGMA: {
        // With an argument these three would set something.
        const std::string_view name = first == nullptr ? "" : first;
        const bool setter = name == "user_version" || name == "page_size" || name == "freelist_count";
        may = isOneOf(kReadingPragmas, first) && !(setter && second != nullptr);
        break;
    }
    default:
        break;
    }
    if (!may) *static_cast<bool*>(refused) = true;
    return may ? SQLITE_OK : SQLITE_DENY;
}

/// What the progress handler looks at.
struct Watch
{
    double deadline = 0;
    const StopFlag* stop = nullptr;
    bool late = false;
    bool stopped = false;
};

int mustEnd(void* data)
{
    auto* watch = static_cast<Watch*>(data);
    watch->stopped = watch->stop != nullptr && watch->stop->requested();
    watch->late = monotonicSeconds() > watch->deadline;
    return watch->stopped || watch->late ? 1 : 0;
}

/// "line 2, column 7: " of a byte offset; nothing where SQLite does not know.
std::string placeOf(std::string_view sql, int offset)
{
    if (offset < 0 || static_cast<std::size_t>(offset) > sql.size()) return {};
    const std::string_view before = sql.substr(0, static_cast<std::size_t>(offset));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(1 + characterCount(before.substr(begin))) +
           ": ";
}

SqlValue valueOf(sqlite3_stmt* statement, int column)
{
    const auto bytes = [&](const void* data) {
        return data == nullptr ? std::string{}
                               : std::string(static_cast<const char*>(data),
                                             static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_TEXT:
        return bytes(sqlite3_column_text(statement, column));
    case SQLITE_BLOB:
        return SqlBlob{bytes(sqlite3_column_blob(statement, column))};
    default:
        return std::monostate{};
    }
}

std::size_t bytesOf(const SqlValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value)) return text->size();
    if (const auto* blob = std::get_if<SqlBlob>(&value)) return blob->bytes.size();
    return 0;
}

bool isBlank(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == ';'; });
}

/// A connection of its own that was told to read and nothing else.
class Console
{
public:
    Console(sqlite3* handle, const QueryLimits& limits, const StopFlag* stop) : m_handle(handle), m_limits(limits)
    {
        m_watch.deadline = monotonicSeconds() + limits.seconds;
        m_watch.stop = stop;
        sqlite3_exec(handle, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;", nullptr, nullptr, nullptr);
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kLongestValue);
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
        sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
        sqlite3_set_authorizer(handle, mayDo, &m_refused);
        sqlite3_progress_handler(handle, kStepsPerLook, mustEnd, &m_watch);
    }

    Result<QueryResult> run(std::string_view sql)
    {
        const double begun = monotonicSeconds();
        sqlite3_stmt* raw = nullptr;
        const char* tail = nullptr;
        const int code = sqlite3_prepare_v2(m_handle, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
        if (code != SQLITE_OK) return error(sql, code);
        if (statement == nullptr) return badInput("There is no statement to run; write a SELECT.");
        const std::size_t used = static_cast<std::size_t>(tail - sql.data());
        if (used < sql.size() && !isBlank(sql.substr(used)))
            return badInput("Only one statement runs at a time; end the text after the first semicolon.");
        if (sqlite3_stmt_readonly(raw) == 0) return onlyReads();
        if (sqlite3_bind_parameter_count(raw) > 0)
            return badInput("The statement has parameters (?), which nothing fills in; write the values themselves.");
        QueryResult result;
        for (int i = 0; i < sqlite3_column_count(raw); ++i)
            result.columns.emplace_back(sqlite3_column_name(raw, i) == nullptr ? "" : sqlite3_column_name(raw, i));
        if (auto done = fetch(raw, result); !done) return done.error();
        result.seconds = monotonicSeconds() - begun;
        result.visited = sqlite3_stmt_status(raw, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
        result.sorts = sqlite3_stmt_status(raw, SQLITE_STMTSTATUS_SORT, 0);
        return result;
    }

private:
    Result<void> fetch(sqlite3_stmt* statement, QueryResult& result)
    {
        std::size_t bytes = 0;
        for (;;) {
            const int code = sqlite3_step(statement);
            if (code == SQLITE_DONE) return {};
            if (code != SQLITE_ROW) return ended(statement, code);
            if (static_cast<std::int64_t>(result.rows.size()) >= m_limits.rows || bytes >= m_limits.bytes) {
                result.cut = true;
                return {};
            }
            SqlRow row;
            row.reserve(result.columns.size());
            for (std::size_t i = 0; i < result.columns.size(); ++i) {
                row.push_back(valueOf(statement, static_cast<int>(i)));
                bytes += bytesOf(row.back()) + sizeof(SqlValue);
            }
            result.rows.push_back(std::move(row));
        }
    }

    Error ended(sqlite3_stmt* statement, int code) const
    {
        if (m_watch.stopped) return {.message = "The statement was stopped.", .kind = ErrorKind::Stopped};
        if (m_watch.late)
            return failed("Stopped after " + numberText(m_limits.seconds) + " s; " +
                          std::to_string(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0)) +
                          " rows visited. Add a LIMIT or raise the time limit.");
        return error({}, code);
    }

    static Error onlyReads()
    {
        return badInput("This console only reads; write a SELECT, or use the command for what is to be changed.");
    }

    Error error(std::string_view sql, int code) const
    {
        if (m_refused) return onlyReads();
        if (m_watch.stopped || m_watch.late) return ended(nullptr, code);
        if (code == SQLITE_TOOBIG)
            return badInput("The statement or a value in it is too long (64 MB is the limit for a value).");
        return badInput("The statement does not run: " + placeOf(sql, sqlite3_error_offset(m_handle)) +
                        visible(sqlite3_errmsg(m_handle), 300) + ".");
    }

    sqlite3* m_handle;
    QueryLimits m_limits;
    Watch m_watch;
    bool m_refused = false;
};

/// Where the string, name or comment that begins here ends; the next byte where none begins.
std::size_t tokenEnd(std::string_view sql, std::size_t at)
{
    const auto after = [&](std::string_view end, std::size_t from) {
        const std::size_t found = sql.find(end, from);
        return found == std::string_view::npos ? sql.size() : found + end.size();
    };
    if (sql.substr(at, 2) == "--") return after("\n", at);
    if (sql.substr(at, 2) == "/*") return after("*/", at + 2);
    switch (sql[at]) {
    case '\'':
    case '"':
    case '`': // a doubled quote is an end and a beginning: the same for this purpose
        return after(sql.substr(at, 1), at + 1);
    case '[':
        return after("]", at + 1);
    default:
        return at + 1;
    }
}

} // namespace

std::string textOf(const SqlValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return numberText(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* blob = std::get_if<SqlBlob>(&value)) {
        constexpr char kDigits[] = "0123456789abcdef";
        std::string hex = "X'";
        for (const char c : blob->bytes) {
            hex += kDigits[static_cast<unsigned char>(c) >> 4];
            hex += kDigits[static_cast<unsigned char>(c) & 15];
        }
        return hex + "'";
    }
    return {};
}

Result<QueryResult> runQuery(const std::filesystem::path& store, std::string_view sql, const QueryLimits& limits,
                             const StopFlag* stop)
{
    auto database = openForReading(store);
    if (!database) return database.error();
    return Console(database->connection().handle, limits, stop).run(sql);
}

StatementSpan statementAt(std::string_view sql, std::size_t offset)
{
    std::size_t first = 0;
    std::size_t end = sql.size();
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t next = tokenEnd(sql, at);
        if (sql[at] == ';') {
            // At the very end of the text the cursor still means the statement that was just closed.
            if (offset <= at || isBlank(sql.substr(next))) {
                end = at;
                break;
            }
            first = next;
        }
        at = next;
    }
    while (first < end && static_cast<unsigned char>(sql[first]) <= ' ')
        ++first;
    while (end > first && static_cast<unsigned char>(sql[end - 1]) <= ' ')
        --end;
    return {first, end - first};
}

} // namespace gradus::store
