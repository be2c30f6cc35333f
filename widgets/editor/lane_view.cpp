// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_view.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/points_model.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace gradus::editor {

using schedule::Interpolation;
using viewmodels::HandleSide;
using viewmodels::LanePoint;

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

LaneView::LaneView(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent)
    : LanePlot(theme, parent), m_document(document), m_gesture(document), m_commands(document),
      m_editor(new QLineEdit(this))
{
    setObjectName(QStringLiteral("gapLane"));
    setAccessibleName(tr("Gap curve"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumHeight(160);
    setVerticalGrid(false);
    setXFormatter([](double x) { return QString::number(std::lround(100 * x)) + QStringLiteral(" %"); });
    setYFormatter([](double y) { return common::numberText(y, 2); });
    setXTicks({0, 0.2, 0.4, 0.6, 0.8, 1});
    setMargins({48, 26, 20, 24});
    m_editor->setObjectName(QStringLiteral("keyValueEditor"));
    m_editor->setAccessibleName(tr("Value of the key"));
    m_editor->setFixedWidth(96);
    m_editor->setAlignment(Qt::AlignRight);
    m_editor->installEventFilter(this);
    m_editor->hide();
    connect(m_editor, &QLineEdit::editingFinished, this, &LaneView::closeEditor);
    connect(&document, &viewmodels::ScheduleDocument::curveChanged, this, &LaneView::refresh);
    connect(&document.selection(), &viewmodels::KeySelection::changed, this, &LaneView::refreshMarks);
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
    refresh();
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
    QVector<QPointF> points;
    points.reserve(n + 2 * static_cast<qsizetype>(curve.keys.size()));
    std::size_t next = 0;
    for (int i = 0; i < n; ++i) {
        const double x = schedule::samplePosition(0, 1, i, n);
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

void LaneView::refresh()
{
    const QVector<QPointF> curve = samplesOf(m_document.curve());
    // While a drag lasts the scale stands still under the pointer.
    if (m_autoFrame && !m_gesture.isActive()) {
        double top = 0;
        for (const QPointF& point : curve)
            top = std::max(top, point.y());
        for (const schedule::Key& key : m_document.savedCurve().keys)
            top = std::max(top, key.y);
        const double step = viewmodels::roundStep(std::max(top, 0.2) * 1.15, 4);
        m_bottom = 0;
        m_top = std::max(step * std::ceil(top * 1.15 / step), step * 4);
    }
    setRange(kRangeLow, rangeHigh(plotArea().width()), m_bottom, m_top);
    setCurve(curve);
    const bool ghost = m_ghostVisible && !(m_document.savedCurve() == m_document.curve());
    setGhosts(ghost ? QVector<plot::Ghost>{{{}, samplesOf(m_document.savedCurve()), false}} : QVector<plot::Ghost>{});
    QVector<plot::TakenMark> taken;
    for (const RulerMark& mark : m_ruler)
        if (mark.taken) taken.append({{mark.x, *mark.taken}, {}});
    setTaken(taken);
    refreshMarks();
    refreshGrid();
    describe();
}

void LaneView::refreshMarks()
{
    const schedule::Curve& curve = m_document.curve();
    auto& selection = m_document.selection();
    QVector<plot::KeyMark> keys;
    for (std::size_t i = 0; i < curve.keys.size(); ++i) {
        const int index = static_cast<int>(i);
        const schedule::Key& key = curve.keys[i];
        keys.append({{key.x, key.y}, shapeOf(key), selection.contains(index), index == m_hovered});
    }
    setKeys(keys);
    QVector<plot::HandleMark> handles;
    const int current = selection.current();
    const bool shown = current >= 0 && current < static_cast<int>(curve.keys.size());
    if (shown) {
        const schedule::Key& key = curve.keys[static_cast<std::size_t>(current)];
        const QPointF at(key.x, key.y);
        if (viewmodels::hasHandle(curve, current, HandleSide::Left))
            handles.append({at, at + QPointF(key.left.dx, key.left.dy), current, true});
        if (viewmodels::hasHandle(curve, current, HandleSide::Right))
            handles.append({at, at + QPointF(key.right.dx, key.right.dy), current, false});
        const int decimals = QGuiApplication::keyboardModifiers() & Qt::AltModifier ? 4 : 3;
        setBubble(
            at,
            QStringLiteral("%1 % · %2").arg(common::numberText(100 * key.x, 1), common::numberText(key.y, decimals)));
    } else {
        setBubble(std::nullopt);
    }
    setHandles(handles);
    describe();
}

void LaneView::refreshGrid()
{
    m_grid.xStep = 0.05;
    m_grid.yStep = viewmodels::roundStep(m_top - m_bottom, 20);
    m_grid.xTargets.clear();
    for (const RulerMark& mark : m_ruler)
        m_grid.xTargets.push_back(mark.x);
    m_grid.targetReach = 8.0 / std::max(plotArea().width(), 1.0);
    m_gesture.setGrid(m_grid);
    m_commands.setGrid(m_grid);
}

void LaneView::describe()
{
    const schedule::Curve& curve = m_document.curve();
    QStringList words{tr("%n keys", nullptr, static_cast<int>(curve.keys.size()))};
    for (std::size_t i = 0; i < curve.keys.size(); ++i) {
        const bool selected = m_document.selection().contains(static_cast<int>(i));
        words << tr("key %1 at %2 percent, value %3%4")
                     .arg(i + 1)
                     .arg(common::numberText(100 * curve.keys[i].x, 1), common::numberText(curve.keys[i].y, 3),
                          selected ? tr(", selected") : QString());
    }
    setSummary(words.join(QStringLiteral("; ")));
}

void LaneView::frameAll()
{
    m_autoFrame = true;
    refresh();
}

void LaneView::frameSelection()
{
    const auto& indices = m_document.selection().indices();
    if (indices.empty()) return frameAll();
    double low = m_document.bounds().maximumY;
    double high = 0;
    for (const int index : indices) {
        const double y = m_document.curve().keys[static_cast<std::size_t>(index)].y;
        low = std::min(low, y);
        high = std::max(high, y);
    }
    const double margin = std::max(0.1, (high - low) * 0.5);
    m_autoFrame = false;
    m_bottom = std::max(0.0, viewmodels::nearestMultiple(low - margin, 0.05));
    m_top = viewmodels::nearestMultiple(high + margin, 0.05);
    refresh();
}

PointerEvent LaneView::pointerEvent(const QPointF& position, Qt::KeyboardModifiers modifiers) const
{
    const QRectF area = plotArea();
    PointerEvent result;
    const QPointF at = toCoordinate(position);
    result.at = {at.x(), at.y()};
    result.pixelsPerUnit = {area.width() / (xHigh() - xLow()), area.height() / (yHigh() - yLow())};
    result.modifiers = modifiers;
    const double beyondX = std::max({area.left() - position.x(), position.x() - area.right(), 0.0});
    const double beyondY = std::max({area.top() - position.y(), position.y() - area.bottom(), 0.0});
    result.outside = std::hypot(beyondX, beyondY);
    const plot::Hit hit = hitTest(position);
    switch (hit.kind) {
    case plot::HitKind::Key:
        result.target = {TargetKind::Key, hit.index, HandleSide::Right};
        break;
    case plot::HitKind::Handle: {
        // Handles are handed over left before right, see refreshMarks.
        const int current = m_document.selection().current();
        const bool hasLeft = viewmodels::hasHandle(m_document.curve(), current, HandleSide::Left);
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

void LaneView::refreshCursor()
{
    const QPointF position = mapFromGlobal(QCursor::pos());
    if (m_gesture.isDragging()) {
        setCursor(m_gesture.willDiscard() ? Qt::ForbiddenCursor : Qt::ClosedHandCursor);
        return;
    }
    const plot::Hit hit = hitTest(position);
    setCursor(hit.kind == plot::HitKind::Nothing ? Qt::ArrowCursor : Qt::PointingHandCursor);
}

bool LaneView::event(QEvent* event)
{
    // Tab walks the keys while the lane has focus; Qt would take it before keyPressEvent sees it. Past the last key it
    // leaves the lane, so that the keyboard is never trapped.
    if (event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        const int current = m_document.selection().current();
        const int last = static_cast<int>(m_document.curve().keys.size()) - 1;
        const bool forward = key->key() == Qt::Key_Tab && current < last;
        const bool backward = key->key() == Qt::Key_Backtab && current != 0;
        if ((forward || backward) && !(key->modifiers() & Qt::ControlModifier)) {
            keyPressEvent(key);
            return true;
        }
    }
    // Escape in a drag is ours before any shortcut's.
    if (event->type() == QEvent::ShortcutOverride && m_gesture.isActive()) {
        event->accept();
        return true;
    }
    return LanePlot::event(event);
}

void LaneView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    setFocus(Qt::MouseFocusReason);
    m_gesture.press(pointerEvent(event->position(), event->modifiers()));
    refreshCursor();
}

void LaneView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_gesture.isActive()) {
        const plot::Hit hit = hitTest(event->position());
        const int hovered = hit.kind == plot::HitKind::Key ? hit.index : -1;
        if (hovered != m_hovered) {
            m_hovered = hovered;
            refreshMarks();
        }
        setCursor(hit.kind == plot::HitKind::Nothing ? Qt::ArrowCursor : Qt::PointingHandCursor);
        return;
    }
    m_gesture.move(pointerEvent(event->position(), event->modifiers()));
    const auto band = m_gesture.band();
    setSelectionBox(
        band ? std::optional(QRectF(toPixel({band->first.x, band->first.y}), toPixel({band->second.x, band->second.y}))
                                 .normalized())
             : std::nullopt);
    refreshCursor();
}

void LaneView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_gesture.isActive()) return;
    m_gesture.release(pointerEvent(event->position(), event->modifiers()));
    setSelectionBox(std::nullopt);
    refresh();
    refreshCursor();
}

void LaneView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    const PointerEvent pointer = pointerEvent(event->position(), event->modifiers());
    if (pointer.outside > 0 && pointer.target.kind == TargetKind::Empty) return;
    if (m_gesture.doubleClick(pointer)) openEditor(m_document.selection().current());
}

void LaneView::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    refreshMarks();
    LanePlot::leaveEvent(event);
}

