// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/schema_panel.h"

#include "base/text.h"
#include "common/controls.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QSet>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kTitleHeight = 40;
constexpr int kRowHeight = 26;
constexpr int kNameRole = Qt::UserRole;

QString shown(const std::string& name)
{
    return QString::fromStdString(visible(name, 60));
}

QTreeWidgetItem* child(QTreeWidgetItem* parent, const QString& name, const QString& detail)
{
    auto* item = new QTreeWidgetItem(parent, {name, detail});
    item->setData(0, kNameRole, name);
    item->setFont(0, common::typeFont(common::Type::Mono));
    item->setFont(1, common::typeFont(common::Type::MonoLog));
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

} // namespace

SchemaPanel::SchemaPanel(QWidget* parent)
    : QFrame(parent), m_tree(new QTreeWidget), m_filter(new QLineEdit), m_version(common::makeHint({}))
{
    setProperty("panel", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* title = common::addBar(*column, kTitleHeight);
    title->addWidget(common::makeLabel(tr("Schema"), common::Type::SmallStrong));
    title->addWidget(m_version);
    title->addStretch();
    title->addWidget(common::makeLabel(tr("Rows"), common::Type::Small, QStringLiteral("quiet")));
    column->addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* search = common::addBar(*column, 44);
    m_filter->setObjectName(QStringLiteral("schemaFilter"));
    m_filter->setPlaceholderText(tr("Table or column"));
    m_filter->setClearButtonEnabled(true);
    search->addWidget(m_filter);
    m_tree->setObjectName(QStringLiteral("schema"));
    m_tree->setAccessibleName(tr("Schema"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(18);
    m_tree->setIconSize({16, 16});
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    column->addWidget(m_tree, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    common::addBar(*column, 28)->addWidget(common::makeHint(tr("Double-click inserts a name")));
    connect(m_filter, &QLineEdit::textChanged, this, &SchemaPanel::filter);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        if (const QString name = item->data(0, kNameRole).toString(); !name.isEmpty()) Q_EMIT nameChosen(name);
    });
}

void SchemaPanel::setFacts(const store::StoreFacts& facts)
{
    QSet<QString> open;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        if (m_tree->topLevelItem(i)->isExpanded()) open.insert(m_tree->topLevelItem(i)->text(0));
    m_tree->clear();
    m_version->setFullText(tr("version %1").arg(facts.format));
    const QLocale locale;
    for (const store::TableFacts& table : facts.tables) {
        auto* item = new QTreeWidgetItem(m_tree, {shown(table.name), locale.toString(qlonglong(table.rows))});
        item->setSizeHint(0, {0, kRowHeight});
        item->setData(0, kNameRole, item->text(0));
        item->setIcon(0, common::makeIcon(common::Icon::Database));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setFont(1, common::numericFont(common::Type::Small));
        for (const store::ColumnFacts& column : table.columns) {
            const QString type = column.refersTo.empty() ? shown(column.type) : tr("→ %1").arg(shown(column.refersTo));
            child(item, shown(column.name), type);
        }
        for (const std::string& index : table.indices)
            child(item, shown(index), tr("index"));
        item->setExpanded(open.contains(item->text(0)));
    }
    for (const std::string& view : facts.views)
        child(m_tree->invisibleRootItem(), shown(view), tr("view"));
    filter(m_filter->text());
}

void SchemaPanel::clear()
{
    m_tree->clear();
    m_version->setFullText({});
}

/// A table stays when it or one of its columns fits; then its fitting columns are shown.
void SchemaPanel::filter(const QString& text)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* table = m_tree->topLevelItem(i);
        const bool itself = table->text(0).contains(text, Qt::CaseInsensitive);
        bool any = itself;
        for (int c = 0; c < table->childCount(); ++c) {
            const bool fits = itself || table->child(c)->text(0).contains(text, Qt::CaseInsensitive);
            table->child(c)->setHidden(!fits);
            any = any || fits;
        }
        table->setHidden(!any);
        if (!text.isEmpty()) table->setExpanded(any && !itself);
    }
}

} // namespace gradus::pages
