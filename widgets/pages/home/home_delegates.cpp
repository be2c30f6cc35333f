// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/home_delegates.h"

#include "common/controls.h"
#include "pages/home/recent_models.h"
#include "pages/shared/run_look.h"

#include <QPainter>

namespace gradus::pages {

namespace {

constexpr int kPadding = 12;
constexpr int kIconSide = 16;

} // namespace

HomeDelegate::HomeDelegate(const common::ThemeController& theme, int nameColumn, int quietFrom, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_nameColumn(nameColumn), m_quietFrom(quietFrom)
{
}

void HomeDelegate::paintCurve(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    const auto values = index.data(kCurveRole).value<QVector<double>>();
    if (values.isEmpty()) return;
    const QRectF area(cell.left() + kPadding, cell.center().y() - 9, std::min(76, cell.width() - 2 * kPadding), 20);
    const QVariant state = index.siblingAtColumn(0).data(kStateRole);
    const common::Tokens& t = m_theme.tokens();
    const bool failed = state.isValid() && store::RunState(state.toInt()) == store::RunState::Failed;
    common::paintSparkline(painter, area, values, failed ? t.seriesAt(7).line : t.seriesAt(0).line);
}

int HomeDelegate::paintState(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    const QVariant state = index.data(kStateRole);
    if (!state.isValid()) return 0;
    const auto run = store::RunState(state.toInt());
    const QPointF corner(cell.left() + kPadding, cell.top() + (cell.height() - kIconSide) / 2);
    painter.drawPixmap(corner, common::iconPixmap(iconOf(run), colourOf(run, m_theme.tokens()), kIconSide,
                                                  painter.device()->devicePixelRatioF()));
    return kIconSide + 6;
}

void HomeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const common::Tokens& t = m_theme.tokens();
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    if (selected)
        painter->fillRect(option.rect, t.accentWeak);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, t.surface2);
    painter->setPen(t.grid);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if ((option.state & QStyle::State_HasFocus) && index.column() == m_nameColumn) {
        painter->setPen(QPen(t.accent, 2));
        painter->drawRect(option.rect.adjusted(2, 2, -2, -3));
    }
    if (index.data(kCurveRole).isValid()) {
        paintCurve(*painter, option.rect, index);
        painter->restore();
        return;
    }
    const bool isName = index.column() == m_nameColumn;
    const int indent = isName ? paintState(*painter, option.rect, index) : 0;
    const bool right = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()).testFlag(Qt::AlignRight);
    QRect area = option.rect.adjusted(kPadding + indent, 0, -kPadding, -1);
    const bool unsaved = isName && index.data(kUnsavedRole).toBool();
    if (unsaved) area.adjust(0, 0, -12, 0);
    painter->setFont(isName  ? common::typeFont(selected ? common::Type::BodyStrong : common::Type::BodyMedium)
                     : right ? common::numericFont(common::Type::Body)
                             : common::typeFont(common::Type::Body));
    const bool broken = !isName && !right && index.data(kBrokenRole).toBool();
    painter->setPen(broken ? t.danger : !isName && index.column() >= m_quietFrom ? t.text2 : t.text);
    const QString text = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, area.width());
    painter->drawText(area, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine, text);
    if (unsaved) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(t.text2);
        painter->drawEllipse(
            QPointF(area.left() + painter->fontMetrics().horizontalAdvance(text) + 8, area.center().y() + 1), 2, 2);
    }
    painter->restore();
}

} // namespace gradus::pages
