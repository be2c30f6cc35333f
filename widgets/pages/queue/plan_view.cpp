// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/plan_view.h"

#include "base/clock.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/shared/run_look.h"
#include "store/queue_order.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kHead = 26; ///< times
constexpr int kLane = 28;
constexpr int kNames = 64; ///< "Slot 1"
constexpr int kMargin = 12;
constexpr int kClock = 1000;          ///< milliseconds between looks at the clock
constexpr double kNarrowBar = 80;     ///< the name stands beside a bar that is narrower
constexpr double kRunningFill = 0.30; ///< of the state's colour
constexpr double kPlannedFill = 0.14;
constexpr double kLeastSpan = 60; ///< seconds that are shown at least

QString clockText(double wall, double span)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(wall * 1000));
    return time.toString(span < 600 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

/// The round step that gives six times or fewer.
double stepOf(double span)
{
    constexpr std::array<double, 14> kSteps{10,   30,   60,    120,   300,   600,   1800,
                                            3600, 7200, 14400, 21600, 43200, 86400, 604800};
    for (const double step : kSteps)
        if (span / step <= 6) return step;
    return kSteps.back() * std::ceil(span / kSteps.back() / 6);
}

} // namespace

PlanView::PlanView(common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("planView"));
    setAccessibleName(tr("Plan of the queue"));
    setAutoFillBackground(false);
    m_clock.setInterval(kClock);
    connect(&m_clock, &QTimer::timeout, this, &PlanView::refreshPlan);
    connect(&m_theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
    refreshPlan();
}

QSize PlanView::sizeHint() const
{
    return {400, kHead + std::max(2, m_plan.slots) * kLane + kMargin};
}

QSize PlanView::minimumSizeHint() const
{
    return {200, kHead + kLane + kMargin};
}

void PlanView::setQueue(const store::QueueState& queue, int slots, const store::DeviceSlots& devices)
{
    m_queue = queue;
    m_slots = slots;
    m_devices = devices;
    // Without anything under way only a click could change it: no clock then.
    if (std::any_of(queue.rows.begin(), queue.rows.end(), store::isUnderWay))
        m_clock.start();
    else
        m_clock.stop();
    refreshPlan();
}

void PlanView::setChosen(qint64 run)
{
    if (m_chosen == run) return;
    m_chosen = run;
    update();
}

void PlanView::refreshPlan()
{
    m_now = wallSeconds();
    m_plan = viewmodels::planQueue(m_queue, m_slots, m_now, m_devices);
    m_from = m_now;
    m_to = m_now;
    for (const viewmodels::PlanBar& bar : m_plan.bars) {
        m_from = std::min(m_from, bar.begin);
        m_to = std::max({m_to, bar.end, bar.latest});
    }
    const double span = std::max(kLeastSpan, m_to - m_from);
    m_from -= 0.02 * span;
    m_to = m_from + 1.06 * span;
    setAccessibleDescription(summary());
    update();
}

QString PlanView::summary() const
{
    if (m_plan.bars.empty()) return tr("nothing runs or waits");
    const auto count = static_cast<int>(m_plan.bars.size());
    const bool isKnown =
        std::all_of(m_plan.bars.begin(), m_plan.bars.end(), [](const viewmodels::PlanBar& bar) { return bar.isKnown; });
    QString text = tr("%n runs", nullptr, count).replace(QStringLiteral("%n"), QString::number(count));
    if (count == 1) text = tr("1 run");
    text +=
        isKnown ? tr(", done about %1").arg(clockText(m_plan.end, m_plan.end - m_now)) : tr(", lengths not known yet");
    if (m_plan.blocked > 0) text += tr(", %1 held up").arg(m_plan.blocked);
    if (m_queue.pausedAt) text += tr(", once the queue goes on");
    return text;
}

QRectF PlanView::area() const
{
    return QRectF(kNames, kHead, std::max(1, width() - kNames - kMargin), std::max(1, height() - kHead - kMargin));
}

double PlanView::xOf(double wall) const
{
    const QRectF inner = area();
    return inner.left() + inner.width() * (wall - m_from) / (m_to - m_from);
}

QRectF PlanView::rectOf(const viewmodels::PlanBar& bar, double from, double to) const
{
    const double left = xOf(from);
    return QRectF(left, kHead + bar.slot * kLane + 4, std::max(2.0, xOf(to) - left - 1), kLane - 8);
}

QRectF PlanView::barOf(qint64 run) const
{
    const viewmodels::PlanBar* bar = m_plan.find(run);
    return bar ? rectOf(*bar, bar->begin, bar->end) : QRectF();
}

