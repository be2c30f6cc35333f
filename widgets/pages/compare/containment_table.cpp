// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/containment_table.h"

#include "common/controls.h"
#include "pages/shared/copy_cells.h"
#include "pages/shared/quiet_table.h"
#include "viewmodels/containment_model.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace gradus::pages {

using viewmodels::ContainmentModel;
using Tone = viewmodels::ContainmentCell::Tone;

namespace {

constexpr int kOneLine = 26;
constexpr int kTwoLines = 40;
constexpr int kHeader = 28;
constexpr int kPadding = 10;
constexpr int kShareWidth = 96; // of the line from 0 to 1
constexpr double kDot = 3;

class CellDelegate final : public QStyledItemDelegate
{
public:
    CellDelegate(const common::ThemeController& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->setLayoutDirection(Qt::LeftToRight); // as the table is laid out
        const common::Tokens& tokens = m_theme.tokens();
        const auto tone = static_cast<Tone>(index.data(ContainmentModel::ToneRole).toInt());
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, tokens.accentWeak);
        else if (tone == Tone::Bad)
            painter->fillRect(option.rect, tokens.dangerWeak);
        else if (tone == Tone::Warn)
            painter->fillRect(option.rect, tokens.warnWeak);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokens.grid);
        QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, -1);
        if (index.data(ContainmentModel::ValueRole).isValid()) {
            paintShare(*painter, cell, index);
            cell.setBottom(cell.top() + kOneLine - 2);
        }
        painter->setFont(fontOf(index));
        painter->setPen(tone == Tone::Bad     ? tokens.danger
                        : tone == Tone::Warn  ? tokens.warn
                        : tone == Tone::Quiet ? tokens.text2
                                              : tokens.text);
        painter->drawText(cell, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(tokens.accent, 2));
            painter->drawRect(option.rect.adjusted(1, 1, -2, -3));
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        const int text = QFontMetrics(fontOf(index)).horizontalAdvance(index.data().toString()) + 2 * kPadding + 4;
        const bool isShare = index.data(ContainmentModel::ValueRole).isValid();
        return {isShare ? std::max(text, kShareWidth + 2 * kPadding) : text, isShare ? kTwoLines : kOneLine};
    }

private:
    static QFont fontOf(const QModelIndex& index)
    {
        return index.column() == 0 ? common::typeFont(common::Type::BodyMedium)
                                   : common::numericFont(common::Type::Body);
    }

    /// The whole range, the interval on it, and a dot at the value.
    void paintShare(QPainter& painter, const QRect& cell, const QModelIndex& index) const
    {
        const common::Tokens& tokens = m_theme.tokens();
        const double y = cell.bottom() - 8;
        const double width = std::min(kShareWidth, cell.width()) - 2 * kDot;
        const auto x = [&](int role) { return cell.left() + kDot + width * index.data(role).toDouble(); };
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens.border, 1));
        painter.drawLine(QPointF(cell.left() + kDot, y), QPointF(cell.left() + kDot + width, y));
        painter.setPen(QPen(tokens.accent, 2));
        painter.drawLine(QPointF(x(ContainmentModel::LowRole), y), QPointF(x(ContainmentModel::HighRole), y));
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.accent);
        painter.drawEllipse(QPointF(x(ContainmentModel::ValueRole), y), kDot, kDot);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }

    const common::ThemeController& m_theme;
};

} // namespace

ContainmentTable::ContainmentTable(ContainmentModel& model, const common::ThemeController& theme, QWidget* parent)
    : QTableView(parent), m_model(model)
{
    common::keepLeftToRight(*this);
    setModel(&model);
    setItemDelegate(new CellDelegate(theme, this));
    makeQuiet(*this);
    horizontalHeader()->setFixedHeight(kHeader);
    horizontalHeader()->setHighlightSections(false);
    connect(&model, &QAbstractItemModel::modelReset, this, &ContainmentTable::refresh);
    connect(&theme, &common::ThemeController::changed, viewport(), qOverload<>(&QWidget::update));
}

void ContainmentTable::refresh()
{
    bool hasShares = false;
    for (const auto& row : m_model.grid().rows)
        for (const viewmodels::ContainmentCell& cell : row)
            hasShares = hasShares || cell.share.has_value();
    verticalHeader()->setDefaultSectionSize(hasShares ? kTwoLines : kOneLine);
    resizeColumnsToContents();
    for (int column = 0; column < m_model.columnCount(); ++column)
        setColumnWidth(column, std::min(columnWidth(column), column == 0 ? kWidestName : kWidest));
}

void ContainmentTable::keyPressEvent(QKeyEvent* event)
{
    if (!event->matches(QKeySequence::Copy)) return QTableView::keyPressEvent(event);
    copySelectedCells(*this);
}

} // namespace gradus::pages
