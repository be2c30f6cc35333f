// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/queue_page.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "pages/queue/queue_delegate.h"
#include "pages/queue/run_report.h"
#include "pages/shared/run_look.h"
#include "store/queue_order.h"

#include <QAction>
#include <QDateTime>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kToolbarHeight = 44;
constexpr int kStripHeight = 34;
constexpr int kReportHeight = 186;
/// A worker needs a second to begin what may begin; after that many milliseconds nobody is at work.
constexpr int kIdleAfter = 5000;

} // namespace

QueuePage::QueuePage(viewmodels::StoreWatcher& watcher, viewmodels::QueueCommands& commands,
                     common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_commands(commands), m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildTable();
    column->addWidget(buildToolbar());
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(buildStrip());
    m_report = new RunReport;
    auto* body = new QSplitter(Qt::Vertical);
    body->addWidget(m_table);
    body->addWidget(m_report);
    body->setStretchFactor(0, 1);
    body->setStretchFactor(1, 0);
    body->setSizes({600, kReportHeight});
    m_empty = new common::EmptyState(
        tr("Nothing is queued. What is added on the Design page waits here, and survives closing this window."),
        tr("Go to Design"));
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(body);
    column->addWidget(m_stack, 1);
    m_idle.setSingleShot(true);
    m_idle.setInterval(kIdleAfter);
    connect(&m_idle, &QTimer::timeout, this, [this] {
        m_nobodyWorks = true;
        refreshStrip();
    });
    connect(m_empty, &common::EmptyState::activated, this, &QueuePage::designRequested);
    connect(m_report, &RunReport::retryRequested, this, &QueuePage::retryChosen);
    connect(m_report, &RunReport::openRequested, this, &QueuePage::openChosen);
    connect(&m_model, &QueueModel::moveRequested, this,
            [this](qint64 run, int places) { m_commands.move(run, places); });
    connect(&watcher, &viewmodels::StoreWatcher::queueChanged, this, &QueuePage::queueArrived);
    connect(&m_commands, &viewmodels::QueueCommands::done, &watcher, &viewmodels::StoreWatcher::refresh);
    refresh();
}

QAction* QueuePage::addTool(const QString& text, const QKeySequence& shortcut, const char* name,
                            void (QueuePage::*slot)())
{
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, slot);
    addAction(action);
    m_table->addAction(action);
    return action;
}

