// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/gesture.h"

#include "viewmodels/curve_shape.h"

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

/// The direction of a handle, as it is seen, turned to the nearest multiple of 45 degrees.
schedule::Handle atEighths(const schedule::Handle& handle, const LanePoint& pixelsPerUnit)
{
    constexpr double kEighth = 0.78539816339744831;
    const double x = handle.dx * pixelsPerUnit.x;
    const double y = handle.dy * pixelsPerUnit.y;
    const double angle = std::round(std::atan2(y, x) / kEighth) * kEighth;
    const double along = x * std::cos(angle) + y * std::sin(angle);
    // The cosine of a right angle is dust, not a direction.
    const auto clean = [](double value) { return std::abs(value) < 1e-9 ? 0.0 : value; };
    return {clean(along * std::cos(angle)) / pixelsPerUnit.x, clean(along * std::sin(angle)) / pixelsPerUnit.y};
}

} // namespace

void LaneGesture::press(const PointerEvent& event)
{
    cancel();
    if (!m_track.isEditable()) return;
    auto& selection = m_track.selection();
    m_state = State::Pressed;
    m_pressed = event;
    m_last = m_virtual = event.at;
    m_base = m_track.committedCurve();
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
    if (m_state == State::Bend) bend(event);
    if (m_state == State::Scale) scale(event);
}

bool LaneGesture::isInThePast() const
{
    const auto closed = m_track.closedUntil();
    if (!closed) return false;
    const auto& keys = m_base.keys;
    const auto isClosed = [&](int index) { return keys[static_cast<std::size_t>(index)].x <= *closed; };
    switch (m_pressed.target.kind) {
    case TargetKind::Handle:
        if (opensTheFuture()) return false;
        [[fallthrough]];
    case TargetKind::Key:
        return isClosed(m_grabbed);
    case TargetKind::Curve:
        return m_pressed.at.x <= *closed;
    case TargetKind::Box:
    case TargetKind::BoxInside: {
        const auto& chosen = m_track.selection().indices();
        return std::any_of(chosen.begin(), chosen.end(), isClosed);
    }
    case TargetKind::Empty:
        break;
    }
    return false;
}

/// The right handle of the key where the past ends shapes only what is to come.
bool LaneGesture::opensTheFuture() const
{
    return m_pressed.target.kind == TargetKind::Handle && m_pressed.target.side == HandleSide::Right &&
           m_track.closedUntil() == m_base.keys[static_cast<std::size_t>(m_grabbed)].x;
}

