// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_view.h"

#include "common/number_text.h"
#include "editor/inline_editor.h"
#include "editor/lane_accessible.h"
#include "viewmodels/log_axis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace gradus::editor {

using schedule::Interpolation;
using viewmodels::HandleSide;

namespace {

/// A little more than the run: keys at its ends stay easy to grab, the last generation's label has room.
constexpr double kRangeLow = -0.015;
constexpr double kLastLabelPixels = 128;

double rangeHigh(double pixels)
{
    const double share = std::min(kLastLabelPixels / std::max(pixels, 1.0), 0.4);
    return (1 - kRangeLow * share) / (1 - share);
}

plot::KeyShape shapeOf(const schedule::Key& key)
{
    switch (key.interpolation) {
    case Interpolation::Bezier:
        return plot::KeyShape::Circle;
    case Interpolation::Constant:
        return plot::KeyShape::Square;
    default:
        return plot::KeyShape::Diamond;
    }
}

} // namespace

LaneView::LaneView(viewmodels::CurveTrack& track, common::ThemeController& theme, QWidget* parent)
    : LanePlot(theme, parent), m_track(track), m_gesture(track), m_commands(track),
      m_span(new viewmodels::LaneSpan(this)), m_keyEditor(new InlineEditor(this)),
      m_rangeEditor(new InlineEditor(this)), m_nameEditor(new InlineEditor(this))
{
    installLaneAccessibility();
    setObjectName(QStringLiteral("gapLane"));
    setAccessibleName(tr("Gap curve"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumHeight(160);
    setVerticalGrid(false);
    setXFormatter([this](double x) { return m_span->axis().text(x); });
    setYFormatter([this](double y) { return common::numberText(y, decimalsAt(y)); });
    setMargins({48, 26, 20, 24});
    m_keyEditor->addField(QStringLiteral("keyPlaceEditor"), tr("Place of the key"), 72);
    m_keyEditor->addField(QStringLiteral("keyValueEditor"), tr("Value of the key"), 96);
    m_rangeEditor->addField(QStringLiteral("rangeLowEditor"), tr("Shown from"), 72);
    m_rangeEditor->addField(QStringLiteral("rangeHighEditor"), tr("Shown to"), 72);
    m_nameEditor->addField(QStringLiteral("markerNameEditor"), tr("Name of the marker"), 140);
    m_span->setObjectName(QStringLiteral("ownSpan"));
    setSpan(*m_span);
    connect(&track, &viewmodels::CurveTrack::curveChanged, this, &LaneView::refresh);
    connect(&track.selection(), &viewmodels::KeySelection::changed, this, [this] {
        refreshMarks();
        announceCurrentKey(*this);
    });
    refresh();
}

LaneView::~LaneView() = default;

void LaneView::setRuler(const QVector<RulerMark>& marks)
{
    m_ruler = marks;
    QVector<double> starts;
    QVector<QString> labels;
    for (const RulerMark& mark : marks) {
        starts.append(mark.x);
        labels.append(mark.label);
    }
    setGenerationStarts(starts);
    setRulerLabels(labels);
    refreshTaken(); // in a drag these move with every frame, and the curve was drawn already
    refreshGrid();
}

void LaneView::refreshTaken()
{
    QVector<plot::TakenMark> taken;
    for (const RulerMark& mark : m_ruler)
        if (mark.taken) taken.append({{mark.x, *mark.taken}, {}});
    setTaken(taken);
}

void LaneView::setSpan(viewmodels::LaneSpan& span)
{
    disconnect(m_span, nullptr, this, nullptr);
    m_span = &span;
    connect(m_span, &viewmodels::LaneSpan::rangeChanged, this, &LaneView::refresh);
    connect(m_span, &viewmodels::LaneSpan::axisChanged, this, &LaneView::refreshAxis);
    connect(m_span, &viewmodels::LaneSpan::playheadChanged, this, &LaneView::refreshPlayhead);
    refresh();
    refreshPlayhead();
}

void LaneView::setExtraGhosts(const QVector<LaneGhost>& ghosts)
{
    m_extraGhosts = ghosts;
    refresh();
}

void LaneView::setHandlesVisible(bool visible)
{
    if (visible == m_handlesVisible) return;
    m_handlesVisible = visible;
    refreshMarks();
    Q_EMIT handlesVisibleChanged(visible);
}

void LaneView::setGhostVisible(bool visible)
{
    if (visible == m_ghostVisible) return;
    m_ghostVisible = visible;
    refresh();
    Q_EMIT ghostVisibleChanged(visible);
}

void LaneView::setSnapping(bool on)
{
    if (on == m_gesture.snapping()) return;
    m_gesture.setSnapping(on);
    Q_EMIT snappingChanged(on);
}

QVector<QPointF> LaneView::samplesOf(const schedule::Curve& curve) const
{
    const schedule::Evaluator evaluate(curve);
    const int n = std::max(64, static_cast<int>(plotArea().width()));
    const double low = m_span->low();
    const double high = m_span->high();
    QVector<QPointF> points;
    points.reserve(n + 2 * static_cast<qsizetype>(curve.keys.size()));
    std::size_t next = 0;
    while (next < curve.keys.size() && curve.keys[next].x < low)
        ++next;
    for (int i = 0; i < n; ++i) {
        const double x = schedule::samplePosition(low, high, i, n);
        // Keys themselves are samples, and a hold ends in a step, not in a slope one pixel wide.
        for (; next < curve.keys.size() && curve.keys[next].x <= x; ++next) {
            const schedule::Key& key = curve.keys[next];
            if (next > 0 && curve.keys[next - 1].interpolation == Interpolation::Constant)
                points.append({key.x, curve.keys[next - 1].y});
            points.append({key.x, key.y});
        }
        if (points.isEmpty() || points.last().x() < x) points.append({x, evaluate(x)});
    }
    return points;
}

/// The range follows the curve, but while a drag lasts the scale stands still under the pointer.
void LaneView::fitRange(const QVector<QPointF>& curve)
{
    if (m_gesture.isActive() || m_pan) return;
    chooseAxis();
    if (!m_autoFrame) return;
    if (m_log) {
        const auto [low, high] = logLimits();
        std::tie(m_bottom, m_top) = viewmodels::logRange(low, high);
        return;
    }
    double top = 0;
    for (const QPointF& point : curve)
        top = std::max(top, point.y());
    for (const auto* all : {&m_track.curve(), &m_track.savedCurve()})
        for (const schedule::Key& key : all->keys)
            top = std::max(top, key.y);
    const double step = viewmodels::roundStep(std::max(top, m_track.leastTop()) * 1.15, 4);
    m_bottom = 0;
    m_top = std::max(step * std::ceil(top * 1.15 / step), step * 4);
}

/// A curve that reaches 0 has no place on an axis by powers of ten.
void LaneView::chooseAxis()
{
    const bool wanted = m_logChosen.value_or(m_track.wantsLogAxis()) && logLimits().first > 0;
    if (wanted == m_log) return;
    m_log = wanted;
    m_autoFrame = true;
    Q_EMIT logAxisChanged(m_log);
}

std::pair<double, double> LaneView::logLimits() const
{
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    for (const auto* all : {&m_track.curve(), &m_track.savedCurve()})
        for (const schedule::Key& key : all->keys) {
            if (key.y <= 0) return {0.0, 0.0};
            low = std::min(low, key.y);
            high = std::max(high, key.y);
        }
    return high > 0 ? std::pair(low, high) : std::pair(0.0, 0.0);
}

void LaneView::setLogAxis(bool on)
{
    m_logChosen = on;
    m_autoFrame = true;
    refresh();
}

int LaneView::decimalsAt(double y) const
{
    if (!m_log || !(y > 0)) return decimals();
    return std::max(0, 1 - static_cast<int>(std::floor(std::log10(y) + 1e-9)));
}

int LaneView::decimals() const
{
    const double height = m_top - m_bottom;
    return height >= 0.2 || height <= 0 ? 2 : 2 + static_cast<int>(std::ceil(-std::log10(height)));
}

void LaneView::applyRange()
{
    const auto ticks = m_log ? viewmodels::logTicks(m_bottom, m_top) : std::vector<double>{};
    setLogY(m_log, QVector<double>(ticks.begin(), ticks.end()));
    const auto places = m_span->axis().ticks(m_span->low(), m_span->high());
    setXTicks(QVector<double>(places.begin(), places.end()));
    if (m_span->isAll())
        setRange(kRangeLow, rangeHigh(plotArea().width()), m_bottom, m_top);
    else
        setRange(m_span->low(), m_span->high(), m_bottom, m_top);
}

void LaneView::refresh()
{
    setEmptyText(m_track.isBlank() ? tr("Nothing to draw: the text does not parse") : QString());
    const QVector<QPointF> curve = m_track.isBlank() ? QVector<QPointF>{} : samplesOf(m_track.curve());
    fitRange(curve);
    applyRange();
    setCurve(curve);
    const bool locked = m_track.isLocked();
    const QString note = m_track.isMuted() ? (locked ? tr("muted, locked") : tr("muted"))
                         : locked          ? tr("locked")
                                           : QString();
    setMuted(m_track.isMuted(), note);
    setClosed(m_track.closedUntil());
    refreshGhosts();
    refreshTaken();
    refreshMarks();
    refreshFlags();
    refreshGrid();
    announceValue(*this, m_track.selection().current());
}

void LaneView::refreshGhosts()
{
    QVector<plot::Ghost> ghosts;
    if (m_ghostVisible) {
        if (!(m_track.savedCurve() == m_track.curve())) ghosts.append({{}, samplesOf(m_track.savedCurve()), false});
        for (const LaneGhost& ghost : std::as_const(m_extraGhosts))
            ghosts.append({ghost.name, samplesOf(ghost.curve), true});
    }
    setGhosts(ghosts);
}

void LaneView::refreshFlags()
{
    QVector<plot::FlagMark> flags;
    for (const schedule::Marker& marker : m_marker ? m_marker->shown : m_track.markers())
        flags.append({marker.x, QString::fromStdString(marker.name)});
    setFlags(flags);
}

void LaneView::refreshPlayhead()
{
    const auto x = m_span->playhead();
    setPlayhead(x, x ? m_span->axis().text(*x) : QString());
    m_commands.setPlayhead(x);
}

/// Around two selected keys or more.
void LaneView::refreshTransformBox()
{
    const auto& indices = m_track.selection().indices();
    const auto& keys = m_track.curve().keys;
    // A preview may have fewer keys than are selected, until the selection follows.
    if (indices.size() < 2 || indices.back() >= static_cast<int>(keys.size()) || !m_track.isEditable())
        return setTransformBox(std::nullopt);
    const auto yOf = [&](int index) { return keys[static_cast<std::size_t>(index)].y; };
    const auto [low, high] =
        std::minmax_element(indices.begin(), indices.end(), [&](int a, int b) { return yOf(a) < yOf(b); });
    setTransformBox(QRectF(QPointF(keys[static_cast<std::size_t>(indices.front())].x, yOf(*low)),
                           QPointF(keys[static_cast<std::size_t>(indices.back())].x, yOf(*high))));
}

void LaneView::refreshMarks()
{
    const schedule::Curve& curve = m_track.curve();
    auto& selection = m_track.selection();
    QVector<plot::KeyMark> keys;
    for (int index = 0; index < m_track.keyCount(); ++index) {
        const schedule::Key& key = curve.keys[static_cast<std::size_t>(index)];
        keys.append({{key.x, key.y}, shapeOf(key), selection.contains(index), index == m_hovered});
    }
    setKeys(keys);
    QVector<plot::HandleMark> handles;
    const int current = selection.current();
    if (current >= 0 && current < m_track.keyCount()) {
        const schedule::Key& key = curve.keys[static_cast<std::size_t>(current)];
        const QPointF at(key.x, key.y);
        if (m_handlesVisible && viewmodels::hasHandle(curve, current, HandleSide::Left))
            handles.append({at, at + QPointF(key.left.dx, key.left.dy), current, true});
        if (m_handlesVisible && viewmodels::hasHandle(curve, current, HandleSide::Right))
            handles.append({at, at + QPointF(key.right.dx, key.right.dy), current, false});
        const int finer = m_held & Qt::AltModifier ? 2 : 1;
        setBubble(at, QStringLiteral("%1 · %2").arg(m_span->axis().text(key.x),
                                                    common::numberText(key.y, decimalsAt(key.y) + finer)));
    } else {
        setBubble(std::nullopt);
    }
    setHandles(handles);
    refreshTransformBox();
    describe();
}

void LaneView::refreshGrid()
{
    m_grid.xStep = m_span->isAll() ? 0.05 : viewmodels::roundStep(m_span->high() - m_span->low(), 20);
    m_grid.logY = m_log;
    m_grid.yStep = m_log ? 1 : viewmodels::roundStep(m_top - m_bottom, 20);
    m_grid.xTargets.clear();
    for (const RulerMark& mark : m_ruler)
        m_grid.xTargets.push_back(mark.x);
    for (const schedule::Marker& marker : m_track.markers())
        m_grid.xTargets.push_back(marker.x);
    m_grid.targetReach = 8.0 * (xHigh() - xLow()) / std::max(plotArea().width(), 1.0);
    m_gesture.setGrid(m_grid);
    m_commands.setGrid(m_grid);
}

PointerEvent LaneView::pointerEvent(const QPointF& position, Qt::KeyboardModifiers modifiers) const
{
    const QRectF area = plotArea();
    PointerEvent result;
    const QPointF at = toCoordinate(position);
    result.at = {at.x(), at.y()};
    // By powers of ten a unit is as long as it is at the pointer.
    const double units = m_log ? std::log(yHigh() / yLow()) * std::max(at.y(), yLow()) : yHigh() - yLow();
    result.pixelsPerUnit = {area.width() / (xHigh() - xLow()), area.height() / units};
    result.modifiers = modifiers;
    const double beyondX = std::max({area.left() - position.x(), position.x() - area.right(), 0.0});
    const double beyondY = std::max({area.top() - position.y(), position.y() - area.bottom(), 0.0});
    result.outside = std::hypot(beyondX, beyondY);
    const plot::Hit hit = hitTest(position);
    switch (hit.kind) {
    case plot::HitKind::Box:
        result.target = {TargetKind::Box, hit.index, HandleSide::Right};
        break;
    case plot::HitKind::BoxInside:
        result.target = {TargetKind::BoxInside, -1, HandleSide::Right};
        break;
    case plot::HitKind::Key:
        result.target = {TargetKind::Key, hit.index, HandleSide::Right};
        break;
    case plot::HitKind::Handle: {
        // Handles are handed over left before right, see refreshMarks.
        const int current = m_track.selection().current();
        const bool hasLeft = viewmodels::hasHandle(m_track.curve(), current, HandleSide::Left);
        result.target = {TargetKind::Handle, current, hit.index == 0 && hasLeft ? HandleSide::Left : HandleSide::Right};
        break;
    }
    case plot::HitKind::Curve:
        result.target = {TargetKind::Curve, -1, HandleSide::Right};
        break;
    default:
        break;
    }
    return result;
}

} // namespace gradus::editor
