// SPDX-License-Identifier: GPL-3.0-or-later
// Runs put aside: they move, whole, to a store of their own beside the store, and back.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::store {

/// A run in the trash.
struct TrashedRun
{
    std::int64_t id = 0; ///< in the trash
    std::string uuid;
    std::string experimentName;
    std::string condition;
    std::int64_t seed = 1;
    double trashedAt = 0; ///< wall seconds
};

/// "<store>-trash"; need not exist.
std::filesystem::path trashOf(const std::filesystem::path& store);

/// Newest first; none where nothing was ever put aside.
Result<std::vector<TrashedRun>> trashedRuns(const std::filesystem::path& store);

/// Moves runs of the store, by id, into the trash. The trash holds a run before the store loses it: a crash between
/// leaves it in both, and doing it again ends the move. Refused for all when a process works on one of them or one
/// waits in the queue.
Result<void> moveToTrash(const std::filesystem::path& store, const std::vector<std::int64_t>& runs);

/// The same by UUID; runs that are not in the store any more are passed over.
Result<void> trashByUuid(const std::filesystem::path& store, const std::vector<std::string>& uuids);

/// Moves runs of the trash, by UUID, back into the store. Bad input: a run that is not in the trash.
Result<void> restoreFromTrash(const std::filesystem::path& store, const std::vector<std::string>& uuids);

/// Removes runs of the trash for good, by UUID (none: all). Checkpoint files stay. Returns how many.
Result<std::int64_t> emptyTrash(const std::filesystem::path& store, const std::vector<std::string>& uuids = {});

} // namespace gradus::store
