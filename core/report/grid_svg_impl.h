// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a matrix as coloured cells with their values in them.
#pragma once

#include "report/chart.h"
#include "report/svg_pen_impl.h"

namespace gradus::report {

/// Within `width` from x = 0, the column names from y = top on. Returns where it ends, with room below.
double drawGrid(Pen& pen, const ChartGrid& grid, double top, double width);

} // namespace gradus::report
