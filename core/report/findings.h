// SPDX-License-Identifier: GPL-3.0-or-later
// What the runs say, in sentences with their numbers: the answer, what was left out, what was reported on the way.
// Pure.
#pragma once

#include "report/figures.h"

#include <string>
#include <vector>

namespace gradus::report {

/// One sentence or more a metric: what the conditions end with and whether they differ from the baseline;
/// then what is reached without learning, and runs that stand in the figures though they did not finish.
std::vector<std::string> answersOf(const Evidence& evidence);

/// Runs, figures and generations that stand in no figure, and why.
std::vector<std::string> leftOut(const Evidence& evidence);

/// What detectors, gates and degraded modes reported during the runs.
std::vector<std::string> warningsOf(const Evidence& evidence);

/// What runs of this kind cannot show however many there are.
std::vector<std::string> limitsOf(const Evidence& evidence);

} // namespace gradus::report
