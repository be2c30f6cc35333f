// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/risk_map.h"

#include "common/number_text.h"
#include "plot/plot_parts_p.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace gradus::plot {

namespace {

constexpr double kSide = 8;      // of a marker
constexpr double kArrowHead = 6; // pixels
constexpr double kLeastSpan = 0.05;
constexpr int kBefore = 1; // places in the colour cycle: amber for A⁻, green for A⁺
constexpr int kAfter = 2;

QString nameOf(const RiskStep& step, bool aligned)
{
    static const QString digits = QStringLiteral("₀₁₂₃₄₅₆₇₈₉");
    QString name = QStringLiteral("A");
    for (const QChar digit : QString::number(step.generation))
        name += digits[digit.digitValue()];
    return name + (aligned ? QStringLiteral("⁺") : QStringLiteral("⁻"));
}

} // namespace

RiskMap::RiskMap(common::ThemeController& theme, QWidget* parent) : PlotView(theme, parent)
{
    setMargins({44, 22, 14, 38});
    setVerticalGrid(true);
    setXTickCount(4);
    addPainted("marks", [this](QPainter& painter) { paintMap(painter); });
    RiskMap::restyle();
}

RiskMap::~RiskMap() = default;

void RiskMap::setSteps(QVector<RiskStep> steps)
{
    m_steps = std::move(steps);
    updateSummary();
    scheduleReplot();
}

void RiskMap::prepare()
{
    double right = kLeastSpan;
    double low = 1;
    double high = 0;
    for (const RiskStep& step : std::as_const(m_steps))
        for (const RiskPoint* point : {&step.before, &step.after}) {
            right = std::max(right, point->at.x() + point->half.x());
            low = std::min(low, point->at.y() - point->half.y());
            high = std::max(high, point->at.y() + point->half.y());
        }
    if (low > high) low = 0, high = 1;
    const double pad = std::max((high - low) * 0.12, kLeastSpan / 4);
    // Risk begins at 0: how far a model is from harmless is read from the left edge.
    plot()->xAxis->setRange(-right * 0.14, right * 1.1);
    plot()->yAxis->setRange(low - pad, high + pad);
}

void RiskMap::paintMap(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(plotArea().adjusted(-4, -4, 4, 4));
    const auto seen = [&](const RiskStep& step) { painter.setOpacity(step.rolledBack ? 0.4 : 1.0); };
    const RiskStep* earlier = nullptr; // the last kept one: the next begins where it ended
    for (const RiskStep& step : m_steps) {
        seen(step);
        if (earlier != nullptr) {
            painter.setPen(linePen(tokens().text2, {3, 3}));
            painter.drawLine(toPixel(earlier->after.at), toPixel(step.before.at));
        }
        if (!step.rolledBack) earlier = &step;
        painter.setPen(linePen(tokens().seriesAt(kBefore).line));
        paintIntervals(painter, step.before);
        painter.setPen(linePen(tokens().seriesAt(kAfter).line));
        paintIntervals(painter, step.after);
        paintArrow(painter, toPixel(step.before.at), toPixel(step.after.at));
    }
    for (const RiskStep& step : m_steps) { // markers over all lines
        seen(step);
        paintMarker(painter, toPixel(step.before.at), common::Marker::Disc, tokens().seriesAt(kBefore).line,
                    tokens().surface, kSide);
        paintMarker(painter, toPixel(step.after.at), common::Marker::Disc, tokens().seriesAt(kAfter).line,
                    tokens().seriesAt(kAfter).line, kSide);
    }
    painter.restore();
    paintNames(painter);
}

void RiskMap::paintIntervals(QPainter& painter, const RiskPoint& point) const
{
    const QPointF at = toPixel(point.at);
    const QPointF low = toPixel(point.at - point.half);
    const QPointF high = toPixel(point.at + point.half);
    painter.drawLine(QPointF(low.x(), at.y()), QPointF(high.x(), at.y()));
    painter.drawLine(QPointF(at.x(), low.y()), QPointF(at.x(), high.y()));
}

void RiskMap::paintArrow(QPainter& painter, const QPointF& from, const QPointF& to) const
{
    const QPointF way = to - from;
    const double length = std::hypot(way.x(), way.y());
    if (length < 2 * kSide) return; // the markers touch: there is nothing between them to point along
    const QPointF unit = way / length;
    const QPointF tip = to - unit * (kSide / 2 + 2);
    const QPointF across(-unit.y(), unit.x());
    painter.setPen(linePen(tokens().text));
    painter.drawLine(from + unit * (kSide / 2 + 1), tip);
    painter.drawLine(tip, tip - unit * kArrowHead + across * (kArrowHead / 2));
    painter.drawLine(tip, tip - unit * kArrowHead - across * (kArrowHead / 2));
}

void RiskMap::paintNames(QPainter& painter) const
{
    const QRectF area = plotArea();
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(tokens().text2);
    painter.drawText(QRectF(area.left(), area.bottom() + 20, area.width(), 16), Qt::AlignCenter,
                     tr("risk: harm rate on held-out twins"));
    painter.drawText(QRectF(6, 2, area.width(), 16), Qt::AlignLeft | Qt::AlignVCenter, tr("competence"));
    painter.setFont(common::typeFont(common::Type::ChartStrong));
    QVector<QRectF> taken;
    for (const RiskStep& step : m_steps)
        for (const bool aligned : {false, true}) {
            const QString name = nameOf(step, aligned);
            const QPointF at = toPixel(aligned ? step.after.at : step.before.at);
            const double width = painter.fontMetrics().horizontalAdvance(name) + 4;
            // Arrows come in from the right of A⁺ and leave to the left of A⁻: names stand on the other side.
            QRectF box(aligned ? at.x() - 6 - width : at.x() + 6, at.y() - 17, width, 15);
            if (box.right() > area.right()) box.moveRight(at.x() - 6);
            if (box.left() < area.left()) box.moveLeft(at.x() + 6);
            // Names that would cover one another go down in turn.
            const auto covered = [&] {
                return std::any_of(taken.begin(), taken.end(), [&](const QRectF& one) { return one.intersects(box); });
            };
            for (int i = 0; i < 8 && covered(); ++i)
                box.translate(0, 8);
            taken.append(box);
            painter.setPen(tokens().seriesAt(aligned ? kAfter : kBefore).label);
            painter.drawText(box, Qt::AlignCenter, name);
        }
}

void RiskMap::updateSummary()
{
    QStringList parts;
    for (const RiskStep& step : std::as_const(m_steps))
        parts << tr("%1: risk %2 before and %3 after alignment, competence %4 and %5")
                     .arg(nameOf(step, true), common::numberText(step.before.at.x(), 3),
                          common::numberText(step.after.at.x(), 3), common::numberText(step.before.at.y(), 3),
                          common::numberText(step.after.at.y(), 3));
    setSummary(parts.join(QStringLiteral("; ")));
}

} // namespace gradus::plot
