// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/statement.h"

#include "store/connection.h"

#include <sqlite3.h>

#include <utility>

namespace gradus::store {

Statement::Statement(Connection& connection, sqlite3_stmt* handle, std::string key)
    : m_connection(&connection), m_handle(handle), m_key(std::move(key))
{
}

Statement::~Statement()
{
    if (m_handle == nullptr) return;
    sqlite3_reset(m_handle);
    sqlite3_clear_bindings(m_handle);
    const auto [place, isNew] = m_connection->idleStatements.emplace(std::move(m_key), m_handle);
    if (!isNew) sqlite3_finalize(m_handle); // the same text was in use twice at once
}

Statement::Statement(Statement&& other) noexcept
    : m_connection(other.m_connection), m_handle(std::exchange(other.m_handle, nullptr)), m_key(std::move(other.m_key)),
      m_bindError(other.m_bindError)
{
}

Result<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK) return m_connection->error(m_bindError);
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    Error error = m_connection->error(sqlite3_extended_errcode(m_connection->handle));
    sqlite3_reset(m_handle);
    return error;
}

Result<void> Statement::run()
{
    for (;;) {
        const auto row = step();
        if (!row) return row.error();
        if (!*row) break;
    }
    // An open cursor would keep a read transaction, and so the WAL, alive.
    sqlite3_reset(m_handle);
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_handle);
    m_bindError = SQLITE_OK;
}

int Statement::columnCount() const
{
    return sqlite3_column_count(m_handle);
}

void Statement::copyColumn(int parameter, const Statement& from, int column)
{
    const int code = sqlite3_bind_value(m_handle, parameter, sqlite3_column_value(from.m_handle, column));
    if (code != SQLITE_OK) m_bindError = code;
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

double Statement::real(int column, double ifNull) const
{
    return isNull(column) ? ifNull : sqlite3_column_double(m_handle, column);
}

std::string Statement::text(int column) const
{
    const unsigned char* bytes = sqlite3_column_text(m_handle, column);
    if (bytes == nullptr) return {};
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column))};
}

std::string Statement::bytes(int column) const
{
    const void* data = sqlite3_column_blob(m_handle, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column))};
}

std::optional<double> Statement::optionalReal(int column) const
{
    if (isNull(column)) return std::nullopt;
    return sqlite3_column_double(m_handle, column);
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const
{
    if (isNull(column)) return std::nullopt;
    return sqlite3_column_int64(m_handle, column);
}

void Statement::bindOne(int index, std::int64_t value)
{
    if (const int code = sqlite3_bind_int64(m_handle, index, value); code != SQLITE_OK) m_bindError = code;
}

void Statement::bindOne(int index, double value)
{
    if (const int code = sqlite3_bind_double(m_handle, index, value); code != SQLITE_OK) m_bindError = code;
}

void Statement::bindOne(int index, std::string_view value)
{
    // A null pointer would bind NULL; an empty text is a text.
    const char* bytes = value.data() == nullptr ? "" : value.data();
    const int code = sqlite3_bind_text64(m_handle, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) m_bindError = code;
}

void Statement::bindOne(int index, Blob value)
{
    if (value.bytes.empty()) return bindNull(index);
    const int code = sqlite3_bind_blob64(m_handle, index, value.bytes.data(), value.bytes.size(), SQLITE_TRANSIENT);
    if (code != SQLITE_OK) m_bindError = code;
}

void Statement::bindOne(int index, const std::optional<double>& value)
{
    if (value)
        bindOne(index, *value);
    else
        bindNull(index);
}

void Statement::bindOne(int index, const std::optional<std::int64_t>& value)
{
    if (value)
        bindOne(index, *value);
    else
        bindNull(index);
}

void Statement::bindNull(int index)
{
    if (const int code = sqlite3_bind_null(m_handle, index); code != SQLITE_OK) m_bindError = code;
}

} // namespace gradus::store
