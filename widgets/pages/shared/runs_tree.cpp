// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/runs_tree.h"

#include "common/controls.h"
#include "pages/shared/tag_look.h"
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
constexpr int kDot = 7; // a tag without room for its word

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
    const int count = index.data(RunsModel::CountRole).toInt();
    const int measured = index.data(RunsModel::MeasuredRole).toInt(); // what the mean beside it rests on
    rest = drawWordAtEnd(painter, rest,
                         measured == count || measured == 0 ? tr("n %1").arg(count)
                                                            : tr("n %1 of %2").arg(measured).arg(count),
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
    if (showsTrend(index)) { // else the word stands where the trend would be
        drawState(painter, rest, index);
        painter.setFont(common::typeFont(common::Type::Small));
        const QString word = index.data(RunsModel::StateTextRole).toString();
        if (!word.isEmpty()) rest.setRight(rest.right() - painter.fontMetrics().horizontalAdvance(word) - kGap);
    }
    paintMarks(painter, rest, index);
}

void RunsDelegate::paintMarks(QPainter& painter, QRect cell, const QModelIndex& index) const
{
    const common::Tokens& tokens = m_theme.tokens();
    if (!index.data(RunsModel::NoteRole).toString().isEmpty() && cell.width() > kSquare + kGap) {
        const QRectF icon(cell.left(), cell.center().y() - 5, 12, 12);
        common::paintIcon(painter, icon, common::Icon::Draw, tokens.text2);
        cell.setLeft(cell.left() + 12 + kGap);
    }
    painter.setFont(common::typeFont(common::Type::Chart));
    const QStringList tags = index.data(RunsModel::TagsRole).toStringList();
    for (qsizetype i = 0; i < tags.size(); ++i) {
        const QColor colour = tagColour(tags[i], tokens);
        const int word = painter.fontMetrics().horizontalAdvance(tags[i]) + 10;
        const int others = static_cast<int>(tags.size() - i - 1) * (kDot + 3); // keep their dots' room
        painter.setPen(Qt::NoPen);
        if (word + others <= cell.width()) {
            const QRectF pill(cell.left(), cell.center().y() - 8 + 0.5, word, 16);
            painter.setBrush(common::blended(colour, tokens.surface, 0.16));
            painter.drawRoundedRect(pill, 8, 8);
            painter.setPen(colour);
            painter.drawText(pill, Qt::AlignCenter, tags[i]);
            cell.setLeft(cell.left() + word + 4);
        } else if (cell.width() >= kDot) {
            painter.setBrush(colour);
            painter.drawEllipse(QRectF(cell.left(), cell.center().y() - kDot / 2.0 + 0.5, kDot, kDot));
            cell.setLeft(cell.left() + kDot + 3);
        }
    }
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
