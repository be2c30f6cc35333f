// SPDX-License-Identifier: GPL-3.0-or-later
// A report as a file: HTML by core, PDF with Qt's text layout and the figures as vectors.
#pragma once

#include "base/result.h"
#include "report/gather.h"

#include <QByteArray>
#include <QString>

namespace gradus::pages {

/// Reads the store and writes the report: HTML or PDF by the ending of its name, whole or not at all. Bad input:
/// another ending, or what report::gather refuses; choice.program is filled in. Blocks; any thread that may lay out
/// text.
Result<void> writeReport(const report::ReportChoice& choice, const QString& file);

/// A4, pages numbered.
QByteArray pdfOf(const report::Report& report);

} // namespace gradus::pages