void LaneGesture::begin(const PointerEvent&)
{
    auto& selection = m_track.selection();
    if (isInThePast()) {
        m_state = State::Idle;
        Q_EMIT m_track.editRefused(QObject::tr("This part of the run is over and stays as it was; draw after it, or "
                                               "branch from an earlier generation."));
        return;
    }
    const Qt::KeyboardModifiers held = m_pressed.modifiers;
    switch (m_pressed.target.kind) {
    case TargetKind::Empty:
        m_state = State::Band;
        return;
    case TargetKind::Box:
        m_state = State::Scale;
        m_dragged = selection.indices();
        return;
    case TargetKind::BoxInside:
        // Shift and Ctrl are about what is selected, also in here.
        if (held & (Qt::ShiftModifier | Qt::ControlModifier)) {
            m_state = State::Band;
            return;
        }
        m_grabbed = selection.contains(selection.current()) ? selection.current() : selection.indices().front();
        break;
    case TargetKind::Handle:
        m_state = State::DragHandle;
        return;
    case TargetKind::Key:
        break;
    case TargetKind::Curve: {
        if (held & Qt::AltModifier && held & Qt::ShiftModifier) {
            m_state = State::Bend;
            m_grabbed = viewmodels::segmentAt(m_base, m_pressed.at.x);
            selection.select(m_grabbed);
            return;
        }
        const std::size_t before = m_base.keys.size();
        m_grabbed = schedule::insertOnCurve(m_base, std::clamp(m_pressed.at.x, 0.0, 1.0));
        m_inserted = m_base.keys.size() > before;
        m_track.preview(m_base);
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
    // By powers of ten a drag is a factor: that of the pointer, or a tenth of its way.
    if (m_grid.logY)
        m_virtual.y *= std::pow(event.at.y / m_last.y, speed);
    else
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

double LaneGesture::carried(double y, double pointer) const
{
    // A handle may end below 0, where an axis by powers of ten does not reach.
    return m_grid.logY && y > 0 ? y * (pointer / m_pressed.at.y) : y + pointer - m_pressed.at.y;
}

void LaneGesture::dragKeys(const PointerEvent& event)
{
    auto& selection = m_track.selection();
    m_discarding = false;
    if (event.outside > kDiscardPixels) {
        const schedule::Curve rest = viewmodels::withoutKeys(m_base, m_dragged);
        m_discarding = rest.keys.size() < m_base.keys.size();
        if (m_discarding) {
            m_track.preview(rest);
            selection.clear();
            return;
        }
    }
    const schedule::Key& key = m_base.keys[static_cast<std::size_t>(m_grabbed)];
    const double dragged = carried(key.y, m_virtual.y);
    const double across = (m_virtual.x - m_pressed.at.x) * event.pixelsPerUnit.x;
    const double upwards = m_grid.logY ? std::log(dragged / key.y) * event.at.y * event.pixelsPerUnit.y
                                       : (dragged - key.y) * event.pixelsPerUnit.y;
    bool moveX = true;
    bool moveY = true;
    if (event.modifiers & Qt::ShiftModifier && !(event.modifiers & Qt::ControlModifier)) {
        moveX = std::abs(across) >= std::abs(upwards);
        moveY = !moveX;
    }
    const LanePoint wanted =
        viewmodels::snapped({key.x + m_virtual.x - m_pressed.at.x, dragged}, activeGrid(event.modifiers));
    const double dx = moveX ? wanted.x - key.x : 0;
    const viewmodels::LaneBounds& bounds = m_track.bounds();
    schedule::Curve moved =
        m_grid.logY ? viewmodels::multipliedKeys(m_base, m_dragged, dx, moveY ? wanted.y / key.y : 1, bounds)
                    : viewmodels::movedKeys(m_base, m_dragged, dx, moveY ? wanted.y - key.y : 0, bounds);
    // key + (wanted - key) can miss wanted by a bit; a snapped key stands on its line exactly.
    schedule::Key& landed = moved.keys[static_cast<std::size_t>(m_grabbed)];
    if (moveX && std::abs(landed.x - wanted.x) < 1e-12) landed.x = wanted.x;
    if (moveY && std::abs(landed.y - wanted.y) < 1e-12) landed.y = wanted.y;
    m_track.preview(moved);
    selection.set(m_dragged, m_grabbed);
}

void LaneGesture::dragHandle(const PointerEvent& event)
{
    const schedule::Key& key = m_base.keys[static_cast<std::size_t>(m_grabbed)];
    const bool left = m_pressed.target.side == HandleSide::Left;
    const schedule::Handle& start = left ? key.left : key.right;
    const auto kind = viewmodels::kindOf(m_base, m_grabbed);
    const bool level = kind == viewmodels::KeyKind::Smooth || kind == viewmodels::KeyKind::Flat;
    const bool together = level && !opensTheFuture(); // the left one would bend the past
    const bool breaks = event.modifiers & Qt::ShiftModifier;
    schedule::Handle wanted{start.dx + m_virtual.x - m_pressed.at.x, carried(key.y + start.dy, m_virtual.y) - key.y};
    // On a handle that is free already there is nothing to break: Shift keeps its direction to eighths of a turn.
    if (breaks && !together) wanted = atEighths(wanted, event.pixelsPerUnit);
    m_track.preview(viewmodels::withHandle(m_base, m_grabbed, m_pressed.target.side, wanted, together && !breaks));
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
    m_track.selection().set(chosen, chosen.empty() ? -1 : chosen.back());
}

void LaneGesture::release(const PointerEvent& event)
{
    if (m_state == State::Idle) return;
    if (m_state == State::Pressed) {
        click(event);
    } else if (m_track.isPreviewing()) {
        const schedule::Curve result = m_track.curve();
        // A preview comes from edits that keep curves valid, and a text cannot turn invalid during a drag.
        (void)m_track.setCurve(result, label());
    }
    m_state = State::Idle;
    m_inserted = m_discarding = false;
}

QString LaneGesture::label() const
{
    if (m_discarding) return words("Delete key");
    if (m_inserted) return words("Insert key");
    switch (m_state) {
    case State::DragHandle:
        return words("Move handle");
    case State::Bend:
        return words("Bend segment");
    case State::Scale:
        return words("Scale keys");
    default:
        return words("Move key");
    }
}

/// A press that did not move.
void LaneGesture::click(const PointerEvent& event)
{
    auto& selection = m_track.selection();
    const bool extends = event.modifiers & (Qt::ShiftModifier | Qt::ControlModifier);
    switch (m_pressed.target.kind) {
    case TargetKind::Empty:
    case TargetKind::BoxInside:
        if (!extends) selection.clear();
        break;
    case TargetKind::Curve:
        selection.select(viewmodels::segmentAt(m_base, m_pressed.at.x));
        break;
    case TargetKind::Key: {
        const bool was = std::binary_search(m_selectionBefore.begin(), m_selectionBefore.end(), m_grabbed);
        if (extends && was) selection.toggle(m_grabbed);
        if (!extends) selection.select(m_grabbed);
        break;
    }
    case TargetKind::Handle:
    case TargetKind::Box:
        break;
    }
}

bool LaneGesture::doubleClick(const PointerEvent& event)
{
    cancel();
    if (!m_track.isEditable() || event.target.kind == TargetKind::Handle || event.target.kind == TargetKind::Box)
        return false;
    if (event.target.kind == TargetKind::Key) {
        m_track.selection().select(event.target.index);
        return true;
    }
    schedule::Curve curve = m_track.committedCurve();
    int index = -1;
    if (event.target.kind == TargetKind::Curve) {
        index = schedule::insertOnCurve(curve, std::clamp(event.at.x, 0.0, 1.0));
    } else {
        const LanePoint place = viewmodels::snapped(event.at, activeGrid(event.modifiers));
        curve = viewmodels::keyAdded(curve, place.x, place.y, m_track.bounds(), index);
    }
    if (m_track.setCurve(curve, words("Insert key"))) m_track.selection().select(index);
    return false;
}

bool LaneGesture::cancel()
{
    if (m_state == State::Idle) return false;
    m_state = State::Idle;
    m_inserted = m_discarding = false;
    m_track.cancelPreview();
    m_track.selection().set(m_selectionBefore, m_currentBefore);
    return true;
}

std::optional<std::pair<LanePoint, LanePoint>> LaneGesture::band() const
{
    if (m_state != State::Band) return std::nullopt;
    return std::pair{m_pressed.at, m_last};
}

} // namespace gradus::editor
