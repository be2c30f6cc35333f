// SPDX-License-Identifier: GPL-3.0-or-later
// What Compare shows, written to a file: the ending of its name says how.
#pragma once

#include "base/result.h"

#include <QString>

namespace gradus::pages {

class ComparePage;

/// png, svg, pdf: the charts (on Relations the plane) as they are shown, with legend and provenance. csv, json: on
/// Charts the curves, else the table. md, tex: the table. Bad input: another ending, or nothing to write. Written whole
/// or not at all; at once, in the GUI thread.
Result<void> exportComparison(const ComparePage& page, const QString& file);

} // namespace gradus::pages
