// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/opening.h"

#include "base/files.h"
#include "store/migrations.h"
#include "store/point_journal.h"
#include "store/schema.h"
#include "store/store_path.h"

#include <sqlite3.h>

#include <string>
#include <system_error>

#include <unistd.h>

namespace gradus::store {

namespace {

std::filesystem::path walOf(const std::filesystem::path& store)
{
    return store.string() + "-wal";
}

std::int64_t sizeOf(const std::filesystem::path& path)
{
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    return code ? 0 : static_cast<std::int64_t>(size);
}

/// Open, and prove it by reading what every store has.
Result<Database> openChecked(const std::filesystem::path& path, Access access)
{
    auto database = Database::open(path, access);
    if (!database) return database.error();
    const auto version = schemaVersion(*database);
    if (!version) return version.error();
    if (*version == 0)
        return badInput(path.string() + " is empty and not yet a Gradus store; start a run first or check the path.");
    if (*version < kSchemaVersion)
        return badInput(
            "The store " + path.string() + " has the older format " + std::to_string(*version) +
            "; `gradus store upgrade --store FILE` copies it and brings it forward, as the workbench does with "
            "that of its workspace.");
    return database;
}

/// Reading a WAL store needs its -shm file, which nobody can create in a read-only folder. Nobody can be writing there
/// either, so the file may be taken as it is, unless somebody left changes in a WAL that would then be missed.
Result<Database> openOnReadOnlyMedia(const std::filesystem::path& path)
{
    if (sizeOf(walOf(path)) > 0)
        return badInput("The store " + path.string() + " is in a read-only folder with changes not yet merged (" +
                        walOf(path).filename().string() +
                        "); copy both files to a folder that can be written and open the copy.");
    return openChecked(path, Access::Immutable);
}

/// So much a reader needs beside the store, of a store that nobody has open: the index of its WAL.
constexpr std::uintmax_t kIndexBytes = 64 << 10;

/// Nobody has left changes in a WAL and the disk has no room for a reader's index: the file may be taken as it is. A
/// writer that is at work has made that index, and then the reader needed no room.
bool isFinishedOnAFullDisk(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    std::error_code code;
    const auto space = std::filesystem::space(folder, code);
    return !code && space.available < kIndexBytes && sizeOf(walOf(path)) == 0;
}

/// 3.51.3: the first release without the WAL-reset bug.
constexpr int kOldestSqlite = 3'051'003;

Error readOnly(const std::filesystem::path& path)
{
    return badInput("The store " + path.string() +
                    " or its folder is read-only for this user; change the permissions or choose another store.");
}

Result<void> checkPlace(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    if (sqlite3_libversion_number() < kOldestSqlite)
        return failed(std::string("SQLite ") + sqlite3_libversion() +
                      " can damage a store that several programs use; install SQLite 3.51.3 or later.");
    if (auto made = makeFolder(folder); !made) return made;
    if (auto local = checkFileSystem(folder); !local) return local;
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return badInput(path.string() + " is not a regular file and so no store; choose another name.");
    const bool exists = std::filesystem::exists(status);
    if (::access(folder.c_str(), W_OK) != 0 || (exists && ::access(path.c_str(), W_OK) != 0)) return readOnly(path);
    return {};
}

} // namespace

Result<Database> openForReading(const std::filesystem::path& path)
{
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (!std::filesystem::exists(status))
        return badInput("There is no store at " + path.string() + "; start a run first or check the path.");
    if (!std::filesystem::is_regular_file(status))
        return badInput(path.string() + " is not a regular file and so no store; check the path.");
    auto database = openChecked(path, Access::ReadOnly);
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const bool readable = ::access(path.c_str(), R_OK) == 0;
    if (database || !readable) return database;
    if (::access(folder.c_str(), W_OK) != 0) return openOnReadOnlyMedia(path);
    return isFinishedOnAFullDisk(path, folder) ? openChecked(path, Access::Immutable) : std::move(database);
}

Result<Database> openForWriting(const std::filesystem::path& path)
{
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    if (auto place = checkPlace(path, folder); !place) return place.error();
    auto database = Database::open(path, Access::ReadWrite);
    if (!database) return database.error();
    // Before anything is changed: another program's database must stay as it is.
    if (const auto version = schemaVersion(*database); !version) return version.error();
    if (database->isReadOnly()) return readOnly(path);
    if (auto wal = database->useWriteAheadLog(); !wal) return wal.error();
    if (auto ready = bringUpToDate(*database); !ready) return ready.error();
    if (auto taken = takeUpPoints(*database, path); !taken) return taken.error();
    return database;
}

std::int64_t storeBytes(const std::filesystem::path& path)
{
    return sizeOf(path) + sizeOf(walOf(path));
}

} // namespace gradus::store
