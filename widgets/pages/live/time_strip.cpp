// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/time_strip.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/live/stage_look.h"
#include "viewmodels/figures.h"

#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

using viewmodels::StageBand;
using viewmodels::XAxis;

namespace {

constexpr int kMargin = 12; // left and right, so that a flag at the end is whole
constexpr int kBandTop = 20;
constexpr int kBandHeight = 15;
constexpr int kThumbY = 39;
constexpr int kTicksTop = 43;
constexpr int kMerge = 8;
constexpr double kSkippedWidth = 5;

} // namespace

TimeStrip::TimeStrip(const viewmodels::LiveRun& run, viewmodels::TimeWindow& window,
                     const common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_run(run), m_window(window), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("timeStrip"));
    setAccessibleName(tr("Time line of the run"));
    setFixedHeight(kHeight);
    setMouseTracking(true);
    for (const auto signal : {&viewmodels::TimeWindow::rangeChanged, &viewmodels::TimeWindow::cursorChanged,
                              &viewmodels::TimeWindow::axisChanged})
        connect(&window, signal, this, qOverload<>(&QWidget::update));
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void TimeStrip::refresh()
{
    m_bands = m_run.stageBands();
    m_end = std::max(1.0, m_run.expectedLastStep());
    update();
}

double TimeStrip::axisX(double step) const
{
    const double now = m_window.now();
    if (m_window.axis() == XAxis::Step || step <= now || now <= 0) return m_run.xOf(step, m_window.axis());
    return m_run.xOf(now, XAxis::WallTime) * step / now;
}

double TimeStrip::pixelOf(double step) const
{
    const double span = axisX(m_end) - axisX(0);
    if (span <= 0) return kMargin;
    return kMargin + (axisX(step) - axisX(0)) / span * (width() - 2 * kMargin);
}

double TimeStrip::stepAt(double pixel) const
{
    const double share = std::clamp((pixel - kMargin) / std::max(1, width() - 2 * kMargin), 0.0, 1.0);
    const double x = axisX(0) + share * (axisX(m_end) - axisX(0));
    return m_run.stepAt(x, m_window.axis());
}

void TimeStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), m_theme.tokens().surface);
    if (!m_run.hasRun()) return;
    if (!m_run.hasPoints()) {
        paintNothingYet(painter);
        return;
    }
    paintBands(painter);
    paintGenerations(painter);
    paintTicks(painter);
    paintMarks(painter);
    paintThumb(painter);
    paintPlayhead(painter);
}

void TimeStrip::paintNothingYet(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const QRectF whole(kMargin + 0.5, kBandTop + 0.5, width() - 2 * kMargin - 1, kBandHeight);
    painter.setPen(tokens.border);
    painter.setBrush(QBrush(common::blended(tokens.text2, tokens.surface, 0.35), Qt::BDiagPattern));
    painter.drawRect(whole);
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(tokens.text2);
    painter.drawText(QRectF(kMargin, kTicksTop - 4, width(), 16), Qt::AlignLeft, tr("No step has been taken yet"));
}

