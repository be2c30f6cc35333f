// SPDX-License-Identifier: GPL-3.0-or-later
// Brings an older store forward, one version a transaction, after a backup beside it.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace gradus::store {

class Database;

/// The tables of format 1, kept so that the step from it stays tested.
extern const char* const kSchemaVersion1;

/// Creates the tables of an empty store, or migrates an older one after copying it to "<store>.v<N>-backup". Safe when
/// several programs open the same store at once. The store is unchanged when it fails.
Result<void> bringUpToDate(Database& database);

/// Writes a complete, compacted copy of the open store to path, which must not exist yet: complete or absent.
Result<void> copyStore(Database& database, const std::filesystem::path& path);

} // namespace gradus::store
