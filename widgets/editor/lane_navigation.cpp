// SPDX-License-Identifier: GPL-3.0-or-later
// What part of a lane is shown: panning, zooming, framing, typed ranges; and the playhead.
#include "editor/inline_editor.h"
#include "editor/lane_view.h"

#include "base/text.h"
#include "viewmodels/points_model.h"

#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace gradus::editor {

namespace {

constexpr double kZoomStep = 1.2; ///< a notch of the wheel
constexpr double kPanStep = 0.1;  ///< share of what is shown
constexpr double kLeastDecades = 0.02;
constexpr double kMostDecades = 30;
constexpr double kFrameShare = 0.2; ///< of a value, over and under it
constexpr double kNotch = 120;      ///< Qt's eighths of a degree

} // namespace

bool LaneView::isInRuler(const QPointF& position) const
{
    const QRectF area = plotArea();
    return position.y() >= 0 && position.y() < area.top() && position.x() >= area.left() &&
           position.x() <= area.right();
}

void LaneView::movePlayhead(const QPointF& position)
{
    const double x = std::clamp(toCoordinate(position).x(), 0.0, 1.0);
    const bool snaps = m_gesture.snapping() != bool(m_held & Qt::ControlModifier);
    m_span->setPlayhead(snaps ? viewmodels::snapped({x, 0}, m_grid).x : x);
}

void LaneView::beginPan(const QPointF& position)
{
    m_pan = Pan{position, m_span->low(), m_span->high(), m_bottom, m_top, m_autoFrame};
}

void LaneView::pan(const QPointF& position)
{
    const QRectF area = plotArea();
    const QPointF moved = position - m_pan->from;
    const double dx = moved.x() / std::max(area.width(), 1.0) * (m_pan->xHigh - m_pan->xLow);
    const double dy = moved.y() / std::max(area.height(), 1.0) * (warped(m_pan->top) - warped(m_pan->bottom));
    m_autoFrame = m_autoFrame && dy == 0;
    m_bottom = unwarped(warped(m_pan->bottom) + dy);
    m_top = unwarped(warped(m_pan->top) + dy);
    m_span->setRange(m_pan->xLow - dx, m_pan->xHigh - dx);
    refresh(); // the span says nothing where only the height moved
}

void LaneView::zoomY(double about, double factor)
{
    const double most = m_track.bounds().maximumY;
    const double shown = warped(m_top) - warped(m_bottom);
    const double length = m_log ? std::clamp(shown / factor, kLeastDecades, kMostDecades)
                                : std::clamp(shown / factor, 1e-6 * most, 4 * most);
    const double bottom = warped(about) - (warped(about) - warped(m_bottom)) * length / shown;
    m_autoFrame = false;
    m_bottom = unwarped(bottom);
    m_top = unwarped(bottom + length);
    refresh();
}

void LaneView::wheelEvent(QWheelEvent* event)
{
    const QPoint turned = event->angleDelta();
    // Some platforms turn the wheel sideways while a modifier is held.
    const double notches = (turned.y() != 0 ? turned.y() : turned.x()) / kNotch;
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const bool ctrl = event->modifiers() & Qt::ControlModifier;
    if ((!shift && !ctrl && turned.x() == 0) || notches == 0 || m_gesture.isActive())
        return event->ignore(); // the lanes scroll
    const QPointF at = toCoordinate(event->position());
    const double factor = std::pow(kZoomStep, notches);
    if (ctrl && shift)
        zoomY(at.y(), factor);
    else if (ctrl)
        m_span->zoom(std::clamp(at.x(), 0.0, 1.0), factor);
    else
        m_span->pan(-notches * kPanStep * (m_span->high() - m_span->low()));
    event->accept();
}

void LaneView::frameAll()
{
    m_autoFrame = true;
    m_span->showAll();
    refresh();
}

void LaneView::frameSelection()
{
    const auto& indices = m_track.selection().indices();
    if (indices.empty()) return frameAll();
    const auto& keys = m_track.curve().keys;
    double low = m_track.bounds().maximumY;
    double high = 0;
    for (const int index : indices) {
        const double y = keys[static_cast<std::size_t>(index)].y;
        low = std::min(low, y);
        high = std::max(high, y);
    }
    // Around one value there is no length to go by but its own size: a learning rate is not a gap.
    const double size = std::max(std::abs(low), std::abs(high));
    const double margin = std::max(kFrameShare * (size > 0 ? size : m_top - m_bottom), (high - low) * 0.5);
    const double grid = std::pow(10, std::floor(std::log10(margin))) / 2;
    m_autoFrame = false;
    if (m_log && low > 0) {
        m_bottom = low / (1 + kFrameShare);
        m_top = high * (1 + kFrameShare);
    } else {
        m_bottom = std::max(0.0, viewmodels::nearestMultiple(low - margin, grid));
        m_top = viewmodels::nearestMultiple(high + margin, grid);
    }
    const double first = keys[static_cast<std::size_t>(indices.front())].x;
    const double last = keys[static_cast<std::size_t>(indices.back())].x;
    // One key has no length: the run stays as wide as it is.
    if (last > first) m_span->setRange(first - 0.1 * (last - first), last + 0.1 * (last - first));
    refresh();
}

void LaneView::refreshAxis()
{
    refresh();
    refreshPlayhead();
}

/// Typed limits of an axis: in the run's unit, or the lane's own.
void LaneView::openRange(Qt::Orientation orientation, const QPoint& place)
{
    const bool across = orientation == Qt::Horizontal;
    const viewmodels::RunAxis axis = m_span->axis();
    const double low = across ? axis.shown(m_span->low()) : m_bottom;
    const double high = across ? axis.shown(m_span->high()) : m_top;
    const QStringList texts{QString::fromStdString(numberText(low)), QString::fromStdString(numberText(high))};
    m_rangeEditor->open(
        place, texts, 0,
        [this, across, axis, low, high](const QStringList& typed) -> std::optional<InlineEditor::Refusal> {
            const auto from = viewmodels::typedNumber(typed[0], low);
            const auto to = viewmodels::typedNumber(typed[1], high);
            if (!from || !to)
                return InlineEditor::Refusal{from ? 1 : 0, tr("This is not a number; write it like 20 or 0.5.")};
            if (!across && m_log && *from <= 0)
                return InlineEditor::Refusal{0, tr("An axis by powers of ten begins above 0.")};
            if (*from >= *to) return InlineEditor::Refusal{1, tr("The range ends before it begins; make this larger.")};
            if (across) {
                m_span->setRange(axis.place(*from), axis.place(*to));
            } else {
                m_autoFrame = false;
                m_bottom = *from;
                m_top = *to;
                refresh();
            }
            return std::nullopt;
        });
}

} // namespace gradus::editor
