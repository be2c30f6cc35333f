// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/key_commands.h"

#include "viewmodels/pasted_keys.h"
#include "viewmodels/points_model.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QObject>

#include <algorithm>
#include <numeric>

namespace gradus::editor {

using viewmodels::CurveTrack;
using viewmodels::KeyIndices;
using viewmodels::KeyKind;

namespace {

QString words(const char* text)
{
    return QObject::tr(text);
}

/// Twelve digits: 0.3 + 0.05 is written as 0.35.
double tidy(double value)
{
    return viewmodels::nearestMultiple(value, 1e-12);
}

/// The selected keys again, as if copied and pasted right behind themselves, as far as the run goes.
void duplicate(CurveTrack& track, double step)
{
    const KeyIndices indices = track.selection().indices();
    if (indices.empty() || !track.isValid()) return;
    const schedule::Curve& before = track.committedCurve();
    auto copies = viewmodels::keysToPaste(before, indices);
    const double offset = copies.back().key.x - copies.front().key.x + step;
    for (auto& copy : copies)
        copy.key.x = tidy(copy.key.x + offset);
    std::erase_if(copies, [](const auto& copy) { return copy.key.x > 1; });
    if (copies.empty()) return;
    const auto first = std::count_if(before.keys.begin(), before.keys.end(), [&](const schedule::Key& key) {
        return key.x < copies.front().key.x - schedule::kMinimumKeyDistance;
    });
    if (!track.setCurve(viewmodels::withPasted(before, copies), words("Duplicate keys"))) return;
    KeyIndices made(copies.size());
    std::iota(made.begin(), made.end(), static_cast<int>(first));
    track.selection().set(made, made.front());
}

/// What a key without modifiers asks of the view.
KeyOutcome outcomeOf(int key)
{
    switch (key) {
    case Qt::Key_I:
        return KeyOutcome::OpenInterpolation;
    case Qt::Key_E:
        return KeyOutcome::OpenEasing;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return KeyOutcome::OpenEditor;
    case Qt::Key_Home:
        return KeyOutcome::FrameAll;
    case Qt::Key_F:
        return KeyOutcome::FrameSelection;
    case Qt::Key_G:
        return KeyOutcome::ToggleGhost;
    case Qt::Key_H:
        return KeyOutcome::ToggleHandles;
    case Qt::Key_S:
        return KeyOutcome::ToggleSnapping;
    case Qt::Key_M:
        return KeyOutcome::PutMarker;
    case Qt::Key_F2:
        return KeyOutcome::Rename;
    case Qt::Key_BracketLeft:
        return KeyOutcome::PreviousMarker;
    case Qt::Key_BracketRight:
        return KeyOutcome::NextMarker;
    default:
        return key >= Qt::Key_1 && key <= Qt::Key_9 ? KeyOutcome::PickLane : KeyOutcome::Ignored;
    }
}

} // namespace

KeyOutcome KeyCommands::handle(int key, Qt::KeyboardModifiers modifiers)
{
    const Qt::KeyboardModifiers relevant = modifiers & ~Qt::KeypadModifier;
    const bool isArrow = key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    if (isArrow && !(relevant & Qt::ControlModifier)) {
        arrow(key, relevant);
        return KeyOutcome::Done;
    }
    if (relevant & Qt::ControlModifier) return handleCtrl(key, relevant);
    if (key == Qt::Key_Backtab) return step(-1), KeyOutcome::Done;
    if (relevant != Qt::NoModifier) return KeyOutcome::Ignored;
    switch (key) {
    case Qt::Key_Tab:
        return step(1), KeyOutcome::Done;
    case Qt::Key_Insert:
        return m_playhead ? insertAt(tidy(*m_playhead)) : insertAfterCurrent(), KeyOutcome::Done;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return removeSelected(), KeyOutcome::Done;
    case Qt::Key_K:
        return cycleKind(), KeyOutcome::Done;
    case Qt::Key_L:
        return m_track.setLocked(!m_track.isLocked()), KeyOutcome::Done;
    case Qt::Key_U:
        return m_track.setMuted(!m_track.isMuted()), KeyOutcome::Done;
    default:
        return outcomeOf(key);
    }
}

KeyOutcome KeyCommands::handleCtrl(int key, Qt::KeyboardModifiers modifiers)
{
    if (key == Qt::Key_V && modifiers == (Qt::ControlModifier | Qt::ShiftModifier))
        return pasteScaled(), KeyOutcome::Done;
    if (modifiers != Qt::ControlModifier) return KeyOutcome::Ignored;
    switch (key) {
    case Qt::Key_A: {
        if (m_track.keyCount() == 0) return KeyOutcome::Done;
        KeyIndices all(static_cast<std::size_t>(m_track.keyCount()));
        std::iota(all.begin(), all.end(), 0);
        m_track.selection().set(all, std::max(m_track.selection().current(), 0));
        return KeyOutcome::Done;
    }
    case Qt::Key_C:
        return copy(), KeyOutcome::Done;
    case Qt::Key_X:
        return cut(), KeyOutcome::Done;
    case Qt::Key_V:
        return paste(), KeyOutcome::Done;
    case Qt::Key_D:
        return duplicate(m_track, m_grid.xStep), KeyOutcome::Done;
    case Qt::Key_Up:
        return KeyOutcome::PreviousLane;
    case Qt::Key_Down:
        return KeyOutcome::NextLane;
    default:
        return KeyOutcome::Ignored;
    }
}

void KeyCommands::arrow(int key, Qt::KeyboardModifiers modifiers)
{
    const double factor = modifiers & Qt::ShiftModifier ? 10 : modifiers & Qt::AltModifier ? 0.1 : 1;
    const double x = m_grid.xStep * factor;
    const int current = m_track.selection().current();
    const auto& keys = m_track.curve().keys;
    const bool has = current >= 0 && current < static_cast<int>(keys.size());
    const double y = viewmodels::yStepAt(m_grid, has ? keys[static_cast<std::size_t>(current)].y : 0) * factor;
    nudge(key == Qt::Key_Left    ? -x
          : key == Qt::Key_Right ? x
                                 : 0,
          key == Qt::Key_Down ? -y
          : key == Qt::Key_Up ? y
                              : 0);
}

/// The same lines as the table of points copies, so that lane, table and spreadsheet take each other's.
void KeyCommands::copy()
{
    if (m_track.selection().indices().empty()) return;
    QGuiApplication::clipboard()->setText(viewmodels::PointsModel(m_track).copied(m_track.selection().indices()));
}

void KeyCommands::cut()
{
    copy();
    removeSelected();
}

void KeyCommands::paste()
{
    const auto pasted = viewmodels::PointsModel(m_track).paste(QGuiApplication::clipboard()->text());
    if (!pasted) Q_EMIT m_track.editRefused(QString::fromStdString(pasted.error().message));
}

void KeyCommands::pasteScaled()
{
    const KeyIndices& indices = m_track.selection().indices();
    if (indices.size() < 2)
        return Q_EMIT m_track.editRefused(words("Select the keys between which the copied ones are to run."));
    const auto& keys = m_track.committedCurve().keys;
    const auto pasted = viewmodels::PointsModel(m_track).pasteScaled(QGuiApplication::clipboard()->text(),
                                                                     keys[static_cast<std::size_t>(indices.front())].x,
                                                                     keys[static_cast<std::size_t>(indices.back())].x);
    if (!pasted) Q_EMIT m_track.editRefused(QString::fromStdString(pasted.error().message));
}

void KeyCommands::step(int direction)
{
    const int count = m_track.keyCount();
    if (count == 0) return; // a file that cannot be read has no keys to go to
    const int current = m_track.selection().current();
    const int next = current < 0 ? (direction > 0 ? 0 : count - 1) : (current + direction + count) % count;
    m_track.selection().select(next);
}

void KeyCommands::nudge(double dx, double dy)
{
    const KeyIndices& indices = m_track.selection().indices();
    if (indices.empty() || !m_track.isEditable()) return;
    const schedule::Curve& before = m_track.committedCurve();
    const int current = m_track.selection().current();
    const bool has = current >= 0 && current < static_cast<int>(before.keys.size());
    const double at = has ? before.keys[static_cast<std::size_t>(current)].y : 0;
    // By powers of ten a step of the current key is a factor for all of them.
    const bool byFactor = m_grid.logY && at > 0 && at + dy > 0;
    schedule::Curve curve = byFactor ? viewmodels::multipliedKeys(before, indices, dx, (at + dy) / at, m_track.bounds())
                                     : viewmodels::movedKeys(before, indices, dx, dy, m_track.bounds());
    for (const int index : indices) {
        const auto i = static_cast<std::size_t>(index);
        if (curve.keys[i].x != before.keys[i].x) curve.keys[i].x = tidy(curve.keys[i].x);
        if (curve.keys[i].y != before.keys[i].y) curve.keys[i].y = tidy(curve.keys[i].y);
    }
    if (m_nudgeId < 0 || m_nudged != indices) m_nudgeId = m_track.newMergeId();
    m_nudged = indices;
    (void)m_track.setCurve(curve, words("Move key"), m_nudgeId);
}

void KeyCommands::removeSelected()
{
    const auto& selection = m_track.selection();
    if (selection.indices().empty()) return;
    const int first = selection.indices().front();
    const schedule::Curve rest = viewmodels::withoutKeys(m_track.committedCurve(), selection.indices());
    if (rest == m_track.committedCurve()) return;
    const bool many = m_track.committedCurve().keys.size() - rest.keys.size() > 1;
    if (m_track.setCurve(rest, many ? words("Delete keys") : words("Delete key")))
        m_track.selection().select(std::min(first, static_cast<int>(rest.keys.size()) - 1));
}

void KeyCommands::insertAfterCurrent()
{
    const auto& keys = m_track.committedCurve().keys;
    const int last = static_cast<int>(keys.size()) - 2;
    if (last < 0) return insertAt(keys.front().x < 0.5 ? 1.0 : 0.0);
    const auto left = static_cast<std::size_t>(std::clamp(m_track.selection().current(), 0, last));
    insertAt(tidy((keys[left].x + keys[left + 1].x) / 2));
}

void KeyCommands::insertAt(double x)
{
    schedule::Curve curve = m_track.committedCurve();
    const int index = schedule::insertOnCurve(curve, std::clamp(x, 0.0, 1.0));
    if (m_track.setCurve(curve, words("Insert key"))) m_track.selection().select(index);
}

void KeyCommands::setInterpolation(schedule::Interpolation interpolation)
{
    const KeyIndices& indices = m_track.selection().indices();
    (void)m_track.setCurve(viewmodels::withInterpolation(m_track.committedCurve(), indices, interpolation),
                           words("Interpolation"));
}

void KeyCommands::setKind(KeyKind kind)
{
    const int current = m_track.selection().current();
    if (current < 0) return;
    (void)m_track.setCurve(viewmodels::withKind(m_track.committedCurve(), current, kind), words("Kind of key"));
}

void KeyCommands::cycleKind()
{
    const int current = m_track.selection().current();
    if (current < 0) return;
    const schedule::Curve& curve = m_track.committedCurve();
    // Round the kinds, past those that make no difference here (a level curve is smooth and flat at once).
    constexpr KeyKind kOrder[] = {KeyKind::Smooth, KeyKind::Flat, KeyKind::Corner};
    const KeyKind present = viewmodels::kindOf(curve, current);
    const auto at = std::find(std::begin(kOrder), std::end(kOrder), present);
    const auto start = at == std::end(kOrder) ? std::ptrdiff_t{2} : at - std::begin(kOrder);
    const bool hasHandles = viewmodels::hasHandle(curve, current, viewmodels::HandleSide::Left) ||
                            viewmodels::hasHandle(curve, current, viewmodels::HandleSide::Right);
    for (std::ptrdiff_t i = hasHandles ? 1 : 4; i < 7; ++i) {
        const KeyKind next = kOrder[(start + i) % 3];
        if (viewmodels::withKind(curve, current, next) == curve) continue;
        setKind(next);
        return;
    }
}

} // namespace gradus::editor
