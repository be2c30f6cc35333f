// SPDX-License-Identifier: GPL-3.0-or-later
// The tab that Compare shows as a sheet of charts, tables and texts: what a picture in a file holds.
#pragma once

#include "plot/chart_sheet.h"

namespace gradus::pages {

class ComparePage;

/// Charts: every card. Table, Diff and Containment: every row, those out of sight as well. Relations: plane, grid and
/// parallel coordinates. All with the legend over them and the provenance below. The sheet refers to the page, which
/// must outlive it. GUI thread.
plot::Sheet sheetOf(const ComparePage& page);

} // namespace gradus::pages
