// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include "base/files.h"
#include "store/connection.h"
#include "store/point_collector.h"
#include "store/store_lock.h"
#include "store/text_search.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

namespace gradus::store {

namespace {

constexpr int kBusyMilliseconds = 5000;

/// "file:" URI of a path; only needed for immutable=1.
std::string immutableUri(const std::filesystem::path& path)
{
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(path).string()) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        if (plain || c == '/' || c == '-' || c == '_' || c == '.') {
            uri += c;
        } else {
            char escape[4];
            std::snprintf(escape, sizeof escape, "%%%02X", static_cast<unsigned>(byte));
            uri += escape;
        }
    }
    return uri + "?immutable=1";
}

int noteFrames(void* frames, sqlite3*, const char*, int pages)
{
    *static_cast<int*>(frames) = pages;
    return SQLITE_OK;
}

/// A hostile file must not make SQLite run anything or trust its own bookkeeping.
void configure(sqlite3* handle)
{
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_wal_autocheckpoint(handle, 0);
}

Error cannotOpen(const std::filesystem::path& path)
{
    return badInput(
        "Cannot open the store " + path.string() +
        ": the file or its folder is missing or not accessible to this user; check the path and permissions.");
}

} // namespace

Error Connection::error(int code) const
{
    const std::string name = path.string();
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
        return badInput(name + " is not a Gradus store: it is no SQLite database; check that it is the right file.");
    case SQLITE_CORRUPT:
        return badInput("The store " + name +
                        " is damaged; run `gradus store check` on it and go back to a backup if it says so.");
    case SQLITE_FULL:
        return failed("Cannot write to the store " + name + ": the disk is full; free some space and resume the run.");
    case SQLITE_IOERR: {
        const int cause = handle == nullptr ? 0 : sqlite3_system_errno(handle);
        const std::string words = cause == 0 ? "input/output error; check the disk." : causeOf(cause);
        return failed("Reading or writing the store " + name + " failed: " + words);
    }
    case SQLITE_READONLY:
        return badInput("The store " + name +
                        " is read-only for this user; change its permissions or choose another store.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failed("The store " + name +
                      " is locked by another program; close whatever else has it open and try again.");
    case SQLITE_CANTOPEN:
        return cannotOpen(path);
    case SQLITE_NOMEM:
        return failed("There is not enough memory to work on the store " + name + "; close other programs.");
    case SQLITE_TOOBIG:
        return badInput("A text is too long for the store " + name + " (1 GB is the limit); shorten it.");
    default:
        break;
    }
    const std::string detail = handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle);
    return failed("The store " + name + " refused an operation (" + detail + "); run `gradus store check` on it.");
}

Database::Database(std::unique_ptr<Connection> connection) : m_connection(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&& other) noexcept
{
    if (this != &other) {
        close();
        m_connection = std::move(other.m_connection);
    }
    return *this;
}
Database::~Database()
{
    close();
}

void Database::close()
{
    if (!m_connection) return;
    for (const auto& [sql, statement] : m_connection->idleStatements)
        sqlite3_finalize(statement);
    m_connection->idleStatements.clear();
    sqlite3_close_v2(m_connection->handle);
    m_connection.reset();
}

Result<Database> Database::open(const std::filesystem::path& path, Access access)
{
    auto connection = std::make_unique<Connection>();
    connection->path = path;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= access == Access::ReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    std::string name = std::filesystem::absolute(path).string();
    if (access == Access::Immutable) {
        flags |= SQLITE_OPEN_URI;
        name = immutableUri(path);
    }
    const int code = sqlite3_open_v2(name.c_str(), &connection->handle, flags, nullptr);
    if (code != SQLITE_OK) {
        Error error = connection->error(code);
        sqlite3_close_v2(connection->handle);
        return error;
    }
    configure(connection->handle);
    addHitCounter(connection->handle);
    addPointCollector(*connection);
    sqlite3_wal_hook(connection->handle, noteFrames, &connection->walFrames);
    Database database(std::move(connection));
    if (auto done = database.script("PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"); !done) return done.error();
    return database;
}

Result<Statement> Database::prepare(std::string_view sql)
{
    std::string key(sql);
    if (const auto idle = m_connection->idleStatements.find(key); idle != m_connection->idleStatements.end()) {
        sqlite3_stmt* handle = idle->second;
        m_connection->idleStatements.erase(idle);
        return Statement(*m_connection, handle, std::move(key));
    }
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(m_connection->handle, key.data(), static_cast<int>(key.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) return m_connection->error(code);
    return Statement(*m_connection, handle, std::move(key));
}

Result<void> Database::script(const char* sql)
{
    const int code = sqlite3_exec(m_connection->handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return m_connection->error(code);
    return {};
}

Result<std::int64_t> Database::integer(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return m_connection->error(SQLITE_CORRUPT);
    return statement->integer(0);
}

std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_connection->handle);
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_connection->handle);
}

bool Database::isReadOnly() const
{
    return sqlite3_db_readonly(m_connection->handle, "main") == 1;
}

bool Database::wasBusy() const
{
    return (sqlite3_errcode(m_connection->handle) & 0xFF) == SQLITE_BUSY;
}

const std::filesystem::path& Database::path() const
{
    return m_connection->path;
}

Result<void> Database::useWriteAheadLog()
{
    // Switching to WAL needs the file alone for a moment and does not wait by itself.
    for (int attempt = 0;; ++attempt) {
        auto pragma = prepare("PRAGMA journal_mode = WAL");
        if (!pragma) return pragma.error();
        const auto row = pragma->step();
        if (row && *row) {
            if (pragma->text(0) == "wal") break;
            return badInput("The store " + path().string() +
                            " cannot use a write-ahead log on its file system; choose a folder on a local disk.");
        }
        if (!wasBusy() || attempt >= 250) return row ? m_connection->error(SQLITE_CORRUPT) : row.error();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return script("PRAGMA synchronous = FULL;");
}

int Database::walFrames() const
{
    return m_connection->walFrames;
}

Result<void> Database::checkpoint(bool restart)
{
    const auto lock = StoreLock::tryTake(path(), StorePurpose::Checkpoint);
    if (!lock) return {};
    if (restart) sqlite3_busy_timeout(m_connection->handle, 50); // readers must not hold the writer up
    int framesLeft = 0;
    int framesMoved = 0;
    const int code = sqlite3_wal_checkpoint_v2(m_connection->handle, nullptr,
                                               restart ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
                                               &framesLeft, &framesMoved);
    sqlite3_busy_timeout(m_connection->handle, kBusyMilliseconds);
    if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) return m_connection->error(code);
    return {};
}

void Database::closeWithCheckpoint()
{
    if (!m_connection) return;
    const auto lock = StoreLock::tryTake(path(), StorePurpose::Checkpoint);
    if (lock) sqlite3_db_config(m_connection->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    close();
}

Result<Transaction> Transaction::begin(Database& database, Kind kind)
{
    auto begun = database.run(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
    if (!begun) return begun.error();
    return Transaction(database);
}

Transaction::~Transaction()
{
    // A failed statement may have rolled back already; a second rollback is then an error that means nothing.
    if (m_database != nullptr) static_cast<void>(m_database->run("ROLLBACK").ok());
}

Result<void> Transaction::commit()
{
    auto done = m_database->run("COMMIT");
    if (!done) return done;
    m_database = nullptr;
    return done;
}

} // namespace gradus::store
