// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/runs_panel.h"

#include "common/controls.h"
#include "common/page_action.h"
#include "filter/run_filter.h"
#include "pages/live/run_marks_bar.h"
#include "pages/shared/runs_tree.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSet>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace gradus::pages {

using filter::RunFilter;
using viewmodels::RunsModel;

namespace {

constexpr int kFilterDelay = 120; // milliseconds after the last key: typing stays smooth with 50,000 runs
constexpr int kHistoryWidth = 60;
constexpr int kUtilityWidth = 64;
constexpr int kLeastName = 96;
constexpr int kMostExpandedGroups = 50;

} // namespace

RunsPanel::RunsPanel(RunsModel& model, const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_model(model)
{
    setObjectName(QStringLiteral("runsPanel"));
    setProperty("panel", true);
    setMinimumWidth(240);
    build(theme);
    addKeys();
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(kFilterDelay);
    connect(&m_filterDelay, &QTimer::timeout, this, &RunsPanel::applyFilter);
    connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        applyFilter();
        m_tree->setFocus(Qt::TabFocusReason);
    });
    m_filter->installEventFilter(this);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &RunsPanel::currentChanged);
    m_marksDelay.setSingleShot(true);
    m_marksDelay.setInterval(0);
    connect(&m_marksDelay, &QTimer::timeout, this, &RunsPanel::refreshMarks);
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, &m_marksDelay,
            qOverload<>(&QTimer::start));
    connect(m_marks, &RunMarksBar::tagsRequested, this, [this](const QStringList& add, const QStringList& remove) {
        Q_EMIT tagsRequested(currentRuns(), add, remove);
    });
    connect(m_marks, &RunMarksBar::noteRequested, this, &RunsPanel::noteRequested);
    connect(m_groupingMenu, &QMenu::aboutToShow, this, &RunsPanel::fillGroupingMenu);
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const store::RunRow* run = m_model.runAt(index))
            Q_EMIT openRequested(run->id);
        else
            m_tree->setExpanded(index.siblingAtColumn(0), !m_tree->isExpanded(index.siblingAtColumn(0)));
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &RunsPanel::showMenu);
    m_textsDelay.setSingleShot(true);
    m_textsDelay.setInterval(0);
    connect(&m_textsDelay, &QTimer::timeout, this, &RunsPanel::updateTexts);
    connect(&m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_knownGroups = 0;
        modelChanged();
        updateTexts();
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &RunsPanel::modelChanged, Qt::QueuedConnection);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &RunsPanel::modelChanged, Qt::QueuedConnection);
    connect(&m_model, &QAbstractItemModel::dataChanged, &m_textsDelay, qOverload<>(&QTimer::start));
    connect(&m_model, &QAbstractItemModel::layoutChanged, &m_textsDelay, qOverload<>(&QTimer::start));
    modelChanged();
    updateTexts();
}

