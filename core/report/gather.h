// SPDX-License-Identifier: GPL-3.0-or-later
// From a store to a report. Blocks; any thread but the GUI's.
#pragma once

#include "report/experiment_report.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::report {

/// What is to be reported on.
struct ReportChoice
{
    std::filesystem::path store = {};
    std::vector<std::string> names = {};   ///< runs or experiments, see store::chosenRuns
    std::string baseline = {};             ///< label of a condition; empty: the first
    std::vector<std::string> against = {}; ///< contrasts besides those of the files: "A=B" is A minus B
    compare::TestKind test = compare::TestKind::Student;
    std::filesystem::path noteFile = {}; ///< text with the author's own conclusion, 1 MiB at most; empty: none
    std::string program = {};            ///< "Gradus 0.1.0"
};

/// Reads the runs and the files they came from, and reports on them as of now. Bad input: a store that cannot be read,
/// names that are no runs, a note that is not there, and what experimentReport refuses.
Result<Report> gather(const ReportChoice& choice);

} // namespace gradus::report
