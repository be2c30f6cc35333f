// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/forest_plot.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "plot/plot_parts_p.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace gradus::plot {

namespace {

constexpr double kPointSide = 5;
constexpr double kCentreSide = 8;
constexpr int kRowHeight = 17;
constexpr int kTop = 6;
constexpr int kBottom = 20;
constexpr int kNameGap = 8;
constexpr double kMostNames = 0.45; // of the width
constexpr int kTickWidth = 56;      // a label and its air
constexpr double kPad = 0.06;       // of the values' range
constexpr double kLeastSpan = 0.01;

QString intervalText(const ForestRow& row, int decimals)
{
    if (!std::isfinite(row.low) || !std::isfinite(row.high)) return {};
    return QStringLiteral(" [%1, %2]")
        .arg(common::numberText(row.low, decimals), common::numberText(row.high, decimals));
}

} // namespace

ForestPlot::ForestPlot(common::ThemeController& theme, QWidget* parent) : PlotView(theme, parent)
{
    setVerticalGrid(true);
    plot()->yAxis->setTicks(false);
    plot()->yAxis->setTickLabels(false);
    plot()->yAxis->grid()->setVisible(false);
    addPainted("marks", [this](QPainter& painter) {
        paintRows(painter);
        paintNames(painter);
    });
    ForestPlot::restyle();
}

ForestPlot::~ForestPlot() = default;

void ForestPlot::setRows(QVector<ForestRow> rows, int decimals)
{
    m_rows = std::move(rows);
    m_decimals = decimals;
    QStringList words;
    for (const ForestRow& row : std::as_const(m_rows))
        words << tr("%1: %2%3, n %4")
                     .arg(row.name, common::curveText(row.centre, decimals), intervalText(row, decimals))
                     .arg(row.points.size());
    setSummary(words.join(QStringLiteral("; ")));
    fitMargins();
    scheduleReplot();
}

void ForestPlot::setReference(std::optional<double> value)
{
    m_reference = value;
    scheduleReplot();
}

int ForestPlot::heightWanted() const
{
    return kTop + kBottom + kRowHeight * static_cast<int>(std::max<qsizetype>(1, m_rows.size()));
}

bool ForestPlot::isEmpty() const
{
    return std::none_of(m_rows.begin(), m_rows.end(), [](const ForestRow& row) { return std::isfinite(row.centre); });
}

/// Names at the left as wide as they are, up to a share of the chart; values at the right.
void ForestPlot::fitMargins()
{
    const QFontMetrics names(common::typeFont(common::Type::Chart));
    const QFontMetrics values(common::numericFont(common::Type::Chart));
    int left = 0;
    int right = 0;
    for (const ForestRow& row : std::as_const(m_rows)) {
        left = std::max(left, names.horizontalAdvance(row.name));
        right = std::max(right, values.horizontalAdvance(common::curveText(row.centre, m_decimals)));
    }
    const Margins margins{std::min(left, static_cast<int>(width() * kMostNames)) + 2 * kNameGap, kTop,
                          right + 2 * kNameGap, kBottom};
    setMargins(margins);
    setXTickCount(std::clamp((width() - margins.left - margins.right) / kTickWidth, 1, 5));
}

void ForestPlot::resizeEvent(QResizeEvent* event)
{
    PlotView::resizeEvent(event);
    fitMargins();
}

/// What runs and centres reach fills the width; an interval of two runs, which can be ten times as wide, is cut.
void ForestPlot::prepare()
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto add = [&](double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const ForestRow& row : std::as_const(m_rows)) {
        for (const double point : row.points)
            add(point);
        add(row.centre);
    }
    if (m_reference) add(*m_reference);
    if (low > high) low = 0, high = 1;
    const double pad = std::max(high - low, kLeastSpan) * kPad;
    plot()->xAxis->setRange(low - pad, high + pad);
    plot()->yAxis->setRange(-0.5, static_cast<double>(std::max<qsizetype>(1, m_rows.size())) - 0.5);
}

