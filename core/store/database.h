// SPDX-License-Identifier: GPL-3.0-or-later
// One SQLite connection with the settings every Gradus store needs, and transactions on it.
#pragma once

#include "base/result.h"
#include "store/statement.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace gradus::store {

enum class Access
{
    ReadOnly,  ///< sees what writers commit
    Immutable, ///< for media that nobody can write: takes no locks, ignores a WAL
    ReadWrite, ///< creates the file when it is missing
};

/// Owns the connection. Busy timeout 5 s, foreign keys on, no memory mapping, no automatic checkpoint and none on close
/// (checkpoint() does that, under the lock). One thread at a time may use it; different objects are independent.
class Database final
{
public:
    static Result<Database> open(const std::filesystem::path& path, Access access);
    ~Database();
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;

    /// sql must be a constant of the program: what users wrote is bound, never pasted.
    Result<Statement> prepare(std::string_view sql);
    template <typename... Values>
    Result<void> run(std::string_view sql, const Values&... values)
    {
        auto statement = prepare(sql);
        if (!statement) return statement.error();
        return statement->bind(values...).run();
    }
    /// Several statements without parameters, separated by semicolons.
    Result<void> script(const char* sql);
    /// First column of the first row; an error when there is no row.
    Result<std::int64_t> integer(std::string_view sql);

    std::int64_t lastInsertId() const;
    std::int64_t changes() const; ///< rows changed by the last statement
    bool isReadOnly() const;
    bool wasBusy() const; ///< the last call failed because another connection holds the lock
    const std::filesystem::path& path() const;

    /// WAL and synchronous=FULL. Bad input when the file system cannot do it.
    Result<void> useWriteAheadLog();
    int walFrames() const; ///< pages in the WAL as of this connection's last commit
    /// Moves the WAL's pages into the database if no other connection is doing so; never waits for readers.
    /// `restart` also cuts the WAL file back, if no reader needs it.
    Result<void> checkpoint(bool restart);
    /// Checkpoints once more if this turns out to be the last connection, then closes.
    void closeWithCheckpoint();

    /// For this room's own use of SQLite beyond statements (limits and hooks of the console).
    Connection& connection() { return *m_connection; }

private:
    explicit Database(std::unique_ptr<Connection> connection);
    void close();
    std::unique_ptr<Connection> m_connection;
};

/// Rolls back unless committed.
class Transaction final
{
public:
    enum class Kind
    {
        Read,  ///< one consistent snapshot
        Write, ///< takes the write lock at once, waiting up to the busy timeout
    };
    static Result<Transaction> begin(Database& database, Kind kind);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : m_database(other.m_database) { other.m_database = nullptr; }
    Transaction& operator=(Transaction&&) = delete;

    Result<void> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}
    Database* m_database;
};

} // namespace gradus::store
