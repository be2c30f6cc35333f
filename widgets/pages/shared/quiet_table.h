// SPDX-License-Identifier: GPL-3.0-or-later
// A table that is read and not edited: no grid, no frame, no row numbers, scrolled by the pixel.
#pragma once

class QTableView;

namespace gradus::pages {

/// Tab leaves it for what comes next on the page.
void makeQuiet(QTableView& table);

} // namespace gradus::pages
