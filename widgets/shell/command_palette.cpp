// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/command_palette.h"

#include "common/controls.h"
#include "viewmodels/fuzzy.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace gradus::shell {

namespace {
constexpr QSize kSize{560, 420};
constexpr qsizetype kLongestName = 200; // characters
} // namespace

CommandPalette::CommandPalette(QVector<PaletteEntry> entries, QWidget* parent)
    : QDialog(parent), m_entries(std::move(entries)), m_field(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Do or open"));
    resize(kSize);
    auto* column = new QVBoxLayout(this);
    m_field->setPlaceholderText(tr("A few letters of an action, a page or a run"));
    m_field->setAccessibleName(m_field->placeholderText());
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("What fits"));
    m_list->setFocusPolicy(Qt::NoFocus); // the field keeps the keys
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    column->addWidget(m_field);
    column->addWidget(m_list, 1);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::narrow);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
    narrow({});
}

void CommandPalette::narrow(const QString& typed)
{
    QVector<std::pair<int, qsizetype>> found;
    for (qsizetype i = 0; i < m_entries.size(); ++i)
        if (const auto score = viewmodels::fuzzyScore(typed, m_entries[i].name)) found.append({*score, i});
    const auto better = [](const auto& a, const auto& b) { return a.first > b.first; };
    std::stable_sort(found.begin(), found.end(), better);
    m_shown.clear();
    m_list->clear();
    for (const auto& [score, entry] : found) {
        if (m_shown.size() == kMostShown) break;
        m_shown.append(entry);
        const PaletteEntry& shown = m_entries[entry];
        m_list->addItem(shown.name.left(kLongestName) +
                        (shown.hint.isEmpty() ? QString() : QStringLiteral("   ") + shown.hint));
    }
    m_list->setCurrentRow(m_shown.isEmpty() ? -1 : 0);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_field || event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
    const int last = m_list->count() - 1;
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Up:
        m_list->setCurrentRow(std::max(0, m_list->currentRow() - 1));
        return true;
    case Qt::Key_Down:
        m_list->setCurrentRow(std::min(last, m_list->currentRow() + 1));
        return true;
    case Qt::Key_PageUp:
        m_list->setCurrentRow(std::max(0, m_list->currentRow() - 10));
        return true;
    case Qt::Key_PageDown:
        m_list->setCurrentRow(std::min(last, m_list->currentRow() + 10));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose();
        return true;
    default:
        return false;
    }
}

void CommandPalette::choose()
{
    const int row = m_list->currentRow();
    if (row < 0 || row >= m_shown.size()) return;
    const std::function<void()> act = m_entries[m_shown[row]].act;
    accept();
    act(); // after the palette is closed: what it opens gets the focus
}

} // namespace gradus::shell
