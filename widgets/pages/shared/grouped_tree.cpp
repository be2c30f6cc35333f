// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/grouped_tree.h"

#include "common/controls.h"
#include "common/icons.h"

#include <QHeaderView>
#include <QPainter>

namespace gradus::pages {

GroupedTree::GroupedTree(const common::ThemeController& theme, int isGroupRole, QWidget* parent)
    : QTreeView(parent), m_theme(theme), m_isGroupRole(isGroupRole)
{
    common::keepLeftToRight(*this);
    setUniformRowHeights(true);
    setIndentation(15);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    header()->setFixedHeight(kRowHeight);
    connect(&theme, &common::ThemeController::changed, viewport(), qOverload<>(&QWidget::update));
}

void GroupedTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const QRect row(0, option.rect.top(), viewport()->width(), option.rect.height());
    const QPoint pointer = viewport()->mapFromGlobal(QCursor::pos());
    const bool selected = selectionModel() != nullptr && selectionModel()->isRowSelected(index.row(), index.parent());
    if (selected)
        painter->fillRect(row, tokens.accentWeak);
    else if (index.data(m_isGroupRole).toBool() ||
             (viewport()->underMouse() && row.contains(pointer) && viewport()->rect().contains(pointer)))
        painter->fillRect(row, tokens.surface2);
    painter->fillRect(QRect(row.left(), row.bottom(), row.width(), 1), tokens.grid);
    QTreeView::drawRow(painter, option, index);
    if (index == currentIndex().siblingAtColumn(0) && hasFocus()) {
        painter->save();
        painter->setPen(QPen(tokens.accent, 2));
        painter->drawRect(row.adjusted(2, 2, -3, -4));
        painter->restore();
    }
}

void GroupedTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const
{
    if (!index.data(m_isGroupRole).toBool()) return;
    const common::Icon icon = isExpanded(index) ? common::Icon::ChevronDown : common::Icon::ChevronRight;
    const QRectF box(rect.right() - 15, rect.center().y() - 6.5, 14, 14);
    common::paintIcon(*painter, box, icon, m_theme.tokens().text2);
}

} // namespace gradus::pages