void RunsPanel::build(const common::ThemeController& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    QHBoxLayout* line = common::addBar(*column, 44);
    line->addWidget(common::makeLabel(tr("Runs"), common::Type::SmallStrong));
    m_count = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    line->addWidget(m_count, 1);
    m_grouping = new QToolButton;
    m_grouping->setObjectName(QStringLiteral("runsGrouping"));
    m_grouping->setIcon(common::makeIcon(common::Icon::Queue));
    m_grouping->setToolButtonStyle(Qt::ToolButtonIconOnly); // words would widen the dock in longer languages
    m_grouping->setPopupMode(QToolButton::InstantPopup);
    m_groupingMenu = new QMenu(m_grouping);
    m_grouping->setMenu(m_groupingMenu);
    line->addWidget(m_grouping);
    column->addWidget(common::makeLine(Qt::Horizontal));

    line = common::addBar(*column, 44);
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("runsFilter"));
    m_filter->setPlaceholderText(tr("Filter: seed = 2, state:running"));
    m_filter->setAccessibleName(tr("Filter runs"));
    m_filter->setToolTip(tr("Words, or comparisons of seed, state, name, condition, task, procedure, id,\n"
                            "generation, progress, utility, imitation, tag, note (tag:healthy, note:~\"odd\"),\n"
                            "or of any key of the experiment (gap.controller = adaptive); all must hold"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(common::makeIcon(common::Icon::Search), QLineEdit::LeadingPosition);
    line->addWidget(m_filter);
    m_filterError = common::makeLabel({}, common::Type::Small, QStringLiteral("danger"));
    m_filterError->setWordWrap(true);
    m_filterError->setContentsMargins(12, 0, 12, 8);
    m_filterError->hide();
    column->addWidget(m_filterError);

    m_tree = new RunsTree(theme);
    m_tree->setModel(&m_model);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    QHeaderView* header = m_tree->header();
    header->setSectionResizeMode(RunsModel::RunColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(RunsModel::HistoryColumn, QHeaderView::Fixed);
    header->setSectionResizeMode(RunsModel::UtilityColumn, QHeaderView::Fixed);
    common::fitSection(*header, RunsModel::HistoryColumn, kHistoryWidth);
    common::fitSection(*header, RunsModel::UtilityColumn, kUtilityWidth);
    // Where titles are long the names keep their room, too.
    setMinimumWidth(header->sectionSize(RunsModel::HistoryColumn) + header->sectionSize(RunsModel::UtilityColumn) +
                    kLeastName);
    m_empty = new common::EmptyState(QString());
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_tree);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    connect(m_empty, &common::EmptyState::activated, m_filter, &QLineEdit::clear);

    column->addWidget(common::makeLine(Qt::Horizontal));
    m_marks = new RunMarksBar(theme, this);
    column->addWidget(m_marks);
    column->addWidget(common::makeLine(Qt::Horizontal));
    line = common::addBar(*column, 28);
    m_footer = common::makeHint({});
    line->addWidget(m_footer, 1);
    line->addWidget(common::makeHint(tr("Enter opens")));
}

void RunsPanel::setNotice(const QString& sentence)
{
    m_notice = sentence;
    updateTexts();
}

void RunsPanel::applyFilter()
{
    m_filterDelay.stop();
    const Result<RunFilter> filter = RunFilter::parse(m_filter->text().toStdString());
    m_filterError->setVisible(!filter);
    common::setStyleProperty(*m_filter, "state", filter ? QString() : QStringLiteral("fail"));
    if (!filter) {
        m_filterError->setText(QString::fromStdString(filter.error().message));
        return;
    }
    m_model.setFilter(*filter);
}

void RunsPanel::modelChanged()
{
    const int groups = m_model.rowCount();
    if (groups != m_knownGroups && groups <= kMostExpandedGroups && m_knownGroups == 0) {
        m_tree->expandAll();
    } else {
        for (int i = 0; i < groups - m_knownGroups && i < kMostExpandedGroups; ++i)
            m_tree->expand(m_model.index(i, 0));
    }
    m_knownGroups = groups;
    restoreSelection();
    m_textsDelay.start();
}

void RunsPanel::restoreSelection()
{
    const QModelIndex index = m_model.indexOf(m_chosen);
    if (!index.isValid() || index == m_tree->currentIndex().siblingAtColumn(0)) return;
    m_restoring = true;
    m_tree->setExpanded(index.parent(), true);
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
    m_restoring = false;
}

void RunsPanel::choose(std::int64_t runId)
{
    m_chosen = runId;
    if (runId == 0) m_tree->selectionModel()->clear();
    restoreSelection();
}

void RunsPanel::currentChanged(const QModelIndex& index)
{
    const store::RunRow* run = m_model.runAt(index);
    if (m_restoring || run == nullptr || run->id == m_chosen) return;
    m_chosen = run->id;
    Q_EMIT runChosen(m_chosen);
}

void RunsPanel::addKeys()
{
    common::addPageAction(*this, tr("Runs: put into the trash"), QKeySequence::Delete, [this] {
        if (const QVector<qint64> runs = currentRuns(); !runs.isEmpty()) Q_EMIT trashRequested(runs);
    });
    common::addPageAction(*this, tr("Runs: take back what was done to runs last"), QKeySequence::Undo,
                          [this] { Q_EMIT undoRequested(); });
    common::addPageAction(*this, tr("Runs: tag those that are chosen"), QKeySequence(Qt::Key_T),
                          [this] { m_marks->tagField()->setFocus(Qt::ShortcutFocusReason); });
    common::addPageAction(*this, tr("Runs: write a note"), QKeySequence(Qt::Key_N),
                          [this] { m_marks->noteField()->setFocus(Qt::ShortcutFocusReason); });
    common::addPageAction(*this, tr("Runs: lineage of the run"), QKeySequence(Qt::Key_L), [this] {
        if (const store::RunRow* run = m_model.runAt(m_tree->currentIndex())) Q_EMIT lineageRequested(run->id);
    });
    setFocusProxy(m_tree);
}

QVector<qint64> RunsPanel::currentRuns() const
{
    QModelIndexList rows = m_tree->selectionModel()->selectedRows();
    if (rows.isEmpty()) rows = {m_tree->currentIndex()};
    QVector<qint64> runs;
    QSet<qint64> seen;
    for (const QModelIndex& row : std::as_const(rows))
        for (const std::int64_t run : m_model.runsUnder(row))
            if (!seen.contains(run)) {
                seen.insert(run);
                runs.append(run);
            }
    return runs;
}

void RunsPanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_marks->setReadOnly(readOnly);
    m_marksDelay.start();
}

void RunsPanel::refreshMarks()
{
    QVector<store::RunRow> runs;
    for (const qint64 id : currentRuns())
        if (const store::RunRow* run = m_model.findRun(id)) runs.append(*run);
    m_marks->setRuns(runs, m_model.knownTags());
}

void RunsPanel::updateTexts()
{
    m_marksDelay.start();
    m_grouping->setText(viewmodels::groupingText(m_model.grouping()));
    m_grouping->setToolTip(tr("Grouped %1").arg(common::plainTooltip(m_grouping->text())));
    const int total = m_model.totalRuns();
    const int shown = m_model.shownRuns();
    const QLocale locale;
    m_count->setText(shown == total ? locale.toString(total)
                                    : tr("%1 of %2").arg(locale.toString(shown), locale.toString(total)));
    const int running = m_model.countIn(store::RunState::Running);
    const int queued = m_model.countIn(store::RunState::Queued);
    QStringList parts;
    if (running > 0) parts << tr("%1 running").arg(locale.toString(running));
    if (queued > 0) parts << tr("%1 queued").arg(locale.toString(queued));
    m_footer->setFullText(parts.isEmpty() ? tr("nothing running") : parts.join(QStringLiteral(", ")));
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    if (shown > 0) return;
    if (total > 0) {
        m_empty->setLine(tr("No run matches the filter."));
        m_empty->setButton(tr("Clear filter"));
    } else {
        m_empty->setLine(m_notice.isEmpty() ? tr("Runs appear here when one is launched.") : m_notice);
        m_empty->setButton(QString());
    }
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_filter && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down) {
            m_tree->setFocus(Qt::TabFocusReason);
            return true;
        }
        if (key == Qt::Key_Escape && !m_filter->text().isEmpty()) {
            m_filter->clear();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace gradus::pages
