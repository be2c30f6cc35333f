// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a report that say what came out. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <vector>

namespace gradus::report {

/// Final figures of every condition with their differences to the baseline: a row a metric where conditions are few,
/// else a row a condition, in as many tables as keep a page's width.
std::vector<Table> resultTables(const Evidence& evidence);
/// The same for every single run, folded.
std::vector<Table> runFigures(const Evidence& evidence);

} // namespace gradus::report
