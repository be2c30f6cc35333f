// SPDX-License-Identifier: GPL-3.0-or-later
// What Compare shows, written to a file: the ending of its name says how.
#pragma once

#include "base/result.h"

#include <QString>

#include <string>

namespace gradus::pages {

class ComparePage;

/// png, svg, pdf: the tab as it is shown, tables with all their rows, with legend and provenance. csv, json: on Charts
/// the curves, on Diff the keys shown and what the runs are made of, else the table of final figures. md, tex: on Diff
/// the same rows, else the table. Bad input: another ending, or nothing to write. Written whole or not at all; at once,
/// in the GUI thread.
Result<void> exportComparison(const ComparePage& page, const QString& file);

/// Which runs, how they became curves, and what wrote it: one line for every file that is exported.
std::string provenanceOf(const ComparePage& page);

} // namespace gradus::pages
