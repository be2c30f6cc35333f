// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a planned import into a store: a transaction a run, each whole or not at all.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "imports/plan.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::imports {

struct ImportReport
{
    std::vector<std::string> written;  ///< UUIDs
    std::vector<std::string> replaced; ///< those of them that were there before
    std::vector<std::string> here;     ///< UUIDs left as they were
};

/// A run that is there already is left as it is, or replaced. Blocks; any thread.
Result<ImportReport> importRuns(const std::filesystem::path& store, const ImportPlan& plan, bool replace,
                                const StopFlag* stop = nullptr);

/// UUIDs of the plan's runs that the store has already; none where there is no store.
Result<std::vector<std::string>> alreadyIn(const std::filesystem::path& store, const ImportPlan& plan);

} // namespace gradus::imports
