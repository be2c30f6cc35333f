// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+C of a table: the chosen cells as a spreadsheet takes them.
#pragma once

class QAbstractItemView;

namespace gradus::pages {

/// Puts the selected cells' texts on the clipboard, tabs between cells of a row and line breaks between rows.
void copySelectedCells(const QAbstractItemView& view);

} // namespace gradus::pages
