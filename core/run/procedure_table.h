// SPDX-License-Identifier: GPL-3.0-or-later
// The figures that only a procedure has, as tables for a terminal. Pure.
#pragma once

#include "compare/run_groups.h"

#include <string>
#include <vector>

namespace gradus::run {

/// A table a procedure, a row a condition: mean and interval as compare::comparisonTable has them. Empty
/// where the runs have no such figure. A table begins with an empty line.
std::string procedureTables(const std::vector<compare::ComparedRun>& runs);

} // namespace gradus::run
