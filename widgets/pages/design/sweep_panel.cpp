// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/sweep_panel.h"

#include "common/controls.h"
#include "spec/keys.h"
#include "spec/sweep_edit.h"

#include <QAction>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kBarHeight = 40;
constexpr int kRowHeight = 26;
constexpr int kKeyWidth = 240;
constexpr int kNumberWidth = 80;

enum Column
{
    KeyColumn,
    NumberColumn,
    ValuesColumn,
    ColumnCount,
};

bool maySweep(const spec::KeyInfo& key)
{
    return !key.note && key.dotted() != "experiment.name" && key.dotted() != "experiment.seeds";
}

} // namespace

SweepPanel::SweepPanel(viewmodels::ScheduleDocument& document, QWidget* parent)
    : QFrame(parent), m_document(document), m_key(new QComboBox), m_values(new QLineEdit),
      m_add(common::makeButton(tr("Set axis"))),
      m_remove(common::makeButton(tr("Remove axis"), QStringLiteral("quiet"))),
      m_count(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"))), m_table(new QTableWidget)
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("sweepPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_table->setObjectName(QStringLiteral("sweepTable"));
    m_table->setAccessibleName(tr("Axes of the sweep"));
    m_table->setColumnCount(ColumnCount);
    m_table->setHorizontalHeaderLabels({tr("Key"), tr("Values"), tr("Which")});
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    common::fitSection(*m_table->horizontalHeader(), KeyColumn, kKeyWidth);
    common::fitSection(*m_table->horizontalHeader(), NumberColumn, kNumberWidth);
    column->addWidget(m_table, 1);
    auto* remove = new QAction(tr("Sweep: remove the axis"), this);
    remove->setShortcut(Qt::Key_Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    connect(remove, &QAction::triggered, this, &SweepPanel::removeCurrent);
    m_table->addAction(remove);
    connect(m_table, &QTableWidget::cellChanged, this, [this](int row, int at) {
        if (m_isRefreshing || at != ValuesColumn) return;
        setAxis(m_table->item(row, KeyColumn)->text(), m_table->item(row, ValuesColumn)->text());
    });
    connect(m_table, &QTableWidget::itemSelectionChanged, this,
            [this] { m_remove->setEnabled(m_document.isValid() && m_table->currentRow() >= 0); });
    connect(&document, &viewmodels::ScheduleDocument::textChanged, this, [this] {
        if (isVisible()) refresh();
    });
    refresh();
}

QWidget* SweepPanel::makeBar()
{
    auto* bar = new QWidget;
    bar->setFixedHeight(kBarHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    m_key->setObjectName(QStringLiteral("sweepKey"));
    m_key->setAccessibleName(tr("Key that is swept"));
    m_key->setEditable(true);
    m_key->setInsertPolicy(QComboBox::NoInsert);
    m_key->setMinimumWidth(kKeyWidth);
    for (const spec::KeyInfo& key : spec::knownKeys())
        if (maySweep(key)) m_key->addItem(QString::fromStdString(key.dotted()));
    m_key->completer()->setFilterMode(Qt::MatchContains);
    m_key->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_key->setCurrentText(QStringLiteral("gap.value"));
    m_values->setObjectName(QStringLiteral("sweepValues"));
    m_values->setAccessibleName(tr("Values of the axis"));
    m_values->setPlaceholderText(tr("values, like 0.2, 0.4, 0.8"));
    m_add->setObjectName(QStringLiteral("sweepAdd"));
    m_remove->setObjectName(QStringLiteral("sweepRemove"));
    m_count->setObjectName(QStringLiteral("sweepCount"));
    row->addWidget(m_key);
    row->addWidget(m_values, 1);
    row->addWidget(m_add);
    row->addWidget(m_remove);
    row->addWidget(m_count);
    const auto add = [this] { setAxis(m_key->currentText().trimmed(), m_values->text()); };
    connect(m_add, &QPushButton::clicked, this, add);
    connect(m_values, &QLineEdit::returnPressed, this, add);
    connect(m_remove, &QPushButton::clicked, this, &SweepPanel::removeCurrent);
    return bar;
}

void SweepPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    refresh();
}

void SweepPanel::setAxis(const QString& key, const QString& values)
{
    const auto toml = spec::axisToml(key.toStdString(), values.toStdString());
    say(toml ? m_document.setValue("sweep." + key.toStdString(), *toml, tr("Set axis %1").arg(key))
             : Result<void>(toml.error()));
}

void SweepPanel::removeCurrent()
{
    const int row = m_table->currentRow();
    if (row < 0 || !m_document.isValid()) return;
    const QString key = m_table->item(row, KeyColumn)->text();
    const auto text = spec::withoutAxis(m_document.text(), key.toStdString());
    say(text ? m_document.setWholeText(*text, tr("Remove axis %1").arg(key)) : Result<void>(text.error()));
}

void SweepPanel::say(const Result<void>& done)
{
    if (done) {
        m_values->clear();
        return;
    }
    refresh(); // a cell that was typed into says again what holds
    Q_EMIT refused(QString::fromStdString(done.error().message));
}

QString SweepPanel::countText() const
{
    return m_count->text();
}

void SweepPanel::refresh()
{
    m_isRefreshing = true;
    const spec::Experiment& experiment = m_document.experiment();
    const int current = m_table->currentRow();
    m_table->setRowCount(static_cast<int>(experiment.sweep.size()));
    for (std::size_t i = 0; i < experiment.sweep.size(); ++i) {
        const spec::SweepAxis& axis = experiment.sweep[i];
        QString values;
        for (const std::string& value : axis.values)
            values += (values.isEmpty() ? QString() : QStringLiteral(", ")) + QString::fromStdString(value);
        const QString texts[] = {QString::fromStdString(axis.key), QString::number(axis.values.size()), values};
        for (int column = 0; column < ColumnCount; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable |
                           (column == ValuesColumn && m_document.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags));
            item->setFont(column == NumberColumn ? common::numericFont(common::Type::Body)
                                                 : common::typeFont(common::Type::Mono));
            m_table->setItem(static_cast<int>(i), column, item);
        }
    }
    if (current >= 0 && current < m_table->rowCount()) m_table->setCurrentCell(current, ValuesColumn);
    m_remove->setEnabled(m_document.isValid() && m_table->currentRow() >= 0);
    m_add->setEnabled(m_document.isValid());
    const auto runs = spec::expand(experiment);
    const auto seeds = std::max<std::size_t>(experiment.experiment.seeds.size(), 1);
    const auto counted = [](std::size_t count, const QString& one, const QString& many) {
        return count == 1 ? one : many.arg(count);
    };
    m_count->setText(!m_document.isValid() ? tr("the text does not parse")
                     : !runs               ? QString::fromStdString(runs.error().message)
                                           : tr("%1 × %2 = %3")
                                   .arg(counted(runs->size() / seeds, tr("1 condition"), tr("%1 conditions")),
                                        counted(seeds, tr("1 seed"), tr("%1 seeds")),
                                        counted(runs->size(), tr("1 run"), tr("%1 runs"))));
    m_isRefreshing = false;
}

} // namespace gradus::pages