void TimeStrip::paintGenerations(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const double nowX = pixelOf(m_window.now());
    const QFont small = common::typeFont(common::Type::Chart);
    const QString nowText = tr("now");
    const bool over = m_run.detail().run.endedAt.has_value();
    const double nowLeft = nowX - QFontMetrics(small).horizontalAdvance(nowText) / 2.0;
    int drawn = 0;
    bool nowIsFree = nowLeft > 24; // no generation's label where "now" would be written
    double free = 0;               // labels that would touch the one before are left out
    for (const StageBand& band : m_bands) {
        if (band.stage != 1 || band.generation == drawn) continue;
        drawn = band.generation;
        const double left = std::max(pixelOf(band.firstStep) + 3, 0.0);
        if (left < free) continue;
        const QString name = QStringLiteral("G%1").arg(band.generation);
        painter.setFont(common::typeFont(common::Type::ChartStrong));
        painter.setPen(band.planned ? tokens.text2 : tokens.text);
        painter.drawText(QPointF(left, 14), name);
        free = left + painter.fontMetrics().horizontalAdvance(name) + 6;
        nowIsFree = nowIsFree && (free < nowLeft || left > nowX + 14);
        const events::GenerationRecord* record = m_run.generation(band.generation);
        if (record == nullptr) continue;
        const QString rung = QString::fromStdString(visible(record->rung, 24));
        painter.setFont(small);
        const double wanted = painter.fontMetrics().horizontalAdvance(rung);
        const double end = free + wanted;
        const double next = pixelOf(m_run.lastStepOf(*record));
        if (end > std::max(next, free + 8) || (!over && end > nowLeft - 4 && free < nowX + 16)) continue;
        painter.setPen(tokens.text2);
        painter.drawText(QPointF(free, 14), rung);
        free = end + 6;
    }
    if (over) return;
    painter.setFont(small);
    painter.setPen(tokens.text2);
    const double right = nowLeft + painter.fontMetrics().horizontalAdvance(nowText);
    if (nowIsFree && right < width()) painter.drawText(QPointF(nowLeft, 14), nowText);
}

