// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/runs_tree.h"

#include "common/controls.h"
#include "store/records.h"
#include "viewmodels/runs_model.h"

#include <QPainter>

#include <algorithm>

namespace gradus::pages {

using viewmodels::RunsModel;

namespace {

constexpr int kGap = 6;
constexpr int kIcon = 14;
constexpr int kSquare = 9;

struct StateLook
{
    common::Icon icon;
    QColor colour;
    bool wordIsBad = false;
};

StateLook lookOf(store::RunState state, const common::Tokens& tokens)
{
    using store::RunState;
    switch (state) {
    case RunState::Queued:
        return {common::Icon::Circle, tokens.text2};
    case RunState::Preparing:
        return {common::Icon::Clock, tokens.text2};
    case RunState::Running:
        return {common::Icon::Disc, tokens.ok};
    case RunState::Stopping:
        return {common::Icon::Pause, tokens.warn};
    case RunState::Stopped:
        return {common::Icon::Stop, tokens.warn};
    case RunState::Finished:
        return {common::Icon::Tick, tokens.text2};
    case RunState::Failed:
        return {common::Icon::Cross, tokens.danger, true};
    case RunState::Crashed:
        return {common::Icon::TriangleWarning, tokens.danger, true};
    }
    return {common::Icon::Circle, tokens.text2};
}

/// Draws text elided into rect from the left and returns what is left of rect.
QRect drawWord(QPainter& painter, QRect rect, const QString& word, const QFont& font, const QColor& colour)
{
    if (word.isEmpty() || rect.width() < 8) return rect;
    painter.setFont(font);
    painter.setPen(colour);
    const QString shown = painter.fontMetrics().elidedText(word, Qt::ElideRight, rect.width());
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, shown);
    rect.setLeft(rect.left() + painter.fontMetrics().horizontalAdvance(shown) + kGap);
    return rect;
}

/// The same at the right end.
QRect drawWordAtEnd(QPainter& painter, QRect rect, const QString& word, const QFont& font, const QColor& colour)
{
    if (word.isEmpty() || rect.width() < 8) return rect;
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter, word);
    rect.setRight(rect.right() - painter.fontMetrics().horizontalAdvance(word) - kGap);
    return rect;
}

} // namespace

RunsDelegate::RunsDelegate(const common::ThemeController& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme)
{
}

QSize RunsDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {40, RunsTree::kRowHeight};
}

void RunsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->setLayoutDirection(Qt::LeftToRight); // as the table is laid out
    const common::Tokens& tokens = m_theme.tokens();
    const bool group = index.data(RunsModel::IsGroupRole).toBool();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor series = tokens.seriesAt(index.data(RunsModel::ColourRole).toInt()).line;
    switch (index.column()) {
    case RunsModel::RunColumn:
        if (group)
            paintGroupName(*painter, option.rect, index);
        else
            paintRunName(*painter, option.rect, index, selected);
        break;
    case RunsModel::HistoryColumn: {
        const auto values = index.data(RunsModel::HistoryRole).value<QVector<double>>();
        if (values.size() <= 1 && !group)
            drawState(*painter, option.rect.adjusted(0, 0, -6, 0), index);
        else if (values.size() > 1)
            common::paintSparkline(*painter, QRectF(option.rect).adjusted(4, 6, -6, -6), values, series);
        break;
    }
    case RunsModel::UtilityColumn: {
        const common::Type type = group ? common::Type::BodyStrong : common::Type::Body;
        painter->setFont(common::numericFont(type));
        painter->setPen(index.data(RunsModel::UtilityRole).isValid() ? tokens.text : tokens.text2);
        painter->drawText(option.rect.adjusted(0, 0, -12, 0), Qt::AlignRight | Qt::AlignVCenter,
                          index.data().toString());
        break;
    }
    default:
        break;
    }
    painter->restore();
}

void RunsDelegate::paintGroupName(QPainter& painter, QRect cell, const QModelIndex& index) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const QRect square(cell.left() + 2, cell.center().y() - kSquare / 2, kSquare, kSquare);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.seriesAt(index.data(RunsModel::ColourRole).toInt()).line);
    painter.drawRoundedRect(square, 2, 2);
    QRect rest = cell.adjusted(kSquare + 2 + kGap, 0, -kGap, 0);
    rest = drawWordAtEnd(painter, rest, tr("n %1").arg(index.data(RunsModel::CountRole).toInt()),
                         common::numericFont(common::Type::Small), tokens.text2);
    rest = drawWord(painter, rest, index.data().toString(), common::typeFont(common::Type::BodyStrong), tokens.text);
    if (rest.width() > 40)
        drawWord(painter, rest, index.data(RunsModel::ContextRole).toString(), common::typeFont(common::Type::Small),
                 tokens.text2);
}

void RunsDelegate::paintRunName(QPainter& painter, QRect cell, const QModelIndex& index, bool selected) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const StateLook look = lookOf(static_cast<store::RunState>(index.data(RunsModel::StateRole).toInt()), tokens);
    const QRectF icon(cell.left() + 1, cell.center().y() - kIcon / 2 + 0.5, kIcon, kIcon);
    common::paintIcon(painter, icon, look.icon, look.colour);
    QRect rest = cell.adjusted(kIcon + 1 + kGap, 0, -kGap, 0);
    const common::Type type = selected ? common::Type::BodyStrong : common::Type::Body;
    rest = drawWord(painter, rest, index.data().toString(), common::typeFont(type), tokens.text);
    if (!showsTrend(index)) return; // the word stands where the trend would be
    drawState(painter, rest, index);
}

bool RunsDelegate::showsTrend(const QModelIndex& index)
{
    return index.data(RunsModel::HistoryRole).value<QVector<double>>().size() > 1;
}

void RunsDelegate::drawState(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const auto state = static_cast<store::RunState>(index.data(RunsModel::StateRole).toInt());
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(lookOf(state, tokens).wordIsBad ? tokens.danger : tokens.text2);
    const QString word = index.data(RunsModel::StateTextRole).toString();
    painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(word, Qt::ElideRight, std::max(cell.width(), 0)));
}

RunsTree::RunsTree(const common::ThemeController& theme, QWidget* parent)
    : GroupedTree(theme, RunsModel::IsGroupRole, parent)
{
    setObjectName(QStringLiteral("runsTree"));
    setAccessibleName(tr("Runs"));
    setItemDelegate(new RunsDelegate(theme, this));
    setContextMenuPolicy(Qt::CustomContextMenu);
    setExpandsOnDoubleClick(false);
}

} // namespace gradus::pages
