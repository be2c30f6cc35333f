// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that a report is asked about, read from the store.
#pragma once

#include "compare/run_groups.h"
#include "store/store_reader.h"

#include <string>
#include <vector>

namespace gradus::app {

/// The named runs (ids, or their first characters), or without names every run of the store's newest experiment.
Result<std::vector<store::RunDetail>> detailsOf(const store::StoreReader& reader,
                                                const std::vector<std::string>& names);
/// The same with all of their points.
Result<std::vector<compare::ComparedRun>> comparedRuns(const store::StoreReader& reader,
                                                       const std::vector<std::string>& names);

} // namespace gradus::app
