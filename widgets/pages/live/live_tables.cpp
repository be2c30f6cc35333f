// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/live_tables.h"

#include "pages/shared/quiet_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <numeric>

namespace gradus::pages {

namespace {
constexpr int kPadding = 6;
constexpr int kEdge = 12;
constexpr int kSample = 14;
} // namespace

/// Paints words and figures itself: the base delegate has no tabular face and no coloured sample.
class LiveTable::Delegate final : public QStyledItemDelegate
{
public:
    Delegate(const common::ThemeController& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const common::Tokens& tokens = m_theme.tokens();
        const bool first = index.column() == 0;
        const bool last = index.column() == index.model()->columnCount() - 1;
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected)) painter->fillRect(option.rect, tokens.accentWeak);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokens.grid);
        QRect cell = option.rect.adjusted(first ? kEdge : kPadding, 0, last ? -kEdge : -kPadding, -1);
        if (index.column() == styleColumn) {
            const common::SeriesStyle& style = tokens.seriesAt(index.data(styleRole).toInt());
            painter->setPen(QPen(style.line, 2));
            painter->drawLine(cell.left(), cell.center().y(), cell.left() + kSample, cell.center().y());
            cell.setLeft(cell.left() + kSample + 6);
        }
        const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
        const bool number = alignment.testFlag(Qt::AlignRight);
        const bool struck = struckRole && index.data(*struckRole).toBool();
        QFont font = number ? common::numericFont(common::Type::Small) : common::typeFont(common::Type::Small);
        font.setStrikeOut(struck);
        painter->setFont(font);
        painter->setPen(struck || index.column() == quietColumn ? tokens.text2 : tokens.text);
        const QString text = index.data().toString();
        painter->drawText(cell, static_cast<int>(alignment),
                          number ? text : painter->fontMetrics().elidedText(text, Qt::ElideRight, cell.width()));
        painter->restore();
    }

    int styleColumn = -1;
    int styleRole = 0;
    int quietColumn = -1;
    std::optional<int> struckRole;

private:
    const common::ThemeController& m_theme;
};

/// Header sections in the same gutters as the cells below them.
class LiveHeaderView final : public QHeaderView
{
public:
    LiveHeaderView(const common::ThemeController& theme, QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
    {
        setFixedHeight(LiveTable::kRowHeight);
    }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        const common::Tokens& tokens = m_theme.tokens();
        painter->save();
        painter->fillRect(rect, tokens.surface);
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.grid);
        const QRect cell =
            rect.adjusted(section == 0 ? kEdge : kPadding, 0, section == count() - 1 ? -kEdge : -kPadding, -1);
        const auto alignment =
            Qt::Alignment(model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).toInt());
        painter->setFont(common::typeFont(common::Type::ChartStrong));
        painter->setPen(tokens.text2);
        painter->drawText(cell, static_cast<int>(alignment), model()->headerData(section, Qt::Horizontal).toString());
        painter->restore();
    }

private:
    const common::ThemeController& m_theme;
};

LiveTable::LiveTable(QAbstractItemModel& model, const common::ThemeController& theme, QWidget* parent)
    : QTableView(parent), m_delegate(new Delegate(theme, this))
{
    auto* head = new LiveHeaderView(theme, this);
    setHorizontalHeader(head);
    setModel(&model);
    setItemDelegate(m_delegate);
    head->setSectionResizeMode(QHeaderView::Fixed);
    head->setMinimumSectionSize(20);
    makeQuiet(*this);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    connect(&theme, &common::ThemeController::changed, this, [this, head] {
        viewport()->update();
        head->viewport()->update();
    });
}

void LiveTable::setShares(const QVector<int>& shares)
{
    m_shares = shares;
    share();
}

void LiveTable::setStyleRole(int column, int role)
{
    m_delegate->styleColumn = column;
    m_delegate->styleRole = role;
}

void LiveTable::setQuietColumn(int column)
{
    m_delegate->quietColumn = column;
}

void LiveTable::setStruckRole(int role)
{
    m_delegate->struckRole = role;
}

QSize LiveTable::sizeHint() const
{
    return {300, kRowHeight * ((model() != nullptr ? model()->rowCount() : 0) + 1) + 2};
}

void LiveTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    share();
}

void LiveTable::share()
{
    const int sum = std::accumulate(m_shares.begin(), m_shares.end(), 0);
    if (sum == 0) return;
    // Titles in the font and the gutters in which they are painted. Where there is no room for all of them the table
    // scrolls: a title that is cut says nothing.
    const QFontMetrics metrics(common::typeFont(common::Type::ChartStrong));
    const auto least = [&](int column) {
        const bool first = column == 0;
        const bool last = column + 1 == m_shares.size();
        return metrics.horizontalAdvance(model()->headerData(column, Qt::Horizontal).toString()) +
               (first ? kEdge : kPadding) + (last ? kEdge : kPadding) + 1;
    };
    int later = 0; // what the columns after this one need
    for (int i = 0; i < m_shares.size(); ++i)
        later += least(i);
    int left = std::max(viewport()->width(), later);
    int weight = sum;
    for (int i = 0; i < m_shares.size(); ++i) {
        later -= least(i);
        const int wide = std::clamp(left * m_shares[i] / weight, least(i), std::max(least(i), left - later));
        horizontalHeader()->resizeSection(i, wide);
        left -= wide;
        weight -= m_shares[i];
    }
}

} // namespace gradus::pages
