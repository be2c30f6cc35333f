// SPDX-License-Identifier: GPL-3.0-or-later
// What a database and its statements share: the SQLite handle, the statement cache and the wording of errors.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace gradus::store {

struct PointRow;

/// Private to Database and Statement; lives as long as the database, at one address.
struct Connection
{
    sqlite3* handle = nullptr;
    std::filesystem::path path;
    std::unordered_map<std::string, sqlite3_stmt*> idleStatements;
    std::vector<PointRow>* collected = nullptr; ///< where collect_points() puts its rows, while it may
    int walFrames = 0;                          ///< frames in the WAL after the last commit of this connection

    /// The sentence for a SQLite result code: what, which file, what to do.
    Error error(int code) const;
};

} // namespace gradus::store
