// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as lines of a spreadsheet.
#pragma once

#include "base/result.h"
#include "viewmodels/curve_edit.h"

#include <QString>

#include <vector>

namespace gradus::viewmodels {

/// A key of a line, and which of its handles the line names.
struct PastedKey
{
    schedule::Key key;
    bool hasLeft = false;
    bool hasRight = false;
};

/// Keys as lines that pastedKeys() reads back bit by bit: handles only in lines that have one.
QString copiedKeys(const schedule::Curve& curve, const KeyIndices& indices);
/// Some keys of a curve as if they were copied and pasted.
std::vector<PastedKey> keysToPaste(const schedule::Curve& curve, const KeyIndices& indices);

/// Lines of "percent value [interpolation [left dx, dy, right dx, dy]]", separated by tabs, semicolons or spaces, in
/// increasing order and within the bounds. dx are percent of the run, "-" stands where there is no handle. The error
/// names every line that is wrong, and how.
Result<std::vector<PastedKey>> pastedKeys(const QString& text, const LaneBounds& bounds);

/// The curve with these keys (at least one) instead of what stood between the first and the last of them. A handle that
/// a Bezier segment needs and no line named runs as a monotone segment would.
schedule::Curve withPasted(const schedule::Curve& curve, const std::vector<PastedKey>& pasted);

} // namespace gradus::viewmodels
