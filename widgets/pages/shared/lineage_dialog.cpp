// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/lineage_dialog.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/shared/run_look.h"
#include "store/lineage.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <span>

namespace gradus::pages {

namespace {

constexpr int kRowHeight = 28;
constexpr int kRunRole = Qt::UserRole; ///< qint64 of the first column; 0: the store has no such run

enum Column
{
    RunColumn,
    FromColumn,
    StateColumn,
    UtilityColumn,
    ColumnCount,
};

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text));
}

} // namespace

LineageDialog::LineageDialog(const QVector<store::RunRow>& runs, std::int64_t run, QWidget* parent)
    : QDialog(parent), m_run(run), m_tree(new QTreeWidget(this)),
      m_words(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("lineageDialog"));
    setWindowTitle(tr("Lineage"));
    resize(720, 380);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_words);
    m_words->setWordWrap(true);
    m_tree->setObjectName(QStringLiteral("lineageTree"));
    m_tree->setAccessibleName(tr("Runs that came out of one another"));
    m_tree->setHeaderLabels({tr("Run"), tr("How it came"), tr("State"), tr("Utility")});
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(RunColumn, QHeaderView::Stretch);
    for (const int section : {FromColumn, StateColumn, UtilityColumn})
        m_tree->header()->setSectionResizeMode(section, QHeaderView::ResizeToContents);
    column->addWidget(m_tree, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton* openButton = buttons->addButton(tr("Open in Live"), QDialogButtonBox::AcceptRole);
    openButton->setDefault(true);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(openButton, &QPushButton::clicked, this, [this] { openRun(m_tree->currentItem()); });
    connect(m_tree, &QTreeWidget::itemActivated, this, &LineageDialog::openRun);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [openButton](const QTreeWidgetItem* item) {
        openButton->setEnabled(item != nullptr && item->data(RunColumn, kRunRole).toLongLong() != 0);
    });
    setRuns(runs);
    m_tree->setFocus();
}

void LineageDialog::setRuns(const QVector<store::RunRow>& runs)
{
    const QTreeWidgetItem* current = m_tree->currentItem();
    const qint64 chosen = current ? current->data(RunColumn, kRunRole).toLongLong() : m_run;
    const auto family = store::relativesOf(std::span(runs.constData(), static_cast<std::size_t>(runs.size())), m_run);
    m_tree->clear();
    QVector<QTreeWidgetItem*> path; // the place last met at every depth
    for (const store::Relative& relative : family) {
        auto* item = new QTreeWidgetItem;
        const store::RunRow* run = relative.run;
        item->setText(RunColumn, run ? tr("%1  %2").arg(shown(run->uuid.substr(0, 8)), nameOf(*run))
                                     : tr("%1  not in this store").arg(shown(relative.uuid.substr(0, 8))));
        item->setData(RunColumn, kRunRole, QVariant::fromValue<qint64>(run ? run->id : 0));
        if (relative.from) item->setText(FromColumn, QString::fromStdString(store::fromText(*relative.from)));
        if (run) {
            item->setText(StateColumn, wordOf(run->state));
            item->setText(UtilityColumn, common::numberText(run->lastUtility, 3));
            item->setTextAlignment(UtilityColumn, Qt::AlignRight | Qt::AlignVCenter);
        }
        if (run && run->id == m_run) {
            QFont strong = m_tree->font();
            strong.setBold(true);
            item->setFont(RunColumn, strong);
            item->setData(RunColumn, Qt::AccessibleTextRole, tr("%1, the run asked about").arg(item->text(RunColumn)));
        }
        item->setSizeHint(RunColumn, {0, kRowHeight});
        path.resize(relative.depth);
        if (path.isEmpty())
            m_tree->addTopLevelItem(item);
        else
            path.last()->addChild(item);
        path.append(item);
        if (run && run->id == chosen) m_tree->setCurrentItem(item);
    }
    m_tree->expandAll();
    m_words->setText(family.size() > 1 ? tr("A branch has the generations of the run above it up to the one named.")
                                       : tr("This run branched from no other, and none has branched from it."));
}

void LineageDialog::openRun(const QTreeWidgetItem* item)
{
    const qint64 run = item ? item->data(RunColumn, kRunRole).toLongLong() : 0;
    if (run == 0) return;
    Q_EMIT openRequested(run);
    accept();
}

} // namespace gradus::pages
