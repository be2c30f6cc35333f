// SPDX-License-Identifier: GPL-3.0-or-later
// Asking something of living runs, from the command line.
#pragma once

#include "base/result.h"
#include "store/store_reader.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::app {

std::string shortId(const store::RunRow& run); ///< as lists show it
bool isLiving(const store::RunRow& run);       ///< a process works on it

/// A run that a living process works on; bad input for others, in a sentence that there is nothing to `act` ("stop").
Result<store::RunRow> livingRun(const store::StoreReader& reader, const std::string& name, const std::string& act);

/// Lets those of the runs go on that a living process holds paused; the names of the others, in their order.
Result<std::vector<std::string>> letGoOn(const std::vector<std::string>& names, const std::filesystem::path& store);

} // namespace gradus::app
