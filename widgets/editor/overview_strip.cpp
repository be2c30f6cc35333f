// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/overview_strip.h"

#include "common/controls.h"
#include "plot/thin_line.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace gradus::editor {

namespace {

constexpr int kHeight = 34;
constexpr int kLeft = 48; ///< the lanes' gutter
constexpr int kRight = 20;
constexpr double kGripReach = 6; ///< pixels
constexpr double kKeyStep = 0.1; ///< share of what is shown
constexpr double kKeyZoom = 1.25;

} // namespace

OverviewStrip::OverviewStrip(viewmodels::CurveTrack& track, viewmodels::LaneSpan& span, common::ThemeController& theme,
                             QWidget* parent)
    : QWidget(parent), m_track(track), m_span(span), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("overviewStrip"));
    setAccessibleName(tr("Overview of the run"));
    setToolTip(tr("Drag to choose what is shown; double-click shows the whole run"));
    setFixedHeight(kHeight);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    connect(&span, &viewmodels::LaneSpan::rangeChanged, this, &OverviewStrip::describe);
    connect(&span, &viewmodels::LaneSpan::playheadChanged, this, qOverload<>(&QWidget::update));
    connect(&track, &viewmodels::CurveTrack::curveChanged, this, qOverload<>(&QWidget::update));
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
    describe();
}

QSize OverviewStrip::sizeHint() const
{
    return {320, kHeight};
}

void OverviewStrip::describe()
{
    setAccessibleDescription(tr("Shown: %1 to %2 percent of the run")
                                 .arg(100 * m_span.low(), 0, 'f', 1)
                                 .arg(100 * m_span.high(), 0, 'f', 1));
    update();
}

void OverviewStrip::setGutters(int left, int right)
{
    m_gutterLeft = left;
    m_gutterRight = right;
    update();
}

double OverviewStrip::left() const
{
    return kLeft + m_gutterLeft;
}

double OverviewStrip::right() const
{
    return kRight + m_gutterRight;
}

double OverviewStrip::pixelOf(double x) const
{
    return left() + x * std::max(width() - left() - right(), 1.0);
}

double OverviewStrip::fractionAt(double pixel) const
{
    return std::clamp((pixel - left()) / std::max(width() - left() - right(), 1.0), 0.0, 1.0);
}

OverviewStrip::Grip OverviewStrip::gripAt(double pixel) const
{
    if (std::abs(pixel - pixelOf(m_span.low())) <= kGripReach) return Grip::Low;
    if (std::abs(pixel - pixelOf(m_span.high())) <= kGripReach) return Grip::High;
    const bool inside = pixel > pixelOf(m_span.low()) && pixel < pixelOf(m_span.high());
    return inside && !m_span.isAll() ? Grip::Inside : Grip::Draw;
}

void OverviewStrip::paintEvent(QPaintEvent*)
{
    const common::Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(rect(), t.surface);
    const QRectF area(QPointF(kLeft, 4), QPointF(width() - kRight, height() - 4));
    const int n = std::max(2, static_cast<int>(area.width()) / 2);
    const auto values = schedule::Evaluator(m_track.curve()).sample(0, 1, n);
    const double top = std::max(*std::max_element(values.begin(), values.end()), 1e-9) * 1.1;
    QPolygonF line;
    for (int i = 0; i < n; ++i)
        line << QPointF(pixelOf(schedule::samplePosition(0, 1, i, n)),
                        area.bottom() - values[static_cast<std::size_t>(i)] / top * area.height());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.seriesAt(0).line, 1));
    if (!m_track.isBlank()) plot::drawThinLine(painter, line);
    painter.setPen(QPen(t.text3, 1));
    for (const schedule::Marker& marker : m_track.markers())
        painter.drawLine(QPointF(pixelOf(marker.x), area.top()), QPointF(pixelOf(marker.x), area.top() + 5));
    // What is out of view is dimmed, so that the brush is what stays.
    QColor veil = t.surface;
    veil.setAlphaF(0.65F);
    const double low = pixelOf(m_span.low());
    const double high = pixelOf(m_span.high());
    painter.fillRect(QRectF(QPointF(0, 0), QPointF(low, height())), veil);
    painter.fillRect(QRectF(QPointF(high, 0), QPointF(width(), height())), veil);
    painter.setPen(QPen(hasFocus() ? t.accent : t.text3, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(QPointF(low, 2.5), QPointF(high, height() - 2.5)));
    painter.setPen(Qt::NoPen);
    painter.setBrush(hasFocus() ? t.accent : t.text2);
    for (const double x : {low, high})
        painter.drawRoundedRect(QRectF(x - 2, height() / 2.0 - 7, 4, 14), 2, 2);
    if (m_span.playhead()) {
        painter.setPen(QPen(t.accent, 1));
        const double x = std::round(pixelOf(*m_span.playhead())) + 0.5;
        painter.drawLine(QPointF(x, 3), QPointF(x, height() - 3));
    }
}

void OverviewStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    m_grip = gripAt(event->position().x());
    m_from = fractionAt(event->position().x());
    m_lowBefore = m_span.low();
    m_highBefore = m_span.high();
}

void OverviewStrip::mouseMoveEvent(QMouseEvent* event)
{
    const double at = fractionAt(event->position().x());
    switch (m_grip) {
    case Grip::None: {
        const Grip under = gripAt(event->position().x());
        setCursor(under == Grip::Draw     ? Qt::CrossCursor
                  : under == Grip::Inside ? Qt::OpenHandCursor
                                          : Qt::SplitHCursor);
        return;
    }
    case Grip::Low:
        return m_span.setRange(std::min(at, m_highBefore - viewmodels::kLeastSpan), m_highBefore);
    case Grip::High:
        return m_span.setRange(m_lowBefore, std::max(at, m_lowBefore + viewmodels::kLeastSpan));
    case Grip::Inside:
        return m_span.setRange(m_lowBefore + at - m_from, m_highBefore + at - m_from);
    case Grip::Draw:
        if (std::abs(pixelOf(at) - pixelOf(m_from)) >= 3) m_span.setRange(m_from, at);
        return;
    }
}

void OverviewStrip::mouseReleaseEvent(QMouseEvent*)
{
    m_grip = Grip::None;
}

void OverviewStrip::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) m_span.showAll();
}

bool OverviewStrip::event(QEvent* event)
{
    // Escape in a drag is ours before any shortcut's.
    if (event->type() == QEvent::ShortcutOverride && m_grip != Grip::None) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
    return QWidget::event(event);
}

void OverviewStrip::keyPressEvent(QKeyEvent* event)
{
    const double length = m_span.high() - m_span.low();
    const double middle = 0.5 * (m_span.low() + m_span.high());
    switch (event->key()) {
    case Qt::Key_Escape:
        if (m_grip == Grip::None) return event->ignore();
        m_grip = Grip::None;
        return m_span.setRange(m_lowBefore, m_highBefore);
    case Qt::Key_Left:
        return m_span.pan(-kKeyStep * length);
    case Qt::Key_Right:
        return m_span.pan(kKeyStep * length);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return m_span.zoom(middle, kKeyZoom);
    case Qt::Key_Minus:
        return m_span.zoom(middle, 1 / kKeyZoom);
    case Qt::Key_Home:
        return m_span.showAll();
    default:
        event->ignore();
    }
}

} // namespace gradus::editor
