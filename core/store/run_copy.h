// SPDX-License-Identifier: GPL-3.0-or-later
// Moves all of a run between stores: the rows of every table, with ids of the store they come to.
#pragma once

#include "base/result.h"
#include "store/run_tables.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// Copies the run, its experiment if the store has it not yet, and all its rows but its place in a queue; computes the
/// pyramid of its series anew. A reference to another run (lineage) is kept where that run is there too. A
/// row that must refer to rows of two runs stays behind. Runs inside
/// transactions of the caller. With a UUID it becomes another run of that name, and so do its episodes (their keys
/// stay): then `to` may be `from`. tables are those of `to`; `from` must have them as well, else bad input.
Result<std::int64_t> copyRun(Database& from, std::int64_t runId, Database& to, const std::vector<RunTable>& tables,
                             const std::string& uuid = {});

/// Removes the run and all its rows, its place in the queue included, and its experiment if no run is left of it.
/// Inside a transaction of the caller.
Result<void> deleteRun(Database& database, std::int64_t runId, const std::vector<RunTable>& tables);

/// The id of the run with this UUID, or nothing.
Result<std::optional<std::int64_t>> findUuid(Database& database, const std::string& uuid);

} // namespace gradus::store
