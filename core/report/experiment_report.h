// SPDX-License-Identifier: GPL-3.0-or-later
// The report on an experiment: question, answer, design, figures, tables, what would change the conclusion, what was
// left out, settings with where they come from, and the files to run it again. Pure over records of the store.
#pragma once

#include "base/result.h"
#include "compare/group_tests.h"
#include "compare/run_groups.h"
#include "compare/source_diversity.h"
#include "report/report.h"
#include "report/rerun.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::report {

struct ReportRequest
{
    std::vector<compare::ComparedRun> runs; ///< oldest first
    Rerun again = {}; ///< files, also for what they ask to be held against each other, and command
    std::vector<std::optional<compare::SourceDiversity>> sources = {}; ///< of their votes, one a run, or none at all
    std::string baseline = {};             ///< label of the group that others are held against; empty: the first
    std::vector<std::string> against = {}; ///< contrasts besides those of the files: "A=B", see compare::contrastsFrom
    compare::TestKind test = compare::TestKind::Student;
    std::string note = {};    ///< the author's own conclusion, plain text; paragraphs are parted by empty lines
    std::string program = {}; ///< "Gradus 0.1.0"
    double writtenAt = 0;     ///< wall seconds; 0 leaves the date out
    std::vector<std::string> remarks = {}; ///< on the choice of the runs, a sentence each
};

/// Bad input: no run, no run with a finished generation, a baseline or a contrast that is no group.
Result<Report> experimentReport(ReportRequest request);

} // namespace gradus::report
