// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/key_commands.h"

#include "viewmodels/points_model.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QObject>

#include <algorithm>
#include <numeric>

namespace gradus::editor {

using viewmodels::KeyIndices;
using viewmodels::KeyKind;
using viewmodels::ScheduleDocument;

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

/// The selected keys again, right behind themselves, as far as the run goes.
void duplicate(ScheduleDocument& document, double step)
{
    const KeyIndices indices = document.selection().indices();
    if (indices.empty() || !document.isValid()) return;
    const schedule::Curve before = document.committedCurve();
    const auto keyAt = [&](int index) { return before.keys[static_cast<std::size_t>(index)]; };
    const double offset = keyAt(indices.back()).x - keyAt(indices.front()).x + step;
    schedule::Curve curve = before;
    std::vector<double> places;
    for (const int index : indices) {
        const double x = tidy(keyAt(index).x + offset);
        if (x > 1) break;
        int made = -1;
        curve = viewmodels::keyAdded(curve, x, keyAt(index).y, document.bounds(), made);
        if (made < 0) continue;
        curve.keys[static_cast<std::size_t>(made)].interpolation = keyAt(index).interpolation;
        places.push_back(x);
    }
    if (places.empty() || !document.setCurve(curve, words("Duplicate keys"))) return;
    KeyIndices copies;
    const auto& keys = document.committedCurve().keys;
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (std::find(places.begin(), places.end(), keys[i].x) != places.end()) copies.push_back(static_cast<int>(i));
    if (!copies.empty()) document.selection().set(copies, copies.front());
}

/// The same lines as the table of points copies, so that lane, table and spreadsheet take each other's.
void copy(ScheduleDocument& document)
{
    if (document.selection().indices().empty()) return;
    QGuiApplication::clipboard()->setText(viewmodels::PointsModel(document).copied(document.selection().indices()));
}

void paste(ScheduleDocument& document)
{
    const auto pasted = viewmodels::PointsModel(document).paste(QGuiApplication::clipboard()->text());
    if (!pasted) Q_EMIT document.editRefused(QString::fromStdString(pasted.error().message));
}

} // namespace

KeyOutcome KeyCommands::handle(int key, Qt::KeyboardModifiers modifiers)
{
    const Qt::KeyboardModifiers relevant = modifiers & ~Qt::KeypadModifier;
    const bool isArrow = key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    if (isArrow && !(relevant & Qt::ControlModifier)) {
        const double factor = relevant & Qt::ShiftModifier ? 10 : relevant & Qt::AltModifier ? 0.1 : 1;
        const double x = m_grid.xStep * factor;
        const double y = m_grid.yStep * factor;
        nudge(key == Qt::Key_Left    ? -x
              : key == Qt::Key_Right ? x
                                     : 0,
              key == Qt::Key_Down ? -y
              : key == Qt::Key_Up ? y
                                  : 0);
        return KeyOutcome::Done;
    }
    if (key == Qt::Key_A && relevant == Qt::ControlModifier) {
        KeyIndices all(m_document.curve().keys.size());
        std::iota(all.begin(), all.end(), 0);
        m_document.selection().set(all, std::max(m_document.selection().current(), 0));
        return KeyOutcome::Done;
    }
    if (relevant == Qt::ControlModifier) {
        switch (key) {
        case Qt::Key_C:
            return copy(m_document), KeyOutcome::Done;
        case Qt::Key_X:
            return copy(m_document), removeSelected(), KeyOutcome::Done;
        case Qt::Key_V:
            return paste(m_document), KeyOutcome::Done;
        case Qt::Key_D:
            return duplicate(m_document, m_grid.xStep), KeyOutcome::Done;
        default:
            break;
        }
    }
    if (key == Qt::Key_Backtab) return step(-1), KeyOutcome::Done;
    if (relevant != Qt::NoModifier) return KeyOutcome::Ignored;
    switch (key) {
    case Qt::Key_Tab:
        return step(1), KeyOutcome::Done;
    case Qt::Key_Insert:
        return insertAfterCurrent(), KeyOutcome::Done;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return removeSelected(), KeyOutcome::Done;
    case Qt::Key_K:
        return cycleKind(), KeyOutcome::Done;
    case Qt::Key_I:
        return KeyOutcome::OpenInterpolation;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return KeyOutcome::OpenEditor;
    case Qt::Key_Home:
        return KeyOutcome::FrameAll;
    case Qt::Key_F:
        return KeyOutcome::FrameSelection;
    case Qt::Key_G:
        return KeyOutcome::ToggleGhost;
    case Qt::Key_S:
        return KeyOutcome::ToggleSnapping;
    default:
        return KeyOutcome::Ignored;
    }
}

