// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page's toolbar, lane header and actions.
#include "pages/design/design_page.h"

#include "common/controls.h"
#include "editor/lane_view.h"
#include "pages/design/inspector.h"
#include "pages/design/number_field.h"
#include "pages/design/preset_popover.h"
#include "pages/design/run_ghosts.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kToolbarHeight = 40;

QFrame* separator()
{
    QFrame* line = common::makeLine(Qt::Vertical);
    line->setFixedHeight(20);
    return line;
}

QToolButton* toolFor(QAction* action, common::Icon icon)
{
    const QString shortcut = action->shortcut().toString(QKeySequence::NativeText);
    QToolButton* button = common::makeIconButton(
        icon, shortcut.isEmpty() ? action->text() : action->text() + QStringLiteral(" (") + shortcut + ')');
    button->setEnabled(action->isEnabled());
    QObject::connect(button, &QToolButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
    return button;
}

} // namespace

QAction* DesignPage::addPageAction(const QString& text, const QKeySequence& shortcut, void (DesignPage::*slot)())
{
    auto* action = new QAction(text, this);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, slot);
    addAction(action);
    m_actions.append(action);
    return action;
}

void DesignPage::makeActions()
{
    m_undo = addPageAction(tr("Undo"), QKeySequence::Undo, &DesignPage::undo);
    m_redo = addPageAction(tr("Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), &DesignPage::redo);
    m_save = addPageAction(tr("Save draft"), QKeySequence::Save, &DesignPage::saveFromAction);
    m_launchAction = addPageAction(tr("Launch"), QKeySequence(Qt::CTRL | Qt::Key_Return), &DesignPage::launch);
    m_queueAction =
        addPageAction(tr("Add to queue"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return), &DesignPage::addToQueue);
    m_queueAction->setObjectName(QStringLiteral("design.queue"));
    addPageAction(tr("Copy command"), {}, &DesignPage::copyCommand);
    m_undo->setObjectName(QStringLiteral("design.undo"));
    m_redo->setObjectName(QStringLiteral("design.redo"));
    m_save->setObjectName(QStringLiteral("design.save"));
    m_launchAction->setObjectName(QStringLiteral("design.launch"));
    m_actions.last()->setObjectName(QStringLiteral("design.copyCommand"));
    QUndoStack& stack = m_document.undoStack();
    m_undo->setEnabled(stack.canUndo());
    m_redo->setEnabled(stack.canRedo());
    connect(&stack, &QUndoStack::canUndoChanged, m_undo, &QAction::setEnabled);
    connect(&stack, &QUndoStack::canRedoChanged, m_redo, &QAction::setEnabled);
    connect(&stack, &QUndoStack::undoTextChanged, this,
            [this](const QString& text) { m_undo->setText(text.isEmpty() ? tr("Undo") : tr("Undo: %1").arg(text)); });
    connect(&stack, &QUndoStack::redoTextChanged, this,
            [this](const QString& text) { m_redo->setText(text.isEmpty() ? tr("Redo") : tr("Redo: %1").arg(text)); });
}

void DesignPage::addPresets(QHBoxLayout& row)
{
    m_presets = common::makeButton(tr("Presets"));
    m_presets->setObjectName(QStringLiteral("presets"));
    m_presets->setToolTip(tr("Curves by name, and your own: they replace the curve of the lane you are in"));
    auto* popover = new PresetPopover(m_active, this);
    connect(m_presets, &QPushButton::clicked, popover, [this, popover] { popover->openBelow(*m_presets); });
    connect(popover, &PresetPopover::kept, this, [this] { activeLane()->setFocus(Qt::OtherFocusReason); });
    row.addWidget(m_presets);
}

void DesignPage::addGhosts(QHBoxLayout& row)
{
    QPushButton* button = common::makeButton(tr("Runs"));
    button->setObjectName(QStringLiteral("runGhosts"));
    button->setToolTip(tr("Curves of stored runs for the lane you are in: shown behind its curve, or taken over"));
    auto* menu = new QMenu(button);
    new RunGhosts([this] { return activeLane(); }, [this] { return m_launcher.storePath(); },
                  *menu); // the menu owns it
    button->setMenu(menu);
    row.addWidget(button);
}

QWidget* DesignPage::makeToolbar()
{
    auto* bar = new QFrame;
    bar->setProperty("panel", true);
    bar->setFixedHeight(kToolbarHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addSpacing(6); // a margin would not change sides with the order of reading
    m_dot = new QLabel;
    m_dot->setFixedSize(9, 9);
    m_name = new common::ElidedLabel;
    m_name->setFont(common::typeFont(common::Type::BodyStrong));
    row->addWidget(m_dot);
    row->addWidget(m_name, 1);
    row->addWidget(separator());
    row->addWidget(toolFor(m_undo, common::Icon::Undo));
    row->addWidget(toolFor(m_redo, common::Icon::Redo));
    row->addWidget(toolFor(m_save, common::Icon::Save));
    row->addWidget(separator());
    QToolButton* snap = common::makeIconButton(common::Icon::Snap, tr("Snap to the grid and to steps (S)"));
    snap->setObjectName(QStringLiteral("snap"));
    snap->setCheckable(true);
    QToolButton* ghost = common::makeIconButton(common::Icon::Eye, tr("Show the saved curve (G)"));
    ghost->setObjectName(QStringLiteral("ghost"));
    ghost->setCheckable(true);
    row->addWidget(snap);
    row->addWidget(ghost);
    snap->setChecked(m_lanes.isSnapping());
    ghost->setChecked(m_lanes.areGhostsVisible());
    connect(snap, &QToolButton::toggled, &m_lanes, &editor::LaneGroup::setSnapping);
    connect(ghost, &QToolButton::toggled, &m_lanes, &editor::LaneGroup::setGhostsVisible);
    connect(&m_lanes, &editor::LaneGroup::snappingChanged, snap, &QToolButton::setChecked);
    connect(&m_lanes, &editor::LaneGroup::ghostsVisibleChanged, ghost, &QToolButton::setChecked);
    row->addWidget(separator());
    addUnits(*row);
    addPresets(*row);
    addGhosts(*row);
    row->addSpacing(6);
    row->addWidget(common::makeLine(Qt::Vertical));
    m_overInspector = new QWidget;
    auto* end = new QHBoxLayout(m_overInspector);
    end->setContentsMargins(12, 0, 12, 0);
    QPushButton* copy = common::makeButton(tr("Copy command"), QStringLiteral("quiet"));
    copy->setObjectName(QStringLiteral("copyCommand"));
    copy->setToolTip(tr("The line that runs this draft without the window"));
    m_launch = common::makeButton(tr("Launch"), QStringLiteral("primary"));
    m_launch->setObjectName(QStringLiteral("launch"));
    m_launch->setToolTip(tr("Freezes the draft and starts it (Ctrl+Enter)"));
    end->addWidget(copy);
    end->addStretch();
    m_queue = common::makeButton(tr("Queue"));
    m_queue->setObjectName(QStringLiteral("addToQueue"));
    m_queue->setToolTip(tr("Freezes the draft and lets its runs wait for free cores (Ctrl+Shift+Enter)"));
    connect(m_queue, &QPushButton::clicked, this, &DesignPage::addToQueue);
    end->addWidget(m_queue);
    end->addWidget(m_launch);
    row->addWidget(m_overInspector);
    fitInspector();
    connect(m_inspector, &Inspector::widthChanged, m_overInspector,
            [over = m_overInspector](int width) { over->setFixedWidth(width); });
    connect(copy, &QPushButton::clicked, this, &DesignPage::copyCommand);
    connect(m_launch, &QPushButton::clicked, this, &DesignPage::launch);
    return bar;
}

void DesignPage::fitInspector()
{
    m_inspector->setMinimumWidth(std::max(m_inspector->minimumWidth(), m_overInspector->sizeHint().width()));
    const int width = m_inspector->isVisible() ? m_inspector->width() : 0;
    m_overInspector->setFixedWidth(std::max(m_inspector->minimumWidth(), width));
}

QWidget* DesignPage::makeLaneHeader()
{
    auto* header = new QFrame;
    header->setProperty("panel", true);
    header->setFixedHeight(35);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(common::makeLabel(tr("Gap δ"), common::Type::SmallStrong));
    const auto addQuiet = [row](const QString& text, int stretch) {
        auto* label = new common::ElidedLabel(text);
        label->setFont(common::typeFont(common::Type::Small));
        common::setStyleProperty(*label, "tone", QStringLiteral("quiet"));
        row->addWidget(label, stretch);
        return label;
    };
    addQuiet(tr("log10 parameters from one generation to the next"), 1);
    addQuiet(tr("squares: read at each step · dashes: saved curve"), 1)
        ->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(separator());
    row->addWidget(common::makeLabel(tr("Controller"), common::Type::Small, QStringLiteral("quiet")));
    m_controller = new QComboBox;
    m_controller->setObjectName(QStringLiteral("controller"));
    m_controller->setAccessibleName(tr("Controller of the gap"));
    m_controller->addItem(tr("schedule"), QStringLiteral("schedule"));
    m_controller->addItem(tr("fixed"), QStringLiteral("fixed"));
    m_controller->addItem(tr("direct jump"), QStringLiteral("jump"));
    m_controller->addItem(tr("PI"), QStringLiteral("pi"));
    m_controller->addItem(tr("bandit"), QStringLiteral("bandit"));
    m_controller->addItem(tr("adaptive"), QStringLiteral("adaptive"));
    m_fixed = new NumberField(tr("Fixed or first gap, log10 parameters"), 1, 2, {});
    m_fixed->setObjectName(QStringLiteral("fixedGap"));
    m_fixed->setFixedWidth(64);
    row->addWidget(m_controller);
    row->addWidget(m_fixed);
    connect(m_controller, &QComboBox::activated, this,
            [this] { setController(m_controller->currentData().toString()); });
    return header;
}

} // namespace gradus::pages
