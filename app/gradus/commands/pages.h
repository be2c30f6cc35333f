// SPDX-License-Identifier: GPL-3.0-or-later
// Pages that verbs write beside what they print.
#pragma once

#include "base/result.h"
#include "report/report.h"

#include <string>

namespace gradus::app {

inline constexpr const char* kNoteHelp = "Text file with your own conclusion, set before the computed ones";

/// The note of a page, read before anything is worked out. Bad input: the page's name does not end in .html, a note
/// without a page, or one that report::readNote refuses.
Result<std::string> noteOfPage(const std::string& page, const std::string& noteFile);

/// Writes the page as one HTML file and says how long it is; the exit code. Bad input: a name that does not end in
/// .html, a place that cannot be written.
int writePage(const std::string& file, const report::Report& page);

} // namespace gradus::app