const viewmodels::PlanBar* PlanView::barAt(const QPointF& at) const
{
    for (const viewmodels::PlanBar& bar : m_plan.bars)
        if (rectOf(bar, bar.begin, bar.end).adjusted(-1, -4, 1, 4).contains(at)) return &bar;
    return nullptr;
}

void PlanView::paintTimes(QPainter& painter) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const QRectF inner = area();
    const double span = m_to - m_from;
    const double step = stepOf(span);
    painter.setFont(common::numericFont(common::Type::Small));
    const double zone = QDateTime::currentDateTime().offsetFromUtc(); // round in local time
    for (double time = std::ceil((m_from + zone) / step) * step - zone; time < m_to; time += step) {
        const double x = std::round(xOf(time)) + 0.5;
        painter.setPen(tokens.grid);
        painter.drawLine(QPointF(x, kHead), QPointF(x, inner.bottom()));
        painter.setPen(tokens.text2);
        const QString text = clockText(time, span);
        const double wide = painter.fontMetrics().horizontalAdvance(text);
        if (x + wide / 2 < width()) painter.drawText(QPointF(x - wide / 2, kHead - 9), text);
    }
    for (int slot = 0; slot < m_plan.slots; ++slot) {
        painter.setPen(tokens.text2);
        painter.drawText(QRectF(kMargin, kHead + slot * kLane, kNames - kMargin, kLane), Qt::AlignVCenter,
                         tr("Slot %1").arg(slot + 1));
        painter.setPen(tokens.grid);
        const double y = kHead + (slot + 1) * kLane + 0.5;
        painter.drawLine(QPointF(0, y), QPointF(width(), y));
    }
}

void PlanView::paintBar(QPainter& painter, const viewmodels::PlanBar& bar) const
{
    const common::Tokens& tokens = m_theme.tokens();
    const store::QueueRow* row = store::findRow(m_queue, bar.run);
    if (!row) return;
    const QRectF rect = rectOf(bar, bar.begin, bar.end);
    const bool chosen = bar.run == m_chosen;
    QColor fill = bar.isRunning ? tokens.accent : tokens.text2;
    const QColor edge = chosen ? tokens.text : fill;
    if (bar.latest > bar.earliest) {
        const QRectF unsure = rectOf(bar, std::max(bar.begin, bar.earliest), bar.latest);
        painter.fillRect(unsure, QBrush(edge, Qt::BDiagPattern));
    }
    fill.setAlphaF(static_cast<float>(bar.isRunning ? kRunningFill : kPlannedFill));
    painter.setBrush(fill);
    QPen pen(edge, chosen ? 2 : 1);
    if (!bar.isKnown) pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(tokens.text);
    const QString name = nameOf(row->run);
    if (rect.width() < kNarrowBar) return; // others stand beside it; the tooltip tells
    painter.drawText(rect.adjusted(6, 0, -6, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(rect.width()) - 12));
}

void PlanView::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(rect(), tokens.surface);
    painter.setRenderHint(QPainter::Antialiasing);
    paintTimes(painter);
    painter.save();
    painter.setClipRect(QRectF(kNames, kHead, width() - kNames, height() - kHead));
    for (const viewmodels::PlanBar& bar : m_plan.bars)
        paintBar(painter, bar);
    painter.restore();
    const double now = std::round(xOf(m_now)) + 0.5;
    painter.setPen(tokens.text);
    painter.drawLine(QPointF(now, kHead - 6), QPointF(now, area().bottom()));
}

void PlanView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    if (const viewmodels::PlanBar* bar = barAt(event->position())) Q_EMIT runClicked(bar->run);
}

bool PlanView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const viewmodels::PlanBar* bar = barAt(help->pos());
    const store::QueueRow* row = bar ? store::findRow(m_queue, bar->run) : nullptr;
    if (!row) {
        common::showTip(*help, {}, this);
        return true;
    }
    QString text =
        nameOf(row->run) + QLatin1Char('\n') + tr("%1 to %2").arg(clockText(bar->begin, 0), clockText(bar->end, 0));
    if (!bar->isKnown)
        text += QLatin1Char('\n') + tr("nothing tells its length yet");
    else if (bar->latest > bar->earliest)
        text += QLatin1Char('\n') +
                tr("runs like it ended between %1 and %2").arg(clockText(bar->earliest, 0), clockText(bar->latest, 0));
    common::showTip(*help, text, this);
    return true;
}

} // namespace gradus::pages
