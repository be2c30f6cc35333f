// SPDX-License-Identifier: GPL-3.0-or-later
// One prepared SQL statement: bind, step, read columns. Values reach SQL through bound parameters and no other way.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace gradus::store {

struct Connection;

/// Bytes to be bound as a blob; no bytes are NULL.
struct Blob
{
    std::string_view bytes;
};

/// Comes from Database::prepare and must not outlive that database. One thread at a time.
/// Columns are counted from 0, parameters are bound in order from ?1.
class Statement final
{
public:
    Statement(Connection& connection, sqlite3_stmt* handle, std::string key);
    ~Statement(); ///< gives the compiled statement back to the database's cache
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;

    /// Binds all values from ?1 on, after a reset. A failed bind (out of memory, too long) is reported by step().
    template <typename... Values>
    Statement& bind(const Values&... values)
    {
        reset();
        int index = 0;
        (bindOne(++index, values), ...);
        return *this;
    }
    /// True: a row is there. False: the statement is done.
    Result<bool> step();
    /// Steps until done, dropping rows.
    Result<void> run();
    void reset();

    int columnCount() const;
    /// Binds the parameter to what stands in a column of another statement's row, type and bytes unchanged.
    void copyColumn(int parameter, const Statement& from, int column);
    void bindAt(int parameter, const std::optional<std::int64_t>& value) { bindOne(parameter, value); }
    void bindAt(int parameter, std::string_view text) { bindOne(parameter, text); }

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column, double ifNull = 0) const;
    std::string text(int column) const;  ///< byte-exact, NUL included; empty for NULL
    std::string bytes(int column) const; ///< of a blob; empty for NULL
    std::optional<double> optionalReal(int column) const;
    std::optional<std::int64_t> optionalInteger(int column) const;

private:
    void bindOne(int index, std::int64_t value);
    void bindOne(int index, int value) { bindOne(index, std::int64_t{value}); }
    void bindOne(int index, double value); ///< NaN becomes NULL: that is what SQLite makes of it
    void bindOne(int index, std::string_view value);
    void bindOne(int index, const std::string& value) { bindOne(index, std::string_view(value)); }
    void bindOne(int index, const char* value) { bindOne(index, std::string_view(value)); }
    void bindOne(int index, Blob value);
    void bindOne(int index, const std::optional<double>& value);
    void bindOne(int index, const std::optional<std::int64_t>& value);
    void bindNull(int index);

    Connection* m_connection;
    sqlite3_stmt* m_handle;
    std::string m_key;
    int m_bindError = 0;
};

} // namespace gradus::store
