// SPDX-License-Identifier: GPL-3.0-or-later
// What a store is made of: sizes by table and by run, runs by state; and giving unused pages back.
#pragma once

#include "base/result.h"
#include "base/stop.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gradus::store {

struct ColumnFacts
{
    std::string name;
    std::string type;     ///< as the schema says it, lower case
    std::string refersTo; ///< a table, or empty
};

struct TableFacts
{
    std::string name;
    std::int64_t rows = 0;
    std::int64_t bytes = -1; ///< pages of table and indices; -1: this SQLite cannot tell (no dbstat)
    std::vector<ColumnFacts> columns = {};
    std::vector<std::string> indices = {}; ///< made by name, without the automatic ones
};

/// A run's part in the tables' bytes, by its share of their rows.
struct RunSize
{
    std::int64_t id = 0;
    std::string uuid;
    std::string name;       ///< condition, or the experiment's name, and the seed
    double points = 0;      ///< bytes of point and pyramid
    double labels = 0;      ///< bytes of label
    double transcripts = 0; ///< bytes of message
    double total() const { return points + labels + transcripts; }
};

struct StoreFacts
{
    std::int64_t format = 0;
    std::string sqlite;     ///< version of the library
    std::string journal;    ///< "wal"
    std::int64_t bytes = 0; ///< database and WAL
    std::int64_t walBytes = 0;
    std::int64_t freeBytes = 0; ///< pages that vacuum gives back
    std::vector<TableFacts> tables;
    std::vector<std::string> views;
    std::vector<std::pair<std::string, std::int64_t>> runsByState;
    std::vector<RunSize> runs; ///< largest first
};

/// Reads whole indices: seconds on a store of millions of points, so never in the GUI thread. Stopped when asked to.
Result<StoreFacts> storeFacts(const std::filesystem::path& path, const StopFlag* stop = nullptr);

/// Commits the points that killed processes had said and not committed (see point_journal.h), as whoever writes to the
/// store next would; how many. Bad input where there is no store of this format.
Result<std::int64_t> recoverStore(const std::filesystem::path& path);

/// Rewrites the store without unused pages. Refused while a process works on a run in it; the store is as it was on
/// failure. Returns the bytes given back.
Result<std::int64_t> vacuumStore(const std::filesystem::path& path);

/// Brings a store of an older format forward, after a copy beside it ("<store>.v<N>-backup"); false where it is of this
/// format already. Bad input as for reading, and where it cannot be written.
Result<bool> upgradeStore(const std::filesystem::path& path);

} // namespace gradus::store
