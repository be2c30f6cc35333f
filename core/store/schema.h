// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a run store, and how one is recognised. Names here are relied on by other tools (DESIGN section 4).
#pragma once

#include "base/result.h"

#include <cstdint>

namespace gradus::store {

class Database;

/// "Grds" in PRAGMA application_id: tells our files from every other SQLite database.
inline constexpr std::int64_t kApplicationId = 0x47726473;
/// PRAGMA user_version of stores written by this program.
inline constexpr std::int64_t kSchemaVersion = 9;

/// All tables and indices of kSchemaVersion, for a new store.
extern const char* const kSchema;

/// What format 6 added beside columns, for new and for older stores: the journal of people's verdicts, preferences, and
/// the index of words over messages with the triggers that keep it.
extern const char* const kJudgingSchema;

/// What format 8 added, for new and for older stores: what people say of runs.
extern const char* const kMarksSchema;

/// 0 for an empty file, else the version of a Gradus store. Bad input when it is no database, another program's
/// database, or of a version newer than kSchemaVersion.
Result<std::int64_t> schemaVersion(Database& database);

} // namespace gradus::store
