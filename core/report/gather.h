// SPDX-License-Identifier: GPL-3.0-or-later
// From a store to what a report is made of. Blocks; any thread but the GUI's.
#pragma once

#include "report/experiment_report.h"
#include "store/store_reader.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::report {

/// Runs that are meant by names, oldest first, each once: run ids or their first characters, or names of experiments
/// (all runs of the newest experiment of that name). No name: the runs of the store's newest experiment. Bad input: an
/// empty store, or a name that is neither.
Result<std::vector<store::RunRow>> chosenRuns(const store::StoreReader& reader, const std::vector<std::string>& names);

/// Reads these runs whole, and the files they came from.
Result<ReportRequest> gather(const store::StoreReader& reader, const std::vector<store::RunRow>& runs);

} // namespace gradus::report
