// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/queue_delegate.h"

#include "pages/queue/queue_model.h"
#include "pages/shared/run_look.h"

#include <QPainter>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kPadding = 12;
constexpr int kIcon = 16;
constexpr int kBarWidth = 72;
constexpr int kBarHeight = 6;

/// Draws text elided into rect from the left; returns where it ends.
int drawWord(QPainter& painter, const QRect& rect, const QString& text, const QFont& font, const QColor& colour,
             Qt::TextElideMode mode = Qt::ElideRight)
{
    painter.setFont(font);
    painter.setPen(colour);
    const QString shown = painter.fontMetrics().elidedText(text, mode, std::max(rect.width(), 0));
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
    return rect.left() + painter.fontMetrics().horizontalAdvance(shown);
}

} // namespace

QueueDelegate::QueueDelegate(const common::ThemeController& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme)
{
}

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {40, kRowHeight};
}

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->setLayoutDirection(Qt::LeftToRight); // as the table is laid out
    const common::Tokens& tokens = m_theme.tokens();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool group = index.data(QueueModel::IsGroupRole).toBool();
    painter->save();
    if (group || selected || option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, selected ? tokens.accentWeak : tokens.surface2);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokens.grid);
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, -1);
    if (group) {
        if (index.column() == QueueModel::StateColumn) paintGroup(*painter, cell, index);
        painter->restore();
        return;
    }
    switch (index.column()) {
    case QueueModel::StateColumn: {
        const auto state = static_cast<store::RunState>(index.data(QueueModel::StateRole).toInt());
        common::paintIcon(*painter, QRectF(cell.left(), cell.center().y() - kIcon / 2 + 0.5, kIcon, kIcon),
                          iconOf(state), colourOf(state, tokens));
        drawWord(*painter, cell.adjusted(kIcon + 7, 0, 0, 0), index.data().toString(),
                 common::typeFont(common::Type::Body), tokens.text);
        break;
    }
    case QueueModel::RunColumn:
        paintRun(*painter, cell, index, selected);
        break;
    case QueueModel::ProgressColumn:
        paintProgress(*painter, cell, index);
        break;
    default:
        painter->setFont(common::numericFont(common::Type::Body));
        painter->setPen(tokens.text2);
        painter->drawText(cell, Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
        break;
    }
    painter->restore();
}

void QueueDelegate::paintGroup(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    // The head spans all columns of the view.
    const common::Tokens& tokens = m_theme.tokens();
    int x = drawWord(painter, cell, index.data().toString(), common::typeFont(common::Type::SmallStrong), tokens.text);
    x = drawWord(painter, QRect(QPoint(x + 8, cell.top()), cell.bottomRight()),
                 QString::number(index.data(QueueModel::CountRole).toInt()), common::numericFont(common::Type::Small),
                 tokens.text2);
    drawWord(painter, QRect(QPoint(x + 8, cell.top()), cell.bottomRight()),
             index.data(QueueModel::ReasonRole).toString(), common::typeFont(common::Type::Small), tokens.text2);
}

void QueueDelegate::paintRun(QPainter& painter, const QRect& cell, const QModelIndex& index, bool selected) const
{
    const common::Tokens& tokens = m_theme.tokens();
    // In the middle: a name's end is its seed, which is all that tells the runs of a condition apart.
    const int end = drawWord(painter, cell, index.data().toString(),
                             common::typeFont(selected ? common::Type::BodyStrong : common::Type::Body), tokens.text,
                             Qt::ElideMiddle);
    const QRect rest(QPoint(end + 8, cell.top()), cell.bottomRight());
    if (rest.width() > 30)
        drawWord(painter, rest, index.data(QueueModel::ReasonRole).toString(), common::typeFont(common::Type::Small),
                 index.data(QueueModel::IsBadRole).toBool() ? tokens.danger : tokens.text2);
}

void QueueDelegate::paintProgress(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const auto state = static_cast<store::RunState>(index.data(QueueModel::StateRole).toInt());
    const double progress = std::clamp(index.data(QueueModel::ProgressRole).toDouble(), 0.0, 1.0);
    const bool began = progress > 0 || state != store::RunState::Queued;
    painter.setFont(common::numericFont(common::Type::Body));
    painter.setPen(began ? tokens.text : tokens.text2);
    painter.drawText(cell, (began ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, index.data().toString());
    if (!began) return;
    const QRectF bar(cell.left(), cell.center().y() - kBarHeight / 2 + 0.5, kBarWidth, kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.grid);
    painter.drawRoundedRect(bar, 3, 3);
    if (progress <= 0) return;
    painter.setBrush(colourOf(state, tokens));
    painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(3.0, bar.width() * progress), kBarHeight)), 3, 3);
}

} // namespace gradus::pages
