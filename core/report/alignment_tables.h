// SPDX-License-Identifier: GPL-3.0-or-later
// What stages 2 and 3 made of each generation, as tables of a report: harm before and after, and what that cost. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <vector>

namespace gradus::report {

/// Of the runs that count, a line a condition and generation; empty where nothing was aligned.
std::vector<Table> alignmentTables(const Evidence& evidence);

} // namespace gradus::report
