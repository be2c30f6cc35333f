// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/summary_table.h"

#include "common/controls.h"
#include "common/icons.h"
#include "pages/shared/copy_cells.h"
#include "pages/shared/marker_sample.h"
#include "pages/shared/quiet_table.h"
#include "viewmodels/comparison_table_model.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace gradus::pages {

using viewmodels::ComparisonTableModel;

namespace {

constexpr int kOneLine = 28;
constexpr int kTwoLines = 44;
constexpr int kHeader = 42;
constexpr int kPadding = 10;
constexpr int kMarker = 18;
constexpr double kHeat = 0.26; // of accent at the best of a column

class FigureDelegate final : public QStyledItemDelegate
{
public:
    FigureDelegate(const common::ThemeController& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->setLayoutDirection(Qt::LeftToRight); // as the table is laid out
        const common::Tokens& tokens = m_theme.tokens();
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, tokens.accentWeak);
        else if (const QVariant heat = index.data(ComparisonTableModel::HeatRole); heat.isValid())
            painter->fillRect(option.rect, common::blended(tokens.accent, tokens.surface, kHeat * heat.toDouble()));
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokens.grid);
        if (isContrast(index) && !isContrast(index.siblingAtRow(index.row() - 1))) // they begin here
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 2), tokens.border);
        const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, -1);
        if (index.column() == ComparisonTableModel::NameColumn)
            paintName(*painter, cell, index);
        else
            paintFigure(*painter, cell, index);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(tokens.accent, 2));
            painter->drawRect(option.rect.adjusted(1, 1, -2, -3));
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        const QFontMetrics body(common::numericFont(common::Type::BodyStrong));
        const QFontMetrics small(common::numericFont(common::Type::Small));
        if (index.column() == ComparisonTableModel::NameColumn) {
            int name = 0;
            for (const QString& line : namesOf(index))
                name = std::max(name, body.horizontalAdvance(line));
            return {name + 2 * kPadding + kMarker + 24, kOneLine};
        }
        int width = body.horizontalAdvance(index.data().toString()) + 2 * kPadding;
        const QString interval = index.data(ComparisonTableModel::IntervalRole).toString();
        if (!interval.isEmpty()) width += small.horizontalAdvance(interval) + 5;
        const QString difference = index.data(ComparisonTableModel::DifferenceRole).toString();
        return {std::max(width, small.horizontalAdvance(difference) + 2 * kPadding) + 2, kOneLine};
    }

private:
    static bool isContrast(const QModelIndex& index)
    {
        return !index.data(ComparisonTableModel::MinusRole).toString().isEmpty();
    }

    /// One line; of a contrast two.
    static QStringList namesOf(const QModelIndex& index)
    {
        if (!isContrast(index)) return {index.data().toString()};
        return {index.data(ComparisonTableModel::FirstNameRole).toString(),
                index.data(ComparisonTableModel::MinusRole).toString()};
    }

    void paintName(QPainter& painter, const QRect& cell, const QModelIndex& index) const
    {
        const common::Tokens& tokens = m_theme.tokens();
        const QStringList names = namesOf(index);
        const int styles[] = {ComparisonTableModel::StyleRole, ComparisonTableModel::MinusStyleRole};
        const bool baseline = index.data(ComparisonTableModel::BaselineRole).toBool();
        for (int i = 0; i < names.size(); ++i) {
            QRect line = cell;
            if (names.size() > 1) line.setHeight(cell.height() / 2);
            if (i > 0) line.moveBottom(cell.bottom());
            paintStyleMarker(painter, QRectF(line.left(), line.top(), 10, line.height()), tokens,
                             index.data(styles[i]).toInt());
            QRect rest = line.adjusted(kMarker, 0, 0, 0);
            if (baseline) {
                rest.setRight(rest.right() - 18);
                common::paintIcon(painter, QRectF(rest.right() + 3, line.center().y() - 6, 13, 13), common::Icon::Star,
                                  tokens.warn);
            }
            painter.setFont(common::typeFont(i == 0 ? common::Type::BodyMedium : common::Type::Body));
            painter.setPen(tokens.text);
            painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(names[i], Qt::ElideRight, rest.width()));
        }
    }

    void paintFigure(QPainter& painter, QRect cell, const QModelIndex& index) const
    {
        const common::Tokens& tokens = m_theme.tokens();
        const QString difference = index.data(ComparisonTableModel::DifferenceRole).toString();
        painter.setFont(common::numericFont(common::Type::Small));
        if (!difference.isEmpty()) {
            painter.setPen(tokens.text2);
            painter.drawText(QRect(cell.left() - 8, cell.center().y() + 1, cell.width() + 8, 18),
                             Qt::AlignRight | Qt::AlignVCenter, difference);
            cell.setBottom(cell.center().y() + 2);
        }
        const QString interval = index.data(ComparisonTableModel::IntervalRole).toString();
        if (!interval.isEmpty()) {
            painter.setPen(tokens.text2);
            painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, interval);
            cell.setRight(cell.right() - painter.fontMetrics().horizontalAdvance(interval) - 5);
        }
        const bool best = index.data(ComparisonTableModel::BestRole).toBool();
        painter.setFont(common::numericFont(best ? common::Type::BodyStrong : common::Type::Body));
        painter.setPen(tokens.text);
        painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
    }

    const common::ThemeController& m_theme;
};

