// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as lines of a spreadsheet.
#pragma once

#include "base/result.h"
#include "viewmodels/curve_edit.h"

#include <QString>

#include <vector>

namespace gradus::viewmodels {

/// Lines of "percent value [interpolation]", separated by tabs, semicolons or spaces, in increasing order and within
/// the bounds. The error names every line that is wrong, and how.
Result<std::vector<schedule::Key>> pastedKeys(const QString& text, const LaneBounds& bounds);

} // namespace gradus::viewmodels
