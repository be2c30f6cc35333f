// SPDX-License-Identifier: GPL-3.0-or-later
// The report on an experiment: question, answer, design, figures, tables, what would change the conclusion, what was
// left out, settings with where they come from, and the files to run it again. Pure over records of the store.
#pragma once

#include "base/result.h"
#include "compare/group_tests.h"
#include "compare/run_groups.h"
#include "report/report.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::report {

struct ReportRequest
{
    std::vector<compare::ComparedRun> runs; ///< oldest first
    /// Experiment files that the runs came from: name and text as they were written, comments and all.
    std::vector<std::pair<std::string, std::string>> files = {};
    std::string baseline = {}; ///< label of the group that others are held against; empty: the first
    compare::TestKind test = compare::TestKind::Student;
    std::string note = {};    ///< the author's own conclusion, plain text; paragraphs are parted by empty lines
    std::string program = {}; ///< "Gradus 0.1.0"
    double writtenAt = 0;     ///< wall seconds; 0 leaves the date out
    std::vector<std::string> remarks = {}; ///< on the choice of the runs, a sentence each
};

/// Bad input: no run, no run with a finished generation, or a baseline that is no group.
Result<Report> experimentReport(ReportRequest request);

} // namespace gradus::report