QWidget* QueuePage::buildToolbar()
{
    m_earlier = addTool(tr("Earlier"), QKeySequence(Qt::ALT | Qt::Key_Up), "queue.earlier", &QueuePage::moveEarlier);
    m_later = addTool(tr("Later"), QKeySequence(Qt::ALT | Qt::Key_Down), "queue.later", &QueuePage::moveLater);
    m_stop = addTool(tr("Stop"), QKeySequence(Qt::Key_S), "queue.stop", &QueuePage::stopChosen);
    m_retry = addTool(tr("Retry"), QKeySequence(Qt::Key_R), "queue.retry", &QueuePage::retryChosen);
    m_remove = addTool(tr("Remove"), QKeySequence(Qt::Key_Delete), "queue.remove", &QueuePage::removeChosen);
    m_open = addTool(tr("Open in Live"), QKeySequence(Qt::Key_Return), "queue.open", &QueuePage::openChosen);
    auto* bar = new QFrame;
    bar->setProperty("panel", true);
    bar->setFixedHeight(kToolbarHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(6);
    m_pause = common::makeButton(tr("Pause queue"));
    m_pause->setObjectName(QStringLiteral("pauseQueue"));
    connect(m_pause, &QPushButton::clicked, this, &QueuePage::pauseOrGoOn);
    row->addWidget(m_pause);
    for (QAction* action : {m_stop, m_retry, m_earlier, m_later}) {
        QPushButton* button = common::makeButton(action->text(), QStringLiteral("quiet"));
        button->setToolTip(action->text() + QStringLiteral(" (") +
                           action->shortcut().toString(QKeySequence::NativeText) + QLatin1Char(')'));
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
        row->addWidget(button);
    }
    m_afterButton = common::makeButton(tr("Run after…"), QStringLiteral("quiet"));
    m_afterButton->setObjectName(QStringLiteral("runAfter"));
    m_after = new QMenu(m_afterButton);
    m_afterButton->setMenu(m_after);
    connect(m_after, &QMenu::aboutToShow, this, &QueuePage::fillAfterMenu);
    row->addWidget(m_afterButton);
    row->addStretch();
    m_clear = common::makeButton(tr("Remove finished"), QStringLiteral("quiet"));
    m_clear->setObjectName(QStringLiteral("removeFinished"));
    connect(m_clear, &QPushButton::clicked, this, [this] { m_commands.removeFinished(); });
    row->addWidget(m_clear);
    return bar;
}

QWidget* QueuePage::buildStrip()
{
    m_strip = new QFrame;
    m_strip->setObjectName(QStringLiteral("queueStrip"));
    m_strip->setFixedHeight(kStripHeight);
    m_strip->setAutoFillBackground(true);
    auto* row = new QHBoxLayout(m_strip);
    row->setContentsMargins(16, 0, 12, 0);
    m_stripText = new common::ElidedLabel;
    m_stripButton = common::makeButton({}, QStringLiteral("link"));
    m_stripButton->setObjectName(QStringLiteral("stripButton"));
    row->addWidget(m_stripText, 1);
    row->addWidget(m_stripButton);
    connect(m_stripButton, &QPushButton::clicked, this, [this] {
        if (m_model.queue().pausedAt)
            pauseOrGoOn();
        else
            m_commands.startWorker();
        m_nobodyWorks = false;
        m_strip->hide();
        m_idle.start();
    });
    connect(&m_theme, &common::ThemeController::changed, this, &QueuePage::refreshStrip);
    m_strip->hide();
    return m_strip;
}

void QueuePage::buildTable()
{
    m_table = new QTreeView;
    m_table->setObjectName(QStringLiteral("queueTable"));
    m_table->setAccessibleName(tr("Queue"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new QueueDelegate(m_theme, m_table));
    m_table->setRootIsDecorated(false);
    m_table->setIndentation(0);
    m_table->setItemsExpandable(false);
    m_table->setExpandsOnDoubleClick(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setMouseTracking(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setDragDropMode(QAbstractItemView::InternalMove);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    QHeaderView* header = m_table->header();
    header->setFixedHeight(QueueDelegate::kRowHeight);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QueueModel::RunColumn, QHeaderView::Stretch);
    const std::pair<int, int> widths[] = {{QueueModel::StateColumn, 132},
                                          {QueueModel::ProgressColumn, 160},
                                          {QueueModel::LeftColumn, 120},
                                          {QueueModel::CoresColumn, 80}};
    for (const auto& [column, width] : widths)
        header->resizeSection(column, width);
    connect(m_table, &QTreeView::doubleClicked, this, &QueuePage::openChosen);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueuePage::refresh);
}

void QueuePage::openStore(const QString& path)
{
    m_logs = QFileInfo(path).absolutePath() + QStringLiteral("/logs");
    m_ready = false;
    m_nobodyWorks = false;
    m_idle.stop();
    m_model.setQueue({});
    refresh();
}

void QueuePage::setBlocked(const QString& reason)
{
    m_blocked = reason;
    refresh();
}

void QueuePage::queueArrived(const store::QueueState& queue)
{
    m_ready = true;
    const qint64 chosen = chosenRun();
    m_model.setQueue(queue);
    for (int group = 0; group < m_model.rowCount(); ++group) {
        m_table->setFirstColumnSpanned(group, {}, true);
        m_table->expand(m_model.index(group, 0));
    }
    if (chosen != 0 && chosenRun() != chosen) choose(chosen);
    if (chosenRun() == 0 && !queue.rows.empty()) // what needs somebody comes first
        for (const store::QueueRow& row : queue.rows)
            if (row.run.state == store::RunState::Failed) {
                m_table->setAutoScroll(false); // the page opens at the top all the same
                choose(row.run.id);
                m_table->setAutoScroll(true);
                break;
            }
    if (!store::lacksWorker(queue)) {
        m_idle.stop();
        m_nobodyWorks = false;
    } else if (!m_idle.isActive() && !m_nobodyWorks) {
        m_idle.start();
    }
    refresh();
}

qint64 QueuePage::chosenRun() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    const store::QueueRow* row = rows.isEmpty() ? nullptr : m_model.rowAt(rows.first());
    return row ? row->run.id : 0;
}

void QueuePage::choose(qint64 run)
{
    const QModelIndex index = m_model.indexOf(run);
    if (index.isValid()) m_table->setCurrentIndex(index);
}

void QueuePage::refresh()
{
    const store::QueueRow* row = m_model.find(chosenRun());
    const bool open = m_blocked.isEmpty();
    const bool waits = row && store::isWaiting(*row);
    const bool works = row && store::isUnderWay(*row);
    const int place = row ? m_model.placeOf(row->run.id) : -1;
    m_earlier->setEnabled(open && place > 0);
    m_later->setEnabled(open && place >= 0 && place + 1 < m_model.waiting());
    m_stop->setEnabled(open && works);
    m_retry->setEnabled(open && row && store::canRetry(*row));
    m_remove->setEnabled(open && row && !works);
    m_open->setEnabled(row && row->run.state != store::RunState::Queued);
    m_afterButton->setEnabled(open && waits);
    m_pause->setEnabled(open && m_ready);
    m_pause->setText(m_model.queue().pausedAt ? tr("Go on") : tr("Pause queue"));
    m_clear->setEnabled(
        open && std::any_of(m_model.queue().rows.begin(), m_model.queue().rows.end(),
                            [](const store::QueueRow& each) { return each.run.state == store::RunState::Finished; }));
    m_report->show(row, row ? QString::fromStdString(store::waitsFor(m_model.queue(), *row)) : QString(), m_logs);
    m_report->retryButton()->setEnabled(open);
    m_stack->setCurrentIndex(m_model.queue().rows.empty() ? 0 : 1);
    refreshStrip();
}

void QueuePage::refreshStrip()
{
    const auto paused = m_model.queue().pausedAt;
    const bool idle = m_nobodyWorks && m_blocked.isEmpty();
    m_strip->setVisible(paused.has_value() || idle);
    if (m_strip->isHidden()) return;
    const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
    m_stripText->setFullText(paused
                                 ? tr("Paused %1; runs that are under way go on.").arg(common::momentText(*paused, now))
                                 : tr("Runs could begin and nobody works on this queue."));
    m_stripButton->setText(paused ? tr("Go on") : tr("Start a worker"));
    m_stripButton->setEnabled(m_blocked.isEmpty());
    QPalette palette = m_strip->palette();
    palette.setColor(QPalette::Window, m_theme.tokens().warnWeak);
    m_strip->setPalette(palette);
}

QString QueuePage::stripText() const
{
    return m_strip->isHidden() ? QString() : m_stripText->fullText();
}

void QueuePage::fillAfterMenu()
{
    m_after->clear();
    const store::QueueRow* chosen = m_model.find(chosenRun());
    if (!chosen) return;
    const qint64 run = chosen->run.id;
    QAction* none = m_after->addAction(tr("Nothing: as soon as cores are free"));
    none->setCheckable(true);
    none->setChecked(!chosen->after);
    connect(none, &QAction::triggered, this, [this, run] { m_commands.setAfter(run, std::nullopt); });
    m_after->addSeparator();
    for (const store::QueueRow& row : m_model.queue().rows) {
        if (row.run.id == run || row.run.state == store::RunState::Finished) continue;
        QString name = nameOf(row.run);
        QAction* action = m_after->addAction(name.replace('&', QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(chosen->after == row.run.id);
        connect(action, &QAction::triggered, this,
                [this, run, after = row.run.id] { m_commands.setAfter(run, after); });
    }
}

void QueuePage::pauseOrGoOn()
{
    m_commands.setPaused(!m_model.queue().pausedAt);
}

void QueuePage::move(int places)
{
    if (const qint64 run = chosenRun(); run != 0) m_commands.move(run, places);
}

void QueuePage::moveEarlier()
{
    move(-1);
}

void QueuePage::moveLater()
{
    move(1);
}

void QueuePage::stopChosen()
{
    if (const qint64 run = chosenRun(); run != 0) Q_EMIT stopRequested(run);
}

void QueuePage::retryChosen()
{
    if (const qint64 run = chosenRun(); run != 0) m_commands.retry(run);
}

void QueuePage::removeChosen()
{
    if (const qint64 run = chosenRun(); run != 0) m_commands.remove(run);
}

void QueuePage::openChosen()
{
    const qint64 run = chosenRun();
    if (run != 0 && m_open->isEnabled()) Q_EMIT openRequested(run);
}

} // namespace gradus::pages
