// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/queue_page.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "pages/queue/launch_panel.h"
#include "pages/queue/plan_view.h"
#include "pages/queue/queue_lines.h"
#include "pages/queue/run_report.h"
#include "pages/shared/run_look.h"
#include "store/queue_order.h"

#include <QAction>
#include <QClipboard>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QThread>
#include <QTreeView>
#include <QUndoCommand>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace gradus::pages {

namespace {

/// A worker needs a second to begin what may begin; after that many milliseconds nobody is at work.
constexpr int kIdleAfter = 5000;
constexpr int kRoomForPanel = 1080; ///< of the page
constexpr int kRoomForCores = 760;

/// A run's way through the order. Others may have begun or come since: what is undone is by how much it moved.
class MoveRun final : public QUndoCommand
{
public:
    MoveRun(viewmodels::QueueCommands& commands, qint64 run, int places)
        : QUndoCommand(QueuePage::tr("Move in the queue")), m_commands(commands), m_run(run), m_places(places),
          m_moved(std::make_shared<int>(0))
    {
    }
    void redo() override { m_commands.move(m_run, m_places, m_moved); }
    void undo() override { m_commands.moveBack(m_run, m_moved); }

private:
    viewmodels::QueueCommands& m_commands;
    qint64 m_run;
    int m_places;
    std::shared_ptr<int> m_moved; ///< written and read by the thread of the acts alone
};

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
    column->addWidget(buildWork(), 1);
    m_idle.setSingleShot(true);
    m_idle.setInterval(kIdleAfter);
    connect(&m_idle, &QTimer::timeout, this, [this] {
        m_nobodyWorks = true;
        refreshStrip();
    });
    connect(m_empty, &common::EmptyState::activated, this, &QueuePage::designRequested);
    connect(m_report, &RunReport::retryRequested, this, &QueuePage::retryChosen);
    connect(m_report, &RunReport::openRequested, this, &QueuePage::openChosen);
    connect(&m_model, &QueueModel::moveRequested, this, &QueuePage::moveRun);
    connect(&watcher, &viewmodels::StoreWatcher::queueChanged, this, &QueuePage::queueArrived);
    connect(&m_commands, &viewmodels::QueueCommands::done, &watcher, &viewmodels::StoreWatcher::refresh);
    refresh();
}

void QueuePage::togglePanel()
{
    m_choseWidth = true;
    m_wantsPanel = !m_wantsPanel;
    fitPanel();
}

/// Beside a narrow queue there is no room for it, unless somebody asks.
void QueuePage::fitPanel()
{
    if (!m_choseWidth) m_wantsPanel = width() >= kRoomForPanel;
    m_launch->setVisible(m_wantsPanel);
    m_panelButton->setChecked(m_wantsPanel);
    // A name is worth more than how many cores it takes.
    const int room = width() - (m_wantsPanel ? m_launch->width() : 0);
    m_table->setColumnHidden(QueueModel::CoresColumn, room < kRoomForCores);
}

void QueuePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitPanel();
}

void QueuePage::openStore(const QString& path)
{
    m_undo.clear();
    m_deviceJob.cancel();
    m_store = path;
    m_logs = QFileInfo(path).absolutePath() + QStringLiteral("/logs");
    m_ready = false;
    m_nobodyWorks = false;
    m_idle.stop();
    m_model.setQueue({});
    m_model.setDevices({});
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
    readDevices();
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
    m_first->setEnabled(m_earlier->isEnabled());
    m_last->setEnabled(m_later->isEnabled());
    m_plan->setQueue(m_model.queue(), QThread::idealThreadCount(), m_model.devices());
    m_plan->setChosen(chosenRun());
    m_planText->setFullText(m_plan->summary());
    m_launch->setBlocked(m_blocked);
    m_stop->setEnabled(open && works);
    m_retry->setEnabled(open && row && store::canRetry(*row));
    m_remove->setEnabled(open && row && !works);
    m_branch->setEnabled(open && row && row->run.lastUtility); // something has finished
    m_open->setEnabled(row && row->run.state != store::RunState::Queued);
    m_afterButton->setEnabled(open && waits);
    m_pause->setEnabled(open && m_ready);
    m_pause->setText(m_model.queue().pausedAt ? tr("Go on") : tr("Pause queue"));
    m_clear->setEnabled(
        open && std::any_of(m_model.queue().rows.begin(), m_model.queue().rows.end(),
                            [](const store::QueueRow& each) { return each.run.state == store::RunState::Finished; }));
    m_report->show(row,
                   row ? QString::fromStdString(store::waitsFor(m_model.queue(), *row, m_model.devices())) : QString(),
                   m_logs);
    m_report->retryButton()->setEnabled(open);
    m_stack->setCurrentIndex(m_model.queue().rows.empty() ? 0 : 1);
    refreshStrip();
}

/// What each run has to itself stands in its experiment, which the store has and the queue's rows have not.
void QueuePage::readDevices()
{
    if (m_model.devices().knows(m_model.queue())) return;
    m_deviceJob.start(
        [store = std::filesystem::path(QFile::encodeName(m_store).toStdString()), queue = m_model.queue(),
         devices = m_model.devices()]() mutable {
            (void)devices.read(store, queue); // a store that cannot be read says so elsewhere
            return devices;
        },
        [this](const store::DeviceSlots& devices) {
            m_model.setDevices(devices);
            refresh();
        });
}

void QueuePage::branchChosen()
{
    if (const qint64 run = chosenRun(); run != 0) Q_EMIT branchRequested(run);
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

void QueuePage::fillCopyMenu()
{
    m_copy->clear();
    for (const QueueLine& each : queueLines(m_model, chosenRun(), m_store)) {
        QString act = each.act;
        QAction* action = m_copy->addAction(act.replace('&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, line = each.line] {
            QGuiApplication::clipboard()->setText(line);
            Q_EMIT commandCopied(line);
        });
    }
}

void QueuePage::pauseOrGoOn()
{
    m_commands.setPaused(!m_model.queue().pausedAt);
}

void QueuePage::move(int places)
{
    if (const qint64 run = chosenRun(); run != 0) moveRun(run, places);
}

void QueuePage::moveFirst()
{
    if (const int place = m_model.placeOf(chosenRun()); place > 0) move(-place);
}

void QueuePage::moveLast()
{
    if (const int place = m_model.placeOf(chosenRun()); place >= 0) move(m_model.waiting() - 1 - place);
}

/// The store answers later, and takes moves in the order in which they were made: so are they undone.
void QueuePage::moveRun(qint64 run, int places)
{
    if (places != 0 && m_blocked.isEmpty()) m_undo.push(new MoveRun(m_commands, run, places));
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
