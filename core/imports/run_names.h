// SPDX-License-Identifier: GPL-3.0-or-later
// Names that come from outside, and what runs of an import are called: seeds and conditions. Pure.
#pragma once

#include "imports/plan.h"

#include <string>
#include <vector>

namespace gradus::imports {

/// At most 120 bytes without control characters, bidi controls or what a label could take for markup.
std::string safeName(const std::string& untrusted);

/// Fills condition and seed. The seed is the parameter of that name, else a number behind the word "seed" (or "s") in
/// the run's name. The condition is what else tells the runs of an experiment apart: the parameters that differ, else
/// the names without their seeds. Runs that would still be equal are told apart by their names.
void nameRuns(std::vector<PlannedRun>& runs);

} // namespace gradus::imports
