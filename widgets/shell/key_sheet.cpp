// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/key_sheet.h"

#include "editor/lane_keys.h"

#include "common/tokens.h"

#include <QAction>
#include <QHeaderView>
#include <QLineEdit>
#include <QMap>
#include <QTableWidget>
#include <QVBoxLayout>

namespace gradus::shell {

KeySheet::KeySheet(QWidget& window) : QDialog(&window), m_table(new QTableWidget(this))
{
    setWindowTitle(tr("Keys"));
    resize(460, 520);
    QMap<QString, QString> keys;
    for (const QAction* action : window.findChildren<QAction*>()) {
        const QString name = action->text().remove(QLatin1Char('&'));
        if (!action->shortcut().isEmpty() && !name.isEmpty())
            keys[name] = action->shortcut().toString(QKeySequence::NativeText);
    }
    for (const editor::LaneKey& key : editor::laneKeys())
        keys[tr("Lane: %1").arg(key.does)] = key.key;
    auto* column = new QVBoxLayout(this);
    auto* search = new QLineEdit(this);
    search->setPlaceholderText(tr("Search"));
    search->setClearButtonEnabled(true);
    column->addWidget(search);
    m_table->setColumnCount(2);
    m_table->setRowCount(int(keys.size()));
    m_table->setHorizontalHeaderLabels({tr("Action"), tr("Key")});
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(28);
    m_table->setShowGrid(false);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    int row = 0;
    for (auto entry = keys.cbegin(); entry != keys.cend(); ++entry, ++row) {
        m_table->setItem(row, 0, new QTableWidgetItem(entry.key()));
        m_table->setItem(row, 1, new QTableWidgetItem(entry.value()));
    }
    column->addWidget(m_table, 1);
    connect(search, &QLineEdit::textChanged, this, &KeySheet::filter);
}

void KeySheet::filter(const QString& text)
{
    for (int row = 0; row < m_table->rowCount(); ++row)
        m_table->setRowHidden(row, !m_table->item(row, 0)->text().contains(text, Qt::CaseInsensitive));
}

} // namespace gradus::shell
