// SPDX-License-Identifier: GPL-3.0-or-later
// A lane's markers: put, dragged, named, taken away, walked along.
#include "editor/inline_editor.h"
#include "editor/lane_view.h"

#include "viewmodels/snap.h"

#include <algorithm>
#include <cmath>

namespace gradus::editor {

using schedule::Marker;

namespace {

constexpr double kSamePlace = 1e-9;

} // namespace

/// Where the keyboard stands: at the playhead, else at the current key.
double LaneView::placeOfKeyboard() const
{
    if (m_span->playhead()) return *m_span->playhead();
    const int current = m_track.selection().current();
    return current >= 0 ? m_track.curve().keys[static_cast<std::size_t>(current)].x : 0.0;
}

void LaneView::dragMarker(const PointerEvent& event, const QPointF& position)
{
    if (!m_marker->moved && (position - m_marker->from).manhattanLength() < kDragPixels) return;
    m_marker->moved = true;
    m_marker->discarding = event.outside > kDiscardPixels;
    m_marker->shown = m_track.markers();
    if (m_marker->discarding) {
        m_marker->shown.erase(m_marker->shown.begin() + m_marker->index);
    } else {
        const bool snaps = m_gesture.snapping() != bool(event.modifiers & Qt::ControlModifier);
        viewmodels::SnapGrid grid = m_grid;
        const double before = m_marker->shown[static_cast<std::size_t>(m_marker->index)].x;
        std::erase(grid.xTargets, before); // it would stick to where it was
        const double x = std::clamp(event.at.x, 0.0, 1.0);
        m_marker->shown[static_cast<std::size_t>(m_marker->index)].x =
            std::clamp(snaps ? viewmodels::snapped({x, 0}, grid).x : x, 0.0, 1.0);
    }
    refreshFlags();
}

void LaneView::dropMarker()
{
    const MarkerDrag drag = *m_marker;
    m_marker.reset();
    if (drag.moved) (void)m_track.setMarkers(drag.shown, drag.discarding ? tr("Remove marker") : tr("Move marker"));
    refresh();
}

void LaneView::putMarker(double x)
{
    std::vector<Marker> markers = m_track.markers();
    markers.push_back({viewmodels::nearestMultiple(x, 1e-12), {}});
    (void)m_track.setMarkers(std::move(markers), tr("Add marker"));
}

void LaneView::toggleMarkerHere()
{
    const double x = placeOfKeyboard();
    const auto& markers = m_track.markers();
    const auto there = std::find_if(markers.begin(), markers.end(),
                                    [x](const Marker& marker) { return std::abs(marker.x - x) < kSamePlace; });
    if (there == markers.end()) return putMarker(x);
    removeMarker(static_cast<int>(there - markers.begin()));
}

void LaneView::removeMarker(int index)
{
    std::vector<Marker> markers = m_track.markers();
    markers.erase(markers.begin() + index);
    (void)m_track.setMarkers(std::move(markers), tr("Remove marker"));
}

/// The playhead goes to the next marker in that direction; past the last one it stays.
void LaneView::stepMarker(int direction)
{
    const double x = placeOfKeyboard();
    const auto& markers = m_track.markers();
    std::optional<double> next;
    for (const Marker& marker : markers) {
        const double ahead = direction * (marker.x - x);
        if (ahead > kSamePlace && (!next || ahead < direction * (*next - x))) next = marker.x;
    }
    if (next) m_span->setPlayhead(next);
}

void LaneView::openMarkerName(int index)
{
    const auto& markers = m_track.markers();
    if (index < 0 || index >= static_cast<int>(markers.size()) || !m_track.isValid()) return;
    const Marker& marker = markers[static_cast<std::size_t>(index)];
    // A null text would disable the field.
    const QString name = marker.name.empty() ? QStringLiteral("") : QString::fromStdString(marker.name);
    const QPoint at(static_cast<int>(toPixel({marker.x, 0}).x()), static_cast<int>(plotArea().top()));
    m_nameEditor->open(at, {name}, 0, [this, index](const QStringList& texts) -> std::optional<InlineEditor::Refusal> {
        std::vector<Marker> all = m_track.markers();
        if (index >= static_cast<int>(all.size())) return std::nullopt;
        all[static_cast<std::size_t>(index)].name = texts[0].trimmed().toStdString();
        const auto done = m_track.setMarkers(std::move(all), tr("Name marker"));
        if (!done) return InlineEditor::Refusal{0, QString::fromStdString(done.error().message)};
        return std::nullopt;
    });
}

} // namespace gradus::editor
