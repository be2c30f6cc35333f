// SPDX-License-Identifier: GPL-3.0-or-later
// A whole table painted, rows that are scrolled out of sight as well: for pictures in files.
#pragma once

#include "common/tokens.h"

#include <QSizeF>

class QPainter;
class QTableView;

namespace gradus::pages {

/// Header and every row and column that is not hidden, at their widths and heights in the view, in pixels of 1/96 inch.
QSizeF wholeSize(const QTableView& table);

/// Cells as the view's own delegates draw them, without selection; the corner is the painter's origin. secondLine: the
/// header's role whose text stands below its title; -1: none.
void paintWhole(QPainter& painter, const QTableView& table, const common::Tokens& tokens, int secondLine = -1);

} // namespace gradus::pages
