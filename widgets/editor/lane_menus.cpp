// SPDX-License-Identifier: GPL-3.0-or-later
// The lane's menus and its number field.
#include "editor/lane_view.h"

#include "base/text.h"
#include "common/controls.h"
#include "viewmodels/points_model.h"

#include <QAction>
#include <QActionGroup>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>

#include <algorithm>

namespace gradus::editor {

using schedule::Interpolation;

namespace {

constexpr Interpolation kInterpolations[] = {Interpolation::Constant, Interpolation::Linear, Interpolation::Monotone,
                                             Interpolation::Bezier};
constexpr viewmodels::KeyKind kKinds[] = {viewmodels::KeyKind::Smooth, viewmodels::KeyKind::Flat,
                                          viewmodels::KeyKind::Corner};

} // namespace

QMenu* LaneView::makeInterpolationMenu()
{
    auto* menu = new QMenu(tr("Interpolation"), this);
    auto* group = new QActionGroup(menu);
    const int current = m_document.selection().current();
    for (const Interpolation kind : kInterpolations) {
        QAction* action =
            menu->addAction(viewmodels::titleOf(kind), this, [this, kind] { m_commands.setInterpolation(kind); });
        action->setCheckable(true);
        action->setActionGroup(group);
        action->setChecked(current >= 0 &&
                           m_document.curve().keys[static_cast<std::size_t>(current)].interpolation == kind);
    }
    return menu;
}

QMenu* LaneView::makeMenu(const Target& target, double x)
{
    auto* menu = new QMenu(this);
    const bool editable = m_document.isValid();
    menu->addAction(tr("Insert key"), this, [this, x] { m_commands.insertAt(x); })->setEnabled(editable);
    if (target.kind != TargetKind::Key || !editable) return menu;
    const int index = target.index;
    if (!viewmodels::isPinned(m_document.curve(), index))
        menu->addAction(tr("Delete"), this, [this] { m_commands.removeSelected(); });
    menu->addSeparator();
    menu->addAction(tr("Set value…"), this, [this, index] { openEditor(index); });
    if (index + 1 < static_cast<int>(m_document.curve().keys.size())) menu->addMenu(makeInterpolationMenu());
    QMenu* kinds = menu->addMenu(tr("Kind"));
    for (const viewmodels::KeyKind kind : kKinds)
        kinds->addAction(viewmodels::titleOf(kind), this, [this, kind] { m_commands.setKind(kind); });
    const auto& saved = m_document.savedCurve().keys;
    const schedule::Key& key = m_document.curve().keys[static_cast<std::size_t>(index)];
    const auto twin = std::find_if(saved.begin(), saved.end(), [&](const schedule::Key& k) { return k.x == key.x; });
    if (twin != saved.end() && twin->y != key.y)
        menu->addAction(tr("Reset to saved"), this, [this, index, y = twin->y] {
            const schedule::Curve& curve = m_document.committedCurve();
            const double at = curve.keys[static_cast<std::size_t>(index)].x;
            (void)m_document.setCurve(viewmodels::keyPlaced(curve, index, at, y, m_document.bounds()), tr("Reset key"));
        });
    return menu;
}

void LaneView::popUp(QMenu* menu, const QPoint& globalPosition)
{
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(globalPosition);
}

void LaneView::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_gesture.isActive()) return;
    QPoint place = event->pos();
    const int current = m_document.selection().current();
    if (event->reason() == QContextMenuEvent::Keyboard && current >= 0)
        place = pixelOf(m_document.curve().keys[static_cast<std::size_t>(current)]).toPoint();
    const PointerEvent pointer = pointerEvent(place, Qt::NoModifier);
    if (pointer.target.kind == TargetKind::Key && !m_document.selection().contains(pointer.target.index))
        m_document.selection().select(pointer.target.index);
    popUp(makeMenu(pointer.target, std::clamp(pointer.at.x, 0.0, 1.0)), mapToGlobal(place));
}

void LaneView::openEditor(int index)
{
    if (index < 0 || !m_document.isValid()) return;
    const schedule::Key& key = m_document.curve().keys[static_cast<std::size_t>(index)];
    const QPoint at = pixelOf(key).toPoint();
    const int left = std::clamp(at.x() - m_editor->width() / 2, 4, std::max(4, width() - m_editor->width() - 4));
    const int above = at.y() - m_editor->sizeHint().height() - 10;
    m_editor->move(left, above > 0 ? above : at.y() + 12);
    m_editor->setText(QString::fromStdString(numberText(key.y)));
    common::setStyleProperty(*m_editor, "state", QVariant());
    m_editor->setToolTip({});
    m_editedKey = index;
    m_editor->show();
    m_editor->setFocus(Qt::OtherFocusReason);
    m_editor->selectAll();
}

void LaneView::commitEditor()
{
    if (m_editedKey < 0) return;
    const schedule::Curve& curve = m_document.committedCurve();
    const schedule::Key key = curve.keys[static_cast<std::size_t>(m_editedKey)];
    const auto number = viewmodels::typedNumber(m_editor->text(), key.y);
    if (!number) {
        // Stays open with the field marked: a typing slip must not cost the entry.
        common::setStyleProperty(*m_editor, "state", QStringLiteral("fail"));
        m_editor->setToolTip(tr("This is not a number; write it like 0.52, *1.1 or +0.05."));
        return;
    }
    const auto moved = viewmodels::keyPlaced(curve, m_editedKey, key.x, *number, m_document.bounds());
    m_editedKey = -1;
    (void)m_document.setCurve(moved, tr("Set value"));
    setFocus(Qt::OtherFocusReason);
    m_editor->hide();
}

/// Also reached by Esc and by a click elsewhere: what was not committed is dropped.
void LaneView::closeEditor()
{
    if (m_editor->isHidden() || m_editor->hasFocus()) return;
    m_editedKey = -1;
    m_editor->hide();
}

bool LaneView::eventFilter(QObject* watched, QEvent* event)
{
    const bool override = event->type() == QEvent::ShortcutOverride;
    if (watched != m_editor || (!override && event->type() != QEvent::KeyPress))
        return LanePlot::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool keeps = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (!keeps && key != Qt::Key_Escape) return false;
    // Taken here: a line edit lets both through to its parent, where Enter would open the field again.
    event->accept();
    if (override) return true;
    if (keeps) {
        commitEditor();
    } else {
        m_editedKey = -1;
        setFocus(Qt::OtherFocusReason);
        m_editor->hide();
    }
    return true;
}

} // namespace gradus::editor