double ForestPlot::rowY(qsizetype row) const
{
    return toPixel({0, static_cast<double>(m_rows.size() - 1 - row)}).y(); // the first is the topmost
}

void ForestPlot::paintRows(QPainter& painter) const
{
    const QRectF area = plotArea();
    painter.save();
    painter.setClipRect(area.adjusted(-2, -2, 2, 2));
    if (m_reference) {
        const double x = std::round(toPixel({*m_reference, 0}).x());
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(linePen(tokens().text2, {2, 2}));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const ForestRow& row = m_rows[i];
        const common::SeriesStyle& style = tokens().seriesAt(row.style);
        const double y = std::round(rowY(i));
        if (std::isfinite(row.low) && std::isfinite(row.high)) {
            painter.setRenderHint(QPainter::Antialiasing, false);
            painter.setPen(linePen(style.line));
            painter.drawLine(QPointF(toPixel({row.low, 0}).x(), y), QPointF(toPixel({row.high, 0}).x(), y));
        }
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setOpacity(0.6);
        for (const double point : row.points)
            if (std::isfinite(point))
                paintMarker(painter, {toPixel({point, 0}).x(), y}, style.marker, style.line, tokens().surface,
                            kPointSide);
        painter.setOpacity(1);
        if (!std::isfinite(row.centre)) continue;
        const bool hollow = row.style >= common::kSeriesCount; // as in the legend
        paintMarker(painter, {toPixel({row.centre, 0}).x(), y}, style.marker, style.line,
                    hollow ? tokens().surface : style.line, kCentreSide);
    }
    painter.restore();
}

void ForestPlot::paintNames(QPainter& painter) const
{
    const QRectF area = plotArea();
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const ForestRow& row = m_rows[i];
        const double y = rowY(i);
        painter.setFont(common::typeFont(common::Type::Chart));
        painter.setPen(tokens().text);
        const QRectF place(kNameGap, y - kRowHeight / 2.0, area.left() - 2 * kNameGap, kRowHeight);
        // What tells conditions apart stands at either end of their names.
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(row.name, Qt::ElideMiddle, static_cast<int>(place.width())));
        painter.setFont(common::numericFont(common::Type::Chart));
        painter.drawText(
            QRectF(area.right() + kNameGap / 2.0, place.top(), width() - area.right() - kNameGap, kRowHeight),
            Qt::AlignRight | Qt::AlignVCenter, common::curveText(row.centre, m_decimals));
    }
}

std::optional<int> ForestPlot::rowAt(const QPointF& pixel) const
{
    const QRectF area = plotArea();
    if (m_rows.isEmpty() || pixel.y() < area.top() || pixel.y() >= area.bottom()) return std::nullopt;
    const auto row = static_cast<int>((pixel.y() - area.top()) * static_cast<double>(m_rows.size()) / area.height());
    return std::clamp(row, 0, static_cast<int>(m_rows.size()) - 1);
}

QString ForestPlot::tipOf(const ForestRow& row) const
{
    QStringList runs;
    for (const double point : row.points)
        runs << common::curveText(point, m_decimals);
    const QString head = tr("%1: %2%3, n %4")
                             .arg(row.name, common::curveText(row.centre, m_decimals), intervalText(row, m_decimals))
                             .arg(row.points.size());
    return runs.size() < 2 ? head : head + QLatin1Char('\n') + tr("Runs: %1").arg(runs.join(QStringLiteral(", ")));
}

bool ForestPlot::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return PlotView::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto row = rowAt(help->pos());
    common::showTip(*help, row ? tipOf(m_rows[*row]) : QString(), this);
    return true;
}

void ForestPlot::mouseReleaseEvent(QMouseEvent* event)
{
    const auto row = event->button() == Qt::LeftButton ? rowAt(event->position()) : std::nullopt;
    if (row && plotArea().contains(event->position())) Q_EMIT clicked(*row, toCoordinate(event->position()).x());
    PlotView::mouseReleaseEvent(event);
}

} // namespace gradus::plot
