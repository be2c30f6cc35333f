// SPDX-License-Identifier: GPL-3.0-or-later
// Pages that verbs write beside what they print.
#pragma once

#include "report/report.h"

#include <string>

namespace gradus::app {

/// Writes the page as one HTML file and says how long it is; the exit code. Bad input: a name that does not end in
/// .html, a place that cannot be written.
int writePage(const std::string& file, const report::Report& page);

} // namespace gradus::app
