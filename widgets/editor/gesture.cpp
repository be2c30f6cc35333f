// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/gesture.h"

#include <algorithm>
#include <cmath>

namespace gradus::editor {

using viewmodels::HandleSide;
using viewmodels::KeyIndices;
using viewmodels::LanePoint;
using viewmodels::SnapGrid;

namespace {

constexpr double kFineFactor = 0.1;

QString words(const char* text)
{
    return QObject::tr(text);
}

double pixelDistance(const LanePoint& a, const LanePoint& b, const LanePoint& scale)
{
    return std::hypot((a.x - b.x) * scale.x, (a.y - b.y) * scale.y);
}

/// Index of the key whose segment x lies in.
int segmentAt(const schedule::Curve& curve, double x)
{
    int index = 0;
    for (std::size_t i = 0; i < curve.keys.size(); ++i)
        if (curve.keys[i].x <= x) index = static_cast<int>(i);
    return index;
}

} // namespace

void LaneGesture::press(const PointerEvent& event)
{
    cancel();
    if (!m_document.isValid()) return;
    auto& selection = m_document.selection();
    m_state = State::Pressed;
    m_pressed = event;
    m_last = m_virtual = event.at;
    m_base = m_document.committedCurve();
    m_selectionBefore = selection.indices();
    m_currentBefore = selection.current();
    m_grabbed = event.target.index;
    if (event.target.kind == TargetKind::Key && !selection.contains(m_grabbed)) {
        if (event.modifiers & (Qt::ShiftModifier | Qt::ControlModifier))
            selection.toggle(m_grabbed);
        else
            selection.select(m_grabbed);
    }
}

void LaneGesture::move(const PointerEvent& event)
{
    if (m_state == State::Idle) return;
    if (m_state == State::Pressed) {
        if (pixelDistance(event.at, m_pressed.at, event.pixelsPerUnit) < kDragPixels) return;
        begin(event);
    }
    advance(event);
    if (m_state == State::DragKeys) dragKeys(event);
    if (m_state == State::DragHandle) dragHandle(event);
    if (m_state == State::Band) dragBand(event);
}

void LaneGesture::begin(const PointerEvent&)
{
    auto& selection = m_document.selection();
    switch (m_pressed.target.kind) {
    case TargetKind::Empty:
        m_state = State::Band;
        return;
    case TargetKind::Handle:
        m_state = State::DragHandle;
        return;
    case TargetKind::Key:
        break;
    case TargetKind::Curve: {
        const std::size_t before = m_base.keys.size();
        m_grabbed = schedule::insertOnCurve(m_base, std::clamp(m_pressed.at.x, 0.0, 1.0));
        m_inserted = m_base.keys.size() > before;
        m_document.preview(m_base);
        selection.select(m_grabbed);
        break;
    }
    }
    m_state = State::DragKeys;
    m_dragged = selection.indices();
}

void LaneGesture::advance(const PointerEvent& event)
{
    const double speed = event.modifiers & Qt::AltModifier ? kFineFactor : 1;
    m_virtual.x += (event.at.x - m_last.x) * speed;
    m_virtual.y += (event.at.y - m_last.y) * speed;
    m_last = event.at;
}

SnapGrid LaneGesture::activeGrid(Qt::KeyboardModifiers modifiers) const
{
    const bool inverted = modifiers & Qt::ControlModifier;
    SnapGrid grid = m_grid;
    // Fine dragging is for values between the lines.
    if (modifiers & Qt::AltModifier) return {.xStep = 0, .yStep = 0, .xTargets = {}};
    // Both together are the fine grid, whether snapping is on or off.
    if (inverted && modifiers & Qt::ShiftModifier) {
        grid.xStep /= 4;
        grid.yStep /= 4;
        return grid;
    }
    if (m_snapping == inverted) return {.xStep = 0, .yStep = 0, .xTargets = {}};
    return grid;
}

void LaneGesture::dragKeys(const PointerEvent& event)
{
    auto& selection = m_document.selection();
    m_discarding = false;
    if (event.outside > kDiscardPixels) {
        const schedule::Curve rest = viewmodels::withoutKeys(m_base, m_dragged);
        m_discarding = rest.keys.size() < m_base.keys.size();
        if (m_discarding) {
            m_document.preview(rest);
            selection.clear();
            return;
        }
    }
    const schedule::Key& key = m_base.keys[static_cast<std::size_t>(m_grabbed)];
    LanePoint delta{m_virtual.x - m_pressed.at.x, m_virtual.y - m_pressed.at.y};
    bool moveX = true;
    bool moveY = true;
    if (event.modifiers & Qt::ShiftModifier && !(event.modifiers & Qt::ControlModifier)) {
        moveX = std::abs(delta.x * event.pixelsPerUnit.x) >= std::abs(delta.y * event.pixelsPerUnit.y);
        moveY = !moveX;
    }
    const LanePoint wanted = viewmodels::snapped({key.x + delta.x, key.y + delta.y}, activeGrid(event.modifiers));
    const double dx = moveX ? wanted.x - key.x : 0;
    const double dy = moveY ? wanted.y - key.y : 0;
    schedule::Curve moved = viewmodels::movedKeys(m_base, m_dragged, dx, dy, m_document.bounds());
    // key + (wanted - key) can miss wanted by a bit; a snapped key stands on its line exactly.
    schedule::Key& landed = moved.keys[static_cast<std::size_t>(m_grabbed)];
    if (moveX && std::abs(landed.x - wanted.x) < 1e-12) landed.x = wanted.x;
    if (moveY && std::abs(landed.y - wanted.y) < 1e-12) landed.y = wanted.y;
    m_document.preview(moved);
    selection.set(m_dragged, m_grabbed);
}

void LaneGesture::dragHandle(const PointerEvent& event)
{
    const schedule::Key& key = m_base.keys[static_cast<std::size_t>(m_grabbed)];
    const bool left = m_pressed.target.side == HandleSide::Left;
    const schedule::Handle& start = left ? key.left : key.right;
    const auto kind = viewmodels::kindOf(m_base, m_grabbed);
    const bool together = kind == viewmodels::KeyKind::Smooth || kind == viewmodels::KeyKind::Flat;
    const bool breaks = event.modifiers & Qt::ShiftModifier;
    const schedule::Handle wanted{start.dx + m_virtual.x - m_pressed.at.x, start.dy + m_virtual.y - m_pressed.at.y};
    m_document.preview(viewmodels::withHandle(m_base, m_grabbed, m_pressed.target.side, wanted, together && !breaks));
}

void LaneGesture::dragBand(const PointerEvent& event)
{
    const auto [left, right] = std::minmax(m_pressed.at.x, event.at.x);
    const auto [low, high] = std::minmax(m_pressed.at.y, event.at.y);
    KeyIndices inside;
    for (std::size_t i = 0; i < m_base.keys.size(); ++i) {
        const schedule::Key& key = m_base.keys[i];
        if (key.x >= left && key.x <= right && key.y >= low && key.y <= high) inside.push_back(static_cast<int>(i));
    }
    KeyIndices chosen = inside;
    if (event.modifiers & Qt::ControlModifier) {
        chosen.clear();
        std::set_symmetric_difference(m_selectionBefore.begin(), m_selectionBefore.end(), inside.begin(), inside.end(),
                                      std::back_inserter(chosen));
    } else if (event.modifiers & Qt::ShiftModifier) {
        chosen.clear();
        std::set_union(m_selectionBefore.begin(), m_selectionBefore.end(), inside.begin(), inside.end(),
                       std::back_inserter(chosen));
    }
    m_document.selection().set(chosen, chosen.empty() ? -1 : chosen.back());
}

void LaneGesture::release(const PointerEvent& event)
{
    if (m_state == State::Idle) return;
    if (m_state == State::Pressed) {
        click(event);
    } else if (m_document.isPreviewing()) {
        const schedule::Curve result = m_document.curve();
        QString label = words("Move key");
        if (m_state == State::DragHandle) label = words("Move handle");
        if (m_inserted) label = words("Insert key");
        if (m_discarding) label = words("Delete key");
        // A preview comes from edits that keep curves valid, and a document cannot turn invalid during a drag.
        (void)m_document.setCurve(result, label);
    }
    m_state = State::Idle;
    m_inserted = m_discarding = false;
}

/// A press that did not move.
void LaneGesture::click(const PointerEvent& event)
{
    auto& selection = m_document.selection();
    const bool extends = event.modifiers & (Qt::ShiftModifier | Qt::ControlModifier);
    switch (m_pressed.target.kind) {
    case TargetKind::Empty:
        if (!extends) selection.clear();
        break;
    case TargetKind::Curve:
        selection.select(segmentAt(m_base, m_pressed.at.x));
        break;
    case TargetKind::Key: {
        const bool was = std::binary_search(m_selectionBefore.begin(), m_selectionBefore.end(), m_grabbed);
        if (extends && was) selection.toggle(m_grabbed);
        if (!extends) selection.select(m_grabbed);
        break;
    }
    case TargetKind::Handle:
        break;
    }
}

bool LaneGesture::doubleClick(const PointerEvent& event)
{
    cancel();
    if (!m_document.isValid() || event.target.kind == TargetKind::Handle) return false;
    if (event.target.kind == TargetKind::Key) {
        m_document.selection().select(event.target.index);
        return true;
    }
    schedule::Curve curve = m_document.committedCurve();
    int index = -1;
    if (event.target.kind == TargetKind::Curve) {
        index = schedule::insertOnCurve(curve, std::clamp(event.at.x, 0.0, 1.0));
    } else {
        const LanePoint place = viewmodels::snapped(event.at, activeGrid(event.modifiers));
        curve = viewmodels::keyAdded(curve, place.x, place.y, m_document.bounds(), index);
    }
    if (m_document.setCurve(curve, words("Insert key"))) m_document.selection().select(index);
    return false;
}

bool LaneGesture::cancel()
{
    if (m_state == State::Idle) return false;
    m_state = State::Idle;
    m_inserted = m_discarding = false;
    m_document.cancelPreview();
    m_document.selection().set(m_selectionBefore, m_currentBefore);
    return true;
}

std::optional<std::pair<LanePoint, LanePoint>> LaneGesture::band() const
{
    if (m_state != State::Band) return std::nullopt;
    return std::pair{m_pressed.at, m_last};
}

} // namespace gradus::editor
