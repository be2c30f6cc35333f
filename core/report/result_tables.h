// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a report that say what came out. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <string>
#include <vector>

namespace gradus::report {

/// "3 pairs", "3 against 4 runs": of how many runs a row's difference is, where a figure that some runs do not have
/// makes them fewer than the rows' own; else empty.
std::string fewerRuns(const Evidence& evidence, const compare::TableRow& row, const compare::TableCell& cell);

/// Final figures of every condition with their differences to the baseline: a row a metric where conditions are few,
/// else a row a condition, in as many tables as keep a page's width.
std::vector<Table> resultTables(const Evidence& evidence);
/// The same for every single run, folded.
std::vector<Table> runFigures(const Evidence& evidence);

} // namespace gradus::report