/// What is measured, its unit below, and an arrow where it sorts.
class FigureHeader final : public QHeaderView
{
public:
    FigureHeader(const common::ThemeController& theme, QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
    {
        setFixedHeight(kHeader);
        setSectionsClickable(true);
        setSortIndicatorShown(true);
    }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        const common::Tokens& tokens = m_theme.tokens();
        const bool sorts = sortIndicatorSection() == section;
        painter->save();
        painter->fillRect(rect, tokens.surface2);
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.border);
        QRect cell = rect.adjusted(kPadding, 4, -kPadding, -5);
        const QString unit = model()->headerData(section, Qt::Horizontal, ComparisonTableModel::UnitRole).toString();
        const auto side = section == 0 ? Qt::AlignLeft : Qt::AlignRight;
        QString title = model()->headerData(section, Qt::Horizontal).toString();
        if (sorts) title += sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral(" ↑") : QStringLiteral(" ↓");
        painter->setFont(common::typeFont(common::Type::SmallStrong));
        painter->setPen(sorts ? tokens.accent : tokens.text2);
        const auto vertical = unit.isEmpty() ? Qt::AlignVCenter : Qt::AlignTop;
        painter->drawText(cell, static_cast<int>(side | vertical),
                          painter->fontMetrics().elidedText(title, Qt::ElideRight, cell.width()));
        painter->setFont(common::typeFont(common::Type::Chart));
        painter->setPen(tokens.text2);
        painter->drawText(cell, static_cast<int>(side | Qt::AlignBottom),
                          painter->fontMetrics().elidedText(unit, Qt::ElideRight, cell.width()));
        painter->restore();
    }

    QSize sectionSizeFromContents(int section) const override
    {
        const QFontMetrics strong(common::typeFont(common::Type::SmallStrong));
        const QFontMetrics small(common::typeFont(common::Type::Chart));
        const QString unit = model()->headerData(section, Qt::Horizontal, ComparisonTableModel::UnitRole).toString();
        const QString title = model()->headerData(section, Qt::Horizontal).toString() + QStringLiteral(" ↓");
        return {std::max(strong.horizontalAdvance(title), small.horizontalAdvance(unit)) + 2 * kPadding + 4, kHeader};
    }

private:
    const common::ThemeController& m_theme;
};

} // namespace

SummaryTable::SummaryTable(ComparisonTableModel& model, const common::ThemeController& theme, QWidget* parent)
    : QTableView(parent), m_model(model)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("summaryTable"));
    setAccessibleName(tr("Final figures"));
    auto* head = new FigureHeader(theme, this);
    setHorizontalHeader(head);
    setModel(&model);
    setItemDelegate(new FigureDelegate(theme, this));
    makeQuiet(*this);
    head->setSortIndicator(-1, Qt::DescendingOrder);
    connect(head, &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) { m_model.sort(column, order); });
    connect(&model, &QAbstractItemModel::modelReset, this, &SummaryTable::refresh);
    connect(&theme, &common::ThemeController::changed, this, [this, head] {
        viewport()->update();
        head->viewport()->update();
    });
}

void SummaryTable::refresh()
{
    bool second = !m_model.table().contrasts.empty(); // their names take two lines
    for (const compare::TableRow& row : m_model.table().rows)
        for (const compare::TableCell& cell : row.cells)
            second = second || cell.difference.has_value();
    verticalHeader()->setDefaultSectionSize(second ? kTwoLines : kOneLine);
    resizeColumnsToContents();
}

void SummaryTable::keyPressEvent(QKeyEvent* event)
{
    if (!event->matches(QKeySequence::Copy)) return QTableView::keyPressEvent(event);
    copySelectedCells(*this);
}

} // namespace gradus::pages