void KeyCommands::step(int direction)
{
    const int count = static_cast<int>(m_document.curve().keys.size());
    const int current = m_document.selection().current();
    const int next = current < 0 ? (direction > 0 ? 0 : count - 1) : (current + direction + count) % count;
    m_document.selection().select(next);
}

void KeyCommands::nudge(double dx, double dy)
{
    const KeyIndices& indices = m_document.selection().indices();
    if (indices.empty() || !m_document.isValid()) return;
    const schedule::Curve& before = m_document.committedCurve();
    schedule::Curve curve = viewmodels::movedKeys(before, indices, dx, dy, m_document.bounds());
    for (const int index : indices) {
        const auto i = static_cast<std::size_t>(index);
        if (curve.keys[i].x != before.keys[i].x) curve.keys[i].x = tidy(curve.keys[i].x);
        if (curve.keys[i].y != before.keys[i].y) curve.keys[i].y = tidy(curve.keys[i].y);
    }
    if (m_nudgeId < 0 || m_nudged != indices) m_nudgeId = m_document.newMergeId();
    m_nudged = indices;
    (void)m_document.setCurve(curve, words("Move key"), m_nudgeId);
}

void KeyCommands::removeSelected()
{
    const auto& selection = m_document.selection();
    if (selection.indices().empty()) return;
    const int first = selection.indices().front();
    const schedule::Curve rest = viewmodels::withoutKeys(m_document.committedCurve(), selection.indices());
    if (rest == m_document.committedCurve()) return;
    const bool many = m_document.committedCurve().keys.size() - rest.keys.size() > 1;
    if (m_document.setCurve(rest, many ? words("Delete keys") : words("Delete key")))
        m_document.selection().select(std::min(first, static_cast<int>(rest.keys.size()) - 1));
}

void KeyCommands::insertAfterCurrent()
{
    const auto& keys = m_document.committedCurve().keys;
    const int last = static_cast<int>(keys.size()) - 2;
    if (last < 0) return insertAt(keys.front().x < 0.5 ? 1.0 : 0.0);
    const auto left = static_cast<std::size_t>(std::clamp(m_document.selection().current(), 0, last));
    insertAt(tidy((keys[left].x + keys[left + 1].x) / 2));
}

void KeyCommands::insertAt(double x)
{
    schedule::Curve curve = m_document.committedCurve();
    const int index = schedule::insertOnCurve(curve, std::clamp(x, 0.0, 1.0));
    if (m_document.setCurve(curve, words("Insert key"))) m_document.selection().select(index);
}

void KeyCommands::setInterpolation(schedule::Interpolation interpolation)
{
    const KeyIndices& indices = m_document.selection().indices();
    (void)m_document.setCurve(viewmodels::withInterpolation(m_document.committedCurve(), indices, interpolation),
                              words("Interpolation"));
}

void KeyCommands::setKind(KeyKind kind)
{
    const int current = m_document.selection().current();
    if (current < 0) return;
    (void)m_document.setCurve(viewmodels::withKind(m_document.committedCurve(), current, kind), words("Kind of key"));
}

void KeyCommands::cycleKind()
{
    const int current = m_document.selection().current();
    if (current < 0) return;
    const schedule::Curve& curve = m_document.committedCurve();
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
