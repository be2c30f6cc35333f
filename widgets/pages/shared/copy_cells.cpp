// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/copy_cells.h"

#include "common/number_text.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace gradus::pages {

void copySelectedCells(const QAbstractItemView& view)
{
    QModelIndexList cells = view.selectionModel()->selectedIndexes();
    std::sort(cells.begin(), cells.end());
    QString text;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        if (i > 0) text += cells[i].row() == cells[i - 1].row() ? QLatin1Char('\t') : QLatin1Char('\n');
        text += common::withoutMarks(cells[i].data().toString());
    }
    QGuiApplication::clipboard()->setText(text);
}

} // namespace gradus::pages
