// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/diff_table.h"

#include "pages/shared/copy_cells.h"
#include "pages/shared/quiet_table.h"
#include "viewmodels/diff_model.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace gradus::pages {

using viewmodels::DiffModel;

namespace {

constexpr int kPadding = 10;
constexpr int kKeyWidth = 206;
constexpr int kLeastWidth = 140;

class DiffDelegate final : public QStyledItemDelegate
{
public:
    DiffDelegate(const common::ThemeController& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const common::Tokens& tokens = m_theme.tokens();
        const bool changed = index.data(DiffModel::ChangedRole).toBool();
        painter->save();
        if (changed) painter->fillRect(option.rect, tokens.accentWeak);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokens.grid);
        QRect cell = option.rect.adjusted(kPadding, 0, -kPadding / 2, -1);
        painter->setFont(common::typeFont(common::Type::Mono));
        QString text = index.data().toString();
        if (index.column() == DiffModel::KeyColumn) {
            const QString section = index.data(DiffModel::SectionRole).toString();
            if (!section.isEmpty() && text.startsWith(section)) {
                painter->setPen(tokens.text2);
                painter->drawText(cell, Qt::AlignLeft | Qt::AlignVCenter, section);
                cell.setLeft(cell.left() + painter->fontMetrics().horizontalAdvance(section));
                text = text.mid(section.size());
            }
            painter->setPen(index.data(DiffModel::ConfoundRole).toBool() ? tokens.warn : tokens.text);
        } else {
            painter->setPen(changed || index.column() == DiffModel::FirstGroup ? tokens.text : tokens.text2);
        }
        painter->drawText(cell, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(text, Qt::ElideMiddle, cell.width()));
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->setPen(QPen(tokens.accent, option.state.testFlag(QStyle::State_HasFocus) ? 2 : 1));
            painter->drawRect(option.rect.adjusted(1, 1, -2, -3));
        }
        painter->restore();
    }

private:
    const common::ThemeController& m_theme;
};

} // namespace

DiffTable::DiffTable(DiffModel& model, const common::ThemeController& theme, QWidget* parent) : QTableView(parent)
{
    setModel(&model);
    setItemDelegate(new DiffDelegate(theme, this));
    makeQuiet(*this);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    horizontalHeader()->setFixedHeight(28);
    horizontalHeader()->setHighlightSections(false);
    connect(&model, &QAbstractItemModel::modelReset, this, &DiffTable::share);
    connect(&theme, &common::ThemeController::changed, viewport(), qOverload<>(&QWidget::update));
}

void DiffTable::share()
{
    const int groups = model()->columnCount() - DiffModel::FirstGroup;
    if (groups < 1) return;
    const int wide = std::max(kLeastWidth, (viewport()->width() - kKeyWidth) / groups);
    horizontalHeader()->resizeSection(DiffModel::KeyColumn, kKeyWidth);
    for (int i = 0; i < groups; ++i)
        horizontalHeader()->resizeSection(DiffModel::FirstGroup + i, wide);
}

void DiffTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    share();
}

void DiffTable::keyPressEvent(QKeyEvent* event)
{
    if (!event->matches(QKeySequence::Copy)) return QTableView::keyPressEvent(event);
    copySelectedCells(*this);
}

} // namespace gradus::pages
