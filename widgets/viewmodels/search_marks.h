// SPDX-License-Identifier: GPL-3.0-or-later
// Where a search stands in a shown text, by the store's rule of words.
#pragma once

#include "viewmodels/hostile_text.h"

#include <QString>
#include <QVector>

namespace gradus::viewmodels {

/// Ranges of text, increasing, in which the words of sought stand in a row, whatever is between them; the last word may
/// go on. Letter case does not count. A search without a word is looked for as it stands. At most 1,000 of them.
QVector<NamedRange> searchMarks(const QString& text, const QString& sought);

} // namespace gradus::viewmodels
