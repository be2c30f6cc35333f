// SPDX-License-Identifier: GPL-3.0-or-later
// A report as a file: HTML by core, PDF with Qt's text layout and the figures as vectors.
#pragma once

#include "base/result.h"
#include "compare/group_tests.h"
#include "report/report.h"

#include <QByteArray>
#include <QString>

#include <string>
#include <vector>

namespace gradus::pages {

/// What is to be reported on.
struct ReportChoice
{
    QString store;
    std::vector<std::string> names = {}; ///< runs or experiments, see report::chosenRuns
    std::string baseline = {};           ///< label of a condition; empty: the first
    compare::TestKind test = compare::TestKind::Student;
    QString noteFile = {}; ///< text with the author's own conclusion; empty: none
};

/// Reads the store and writes the report: HTML or PDF by the ending of its name, whole or not at all. Bad input:
/// another ending, or what report::gather refuses. Blocks; any thread that may lay out text.
Result<void> writeReport(const ReportChoice& choice, const QString& file);

/// A4, pages numbered.
QByteArray pdfOf(const report::Report& report);

} // namespace gradus::pages
