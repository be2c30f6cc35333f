// SPDX-License-Identifier: GPL-3.0-or-later
// Runs read from a store as a comparison gets them. Blocks; any thread but the GUI's.
#pragma once

#include "compare/run_groups.h"
#include "store/store_reader.h"

#include <vector>

namespace gradus::compare {

/// With all of their points, in the order given.
Result<std::vector<ComparedRun>> readRuns(const store::StoreReader& reader, const std::vector<store::RunRow>& runs);

/// Of their points only those of figures that belong to a procedure (FinalMetric::procedure): quick, whatever they
/// logged beside.
Result<std::vector<ComparedRun>> readOwnFigures(const store::StoreReader& reader,
                                                const std::vector<store::RunDetail>& runs);

} // namespace gradus::compare
