// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/table_picture.h"

#include <QAbstractItemDelegate>
#include <QHeaderView>
#include <QPainter>
#include <QStyleOptionViewItem>
#include <QTableView>

namespace gradus::pages {

namespace {

constexpr double kPadding = 10;

/// Delegates draw from roles; what a style would add (focus, hover, selection) is no part of a picture.
QStyleOptionViewItem optionOf(const QTableView& table, const QModelIndex& index, const QRect& cell)
{
    QStyleOptionViewItem option;
    option.initFrom(&table);
    option.state = QStyle::State_Enabled;
    option.widget = &table;
    option.font = table.font();
    option.fontMetrics = table.fontMetrics();
    option.index = index;
    option.rect = cell;
    return option;
}

void paintHead(QPainter& painter, const QTableView& table, const common::Tokens& tokens, int secondLine)
{
    const QAbstractItemModel& model = *table.model();
    const int height = table.horizontalHeader()->height();
    double x = 0;
    for (int column = 0; column < model.columnCount(); ++column) {
        const QRectF cell(x, 0, table.columnWidth(column), height);
        x += cell.width();
        painter.fillRect(cell, tokens.surface2);
        painter.fillRect(QRectF(cell.left(), cell.bottom() - 1, cell.width(), 1), tokens.border);
        const QVariant side = model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole);
        const bool right = side.isValid() ? (side.toInt() & Qt::AlignRight) != 0 : secondLine >= 0 && column > 0;
        const QString below =
            secondLine < 0 ? QString() : model.headerData(column, Qt::Horizontal, secondLine).toString();
        const QRectF text = cell.adjusted(kPadding, 4, -kPadding, -5);
        const auto across = right ? Qt::AlignRight : Qt::AlignLeft;
        painter.setPen(tokens.text2);
        painter.setFont(common::typeFont(common::Type::SmallStrong));
        const QString title = model.headerData(column, Qt::Horizontal).toString();
        painter.drawText(text, static_cast<int>(across | (below.isEmpty() ? Qt::AlignVCenter : Qt::AlignTop)),
                         painter.fontMetrics().elidedText(title, Qt::ElideRight, static_cast<int>(text.width())));
        painter.setFont(common::typeFont(common::Type::Chart));
        painter.drawText(text, static_cast<int>(across | Qt::AlignBottom),
                         painter.fontMetrics().elidedText(below, Qt::ElideRight, static_cast<int>(text.width())));
    }
}

} // namespace

QSizeF wholeSize(const QTableView& table)
{
    QSizeF size(0, table.horizontalHeader()->height());
    for (int column = 0; column < table.model()->columnCount(); ++column)
        size.rwidth() += table.columnWidth(column);
    for (int row = 0; row < table.model()->rowCount(); ++row)
        size.rheight() += table.rowHeight(row);
    return size;
}

void paintWhole(QPainter& painter, const QTableView& table, const common::Tokens& tokens, int secondLine)
{
    paintHead(painter, table, tokens, secondLine);
    const QAbstractItemModel& model = *table.model();
    int y = table.horizontalHeader()->height();
    for (int row = 0; row < model.rowCount(); ++row) {
        int x = 0;
        for (int column = 0; column < model.columnCount(); ++column) {
            const QRect cell(x, y, table.columnWidth(column), table.rowHeight(row));
            const QModelIndex index = model.index(row, column);
            painter.save();
            table.itemDelegateForIndex(index)->paint(&painter, optionOf(table, index, cell), index);
            painter.restore();
            x += cell.width();
        }
        y += table.rowHeight(row);
    }
}

} // namespace gradus::pages