void TimeStrip::paintBands(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRectF whole(pixelOf(0), kBandTop, pixelOf(m_end) - pixelOf(0), kBandHeight);
    for (const StageBand& band : m_bands) {
        const double left = pixelOf(band.firstStep);
        double right = pixelOf(band.lastStep);
        if (band.state == events::StageState::Skipped) continue;
        right = std::max(right, left + 1);
        const QRectF box(left, kBandTop, right - left, kBandHeight);
        painter.fillRect(box, stageFill(band.stage, tokens, 1.0));
        if (band.planned)
            painter.fillRect(box, QBrush(common::blended(tokens.text2, tokens.surface, 0.35), Qt::BDiagPattern));
        if (box.width() < 18) continue;
        painter.setFont(common::typeFont(common::Type::Chart));
        painter.setPen(tokens.text2);
        if (!band.planned) painter.drawText(box.adjusted(6, 0, 0, 0), Qt::AlignVCenter, QString::number(band.stage));
    }
    // A skipped stage took no step: a thin hatched bar at its place says that it exists and did not run.
    double shift = 0;
    double place = -1;
    for (const StageBand& band : m_bands) {
        if (band.state != events::StageState::Skipped) continue;
        const double at = pixelOf(band.firstStep);
        shift = at == place ? shift + kSkippedWidth + 1 : 0;
        place = at;
        const QRectF box(at - 2 * kSkippedWidth - 1 + shift, kBandTop, kSkippedWidth, kBandHeight);
        painter.fillRect(box, tokens.surface);
        painter.fillRect(box, stageFill(band.stage, tokens, 1.0));
        painter.fillRect(box, QBrush(stageInk(band.stage, tokens), Qt::Dense6Pattern));
    }
    painter.setPen(tokens.border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(whole);
    for (const StageBand& band : m_bands)
        if (band.stage == 1 && !band.planned)
            painter.drawLine(QPointF(pixelOf(band.firstStep), kBandTop),
                             QPointF(pixelOf(band.firstStep), kBandTop + kBandHeight));
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (!m_run.detail().run.endedAt) {
        painter.setPen(QPen(tokens.text2, 1));
        const double x = std::round(pixelOf(m_window.now())) + 0.5;
        painter.drawLine(QPointF(x, kBandTop - 2), QPointF(x, kBandTop + kBandHeight + 2));
    }
}

QVector<TimeStrip::Mark> TimeStrip::marks() const
{
    QVector<Mark> marks;
    for (const store::EventRow& event : m_run.detail().events) {
        const bool alert = isAlert(event.kind);
        const bool checkpoint = event.kind == "checkpoint";
        if (!alert && !checkpoint && event.kind != "schedule.edit") continue;
        const double x = pixelOf(static_cast<double>(event.step));
        if (marks.isEmpty() || x - marks.last().x > kMerge) marks.append(Mark{x, false, true, {}});
        marks.last().alert = marks.last().alert || alert;
        marks.last().checkpoint = marks.last().checkpoint && checkpoint;
        marks.last().events.append(&event);
    }
    return marks;
}

void TimeStrip::paintMarks(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const double y = kBandTop + kBandHeight / 2.0 + 0.5;
    for (const Mark& mark : marks()) {
        QPainterPath path;
        const double x = std::clamp(mark.x, 5.0, width() - 5.0);
        if (mark.alert) {
            path.addPolygon(QPolygonF({{x, y - 5}, {x + 5, y + 4}, {x - 5, y + 4}, {x, y - 5}}));
        } else if (mark.checkpoint) {
            path.addPolygon(QPolygonF({{x, y - 4.5}, {x + 4.5, y}, {x, y + 4.5}, {x - 4.5, y}, {x, y - 4.5}}));
        } else {
            path.addRect(x - 4, y - 4, 8, 8);
        }
        const QColor colour = mark.alert ? tokens.danger : mark.checkpoint ? tokens.text2 : tokens.seriesAt(0).line;
        painter.setPen(QPen(tokens.surface, 2));
        painter.setBrush(colour);
        painter.drawPath(path);
        painter.setPen(Qt::NoPen);
        painter.drawPath(path);
    }
}

void TimeStrip::paintThumb(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const double left = pixelOf(m_window.first());
    const double right = std::max(left + 6, pixelOf(m_window.last()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    painter.drawRoundedRect(QRectF(left, kThumbY - 1.5, right - left, 3), 1.5, 1.5);
    for (const double x : {left, right})
        painter.drawRoundedRect(QRectF(x - 2, kThumbY - 4, 4, 8), 1.5, 1.5);
}

void TimeStrip::paintTicks(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const double span = axisX(m_end) - axisX(0);
    if (span <= 0) return;
    const bool wall = m_window.axis() == XAxis::WallTime;
    const double step = niceStep(span, std::max(2, (width() - 2 * kMargin) / 110), wall);
    painter.setFont(common::numericFont(common::Type::Chart));
    painter.setPen(tokens.text2);
    for (double x = 0; x <= span * 1.0001; x += step) {
        const double pixel = kMargin + x / span * (width() - 2 * kMargin);
        const QString text =
            wall ? viewmodels::clockText(x) : QLocale().toString(static_cast<qlonglong>(std::llround(x)));
        const double half = painter.fontMetrics().horizontalAdvance(text) / 2.0;
        const double left = std::clamp(pixel - half, 0.0, width() - 2 * half);
        painter.drawText(QRectF(left, kTicksTop, 2 * half + 2, 14), Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

void TimeStrip::paintPlayhead(QPainter& painter) const
{
    if (!m_window.pointer()) return;
    const common::Tokens& tokens = m_theme.tokens();
    const double step = *m_window.pointer();
    const double x = std::round(pixelOf(step)) + 0.5;
    painter.setPen(QPen(tokens.text, 1));
    painter.drawLine(QPointF(x, 15), QPointF(x, kTicksTop + 2));
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.text);
    painter.drawPolygon(QPolygonF({{x - 4.5, 10}, {x + 4.5, 10}, {x + 4.5, 14}, {x, 19}, {x - 4.5, 14}}));
    const QString text = m_window.axis() == XAxis::WallTime
                             ? viewmodels::clockText(m_run.xOf(step, XAxis::WallTime))
                             : QLocale().toString(static_cast<qlonglong>(std::llround(step)));
    painter.setFont(common::numericFont(common::Type::ChartStrong));
    const double wide = painter.fontMetrics().horizontalAdvance(text) + 12;
    const QRectF tag(std::clamp(x - wide / 2, 0.0, width() - wide), kTicksTop, wide, 16);
    painter.drawRoundedRect(tag, 3, 3);
    painter.setPen(tokens.surface);
    painter.drawText(tag, Qt::AlignCenter, text);
}

TimeStrip::Drag TimeStrip::partAt(const QPoint& at) const
{
    const double left = pixelOf(m_window.first());
    const double right = pixelOf(m_window.last());
    if (std::abs(at.y() - kThumbY) <= 5) {
        if (std::abs(at.x() - left) <= 6) return Drag::FirstGrip;
        if (std::abs(at.x() - right) <= 6) return Drag::LastGrip;
        if (m_window.isZoomed() && at.x() > left && at.x() < right) return Drag::Thumb;
    }
    return Drag::Cursor;
}

void TimeStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_run.hasRun()) return;
    m_drag = partAt(event->position().toPoint());
    m_dragStep = stepAt(event->position().x());
    m_dragFirst = m_window.first();
    m_dragLast = m_window.last();
    if (m_drag == Drag::Cursor) m_window.setPointer(m_dragStep);
}

void TimeStrip::mouseMoveEvent(QMouseEvent* event)
{
    const double step = stepAt(event->position().x());
    const double moved = step - m_dragStep;
    switch (m_drag) {
    case Drag::None: {
        const Drag part = partAt(event->position().toPoint());
        setCursor(part == Drag::Cursor  ? Qt::ArrowCursor
                  : part == Drag::Thumb ? Qt::OpenHandCursor
                                        : Qt::SizeHorCursor);
        return;
    }
    case Drag::Cursor:
        m_window.setPointer(step);
        return;
    case Drag::Thumb:
        m_window.drag(m_dragFirst + moved, m_dragLast + moved);
        return;
    case Drag::FirstGrip:
        m_window.drag(std::min(step, m_dragLast), m_dragLast);
        return;
    case Drag::LastGrip:
        m_window.drag(m_dragFirst, std::max(step, m_dragFirst));
        return;
    }
}

void TimeStrip::mouseReleaseEvent(QMouseEvent*)
{
    if (m_drag == Drag::Thumb || m_drag == Drag::FirstGrip || m_drag == Drag::LastGrip) m_window.endDrag();
    m_drag = Drag::None;
}

void TimeStrip::mouseDoubleClickEvent(QMouseEvent*)
{
    m_window.showAll();
}

QString TimeStrip::toolTipAt(const QPoint& at) const
{
    if (!m_run.hasRun()) return {};
    for (const Mark& mark : marks()) {
        if (std::abs(mark.x - at.x()) > 8 || at.y() < kBandTop - 4 || at.y() > kBandTop + kBandHeight + 4) continue;
        QStringList lines;
        for (const store::EventRow* event : mark.events.mid(0, 6))
            lines << QString::fromStdString(visible(event->sentence, 300));
        if (mark.events.size() > 6) lines << tr("and %n more", nullptr, static_cast<int>(mark.events.size() - 6));
        return viewmodels::plainToolTip(lines.join('\n'));
    }
    QStringList lines;
    const double step = stepAt(at.x());
    const double reach = 14 * m_end / std::max(1, width());
    for (const StageBand& band : m_bands) {
        if (step < band.firstStep - (band.state == events::StageState::Skipped ? reach : 0) || step > band.lastStep)
            continue;
        QString line = tr("G%1, stage %2, %3").arg(band.generation).arg(band.stage).arg(stageName(band.stage));
        if (band.planned) line += tr(": ahead, its place is an estimate");
        if (band.state == events::StageState::Skipped) line += tr(": skipped");
        if (!band.note.isEmpty()) line += QStringLiteral(" (%1)").arg(band.note);
        lines << line;
    }
    return viewmodels::plainToolTip(lines.join('\n'));
}

bool TimeStrip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace gradus::pages