void LaneView::resizeEvent(QResizeEvent* event)
{
    LanePlot::resizeEvent(event);
    refresh();
}

void LaneView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        if (m_gesture.cancel()) {
            setSelectionBox(std::nullopt);
            refresh();
            refreshCursor();
        } else if (!m_document.selection().indices().empty()) {
            m_document.selection().clear();
        } else {
            event->ignore();
        }
        return;
    }
    if (m_gesture.isActive()) return; // one thing at a time
    const int current = m_document.selection().current();
    switch (m_commands.handle(event->key(), event->modifiers())) {
    case KeyOutcome::Ignored:
        event->ignore();
        return;
    case KeyOutcome::Done:
        break;
    case KeyOutcome::OpenEditor:
        openEditor(current);
        break;
    case KeyOutcome::OpenInterpolation:
        if (current >= 0)
            popUp(makeInterpolationMenu(),
                  mapToGlobal(pixelOf(m_document.curve().keys[static_cast<std::size_t>(current)]).toPoint()));
        break;
    case KeyOutcome::FrameAll:
        frameAll();
        break;
    case KeyOutcome::FrameSelection:
        frameSelection();
        break;
    case KeyOutcome::ToggleGhost:
        setGhostVisible(!m_ghostVisible);
        break;
    case KeyOutcome::ToggleSnapping:
        setSnapping(!isSnapping());
        break;
    }
    event->accept();
}

} // namespace gradus::editor
