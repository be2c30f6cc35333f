// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/queue_page.h"

#include "common/controls.h"
#include "pages/queue/launch_panel.h"
#include "pages/queue/plan_view.h"
#include "pages/queue/queue_delegate.h"
#include "pages/queue/run_report.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

namespace gradus::pages {

namespace {

constexpr int kToolbarHeight = 44;
constexpr int kStripHeight = 34;
constexpr int kReportHeight = 186;
constexpr int kPlanHeight = 130;
constexpr int kPlanHead = 28;
constexpr int kPanelWidth = 400;

} // namespace

QWidget* QueuePage::buildWork()
{
    m_report = new RunReport;
    auto* body = new QSplitter(Qt::Vertical);
    body->setChildrenCollapsible(false);
    body->addWidget(m_table);
    body->addWidget(m_report);
    body->addWidget(buildPlan());
    body->setStretchFactor(0, 1);
    body->setStretchFactor(1, 0);
    body->setStretchFactor(2, 0);
    body->setSizes({600, kReportHeight, kPlanHeight});
    m_empty = new common::EmptyState(
        tr("Nothing is queued. What is added on the Design page waits here, and survives closing this window."),
        tr("Go to Design"));
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(body);
    m_launch = new LaunchPanel(m_theme, m_commands.place());
    connect(m_launch, &LaunchPanel::designRequested, this, &QueuePage::designRequested);
    auto* work = new QWidget;
    auto* row = new QHBoxLayout(work);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_stack, 1);
    row->addWidget(common::makeLine(Qt::Vertical));
    m_launch->setFixedWidth(kPanelWidth);
    row->addWidget(m_launch);
    return work;
}

QWidget* QueuePage::buildPlan()
{
    auto* plan = new QFrame;
    plan->setProperty("panel", true);
    auto* column = new QVBoxLayout(plan);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* head = common::addBar(*column, kPlanHead);
    head->addWidget(common::makeLabel(tr("Plan"), common::Type::SmallStrong));
    m_planText = new common::ElidedLabel;
    m_planText->setFont(common::typeFont(common::Type::Small));
    head->addWidget(m_planText, 1);
    m_plan = new PlanView(m_theme);
    column->addWidget(m_plan, 1);
    connect(m_plan, &PlanView::runClicked, this, &QueuePage::choose);
    return plan;
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
    m_branch = addTool(tr("Branch from here…"), {}, "queue.branch", &QueuePage::branchChosen);
    addOrderActions();
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
    m_panelButton = common::makeButton(m_panelAction->text(), QStringLiteral("quiet"));
    m_panelButton->setObjectName(QStringLiteral("panelToggle"));
    m_panelButton->setCheckable(true);
    m_panelButton->setToolTip(tr("What the draft would cost, and its checks (%1)")
                                  .arg(m_panelAction->shortcut().toString(QKeySequence::NativeText)));
    connect(m_panelButton, &QPushButton::clicked, m_panelAction, &QAction::trigger);
    row->addWidget(m_panelButton);
    return bar;
}

void QueuePage::addOrderActions()
{
    m_first = addTool(tr("First"), QKeySequence(Qt::ALT | Qt::Key_Home), "queue.first", &QueuePage::moveFirst);
    m_last = addTool(tr("Last"), QKeySequence(Qt::ALT | Qt::Key_End), "queue.last", &QueuePage::moveLast);
    QAction* undo = addTool(tr("Undo the order"), QKeySequence::Undo, "queue.undo", &QueuePage::undo);
    QAction* redo =
        addTool(tr("Redo the order"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), "queue.redo", &QueuePage::redo);
    undo->setEnabled(false);
    redo->setEnabled(false);
    connect(&m_undo, &QUndoStack::canUndoChanged, undo, &QAction::setEnabled);
    connect(&m_undo, &QUndoStack::canRedoChanged, redo, &QAction::setEnabled);
    m_copy = new QMenu(tr("Copy command"), m_table);
    m_copy->setObjectName(QStringLiteral("queueCopyCommand"));
    m_table->addAction(m_copy->menuAction());
    connect(m_copy, &QMenu::aboutToShow, this, &QueuePage::fillCopyMenu);
    m_panelAction =
        addTool(tr("Launch…"), QKeySequence(Qt::CTRL | Qt::Key_Return), "queue.panel", &QueuePage::togglePanel);
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
    common::keepLeftToRight(*m_table);
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
        common::fitSection(*header, column, width);
    connect(m_table, &QTreeView::doubleClicked, this, &QueuePage::openChosen);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueuePage::refresh);
}

} // namespace gradus::pages
