// SPDX-License-Identifier: GPL-3.0-or-later
// Which figures a comparison of runs is told by: final figures, what happened from generation to generation. Pure.
#pragma once

#include "compare/comparison_table.h"
#include "compare/source_diversity.h"
#include "compare/swept_axis.h"
#include "report/chart.h"

#include <optional>
#include <vector>

namespace gradus::report {

/// Runs as a report has read and grouped them.
struct Evidence
{
    std::vector<compare::ComparedRun> runs;
    compare::Grouping grouping;
    compare::ComparisonTable table; ///< a row a group, with differences to the baseline
    std::optional<compare::SweptAxis> axis;
    compare::TestKind test = compare::TestKind::Student;
    std::size_t baseline = 0;                      ///< index into the groups
    std::vector<std::string> absentContrasts = {}; ///< that a file asks for and these runs cannot tell
    std::vector<std::optional<compare::SourceDiversity>> sources = {}; ///< one a run, or none at all
};

/// In the order in which they are read. A figure without a value in it is left out.
std::vector<Figure> figuresOf(const Evidence& evidence);

} // namespace gradus::report
