// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that scenarios need in their cells, and which of them this machine does not have.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"
#include "scenario/scenario.h"

#include <string>
#include <vector>

namespace gradus::scenario {

struct Needs
{
    std::vector<std::string> missing;   ///< programs, sorted
    std::vector<std::string> scenarios; ///< ids of those that need one of them
};

/// Looks in a cell, because what the host has elsewhere than in /usr is not there. Refused where no cell starts.
Result<Needs> examineNeeds(const std::vector<Scenario>& scenarios, const sandbox::CellOptions& options);

} // namespace gradus::scenario
