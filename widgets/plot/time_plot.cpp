// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/time_plot.h"

#include "common/number_text.h"
#include "plot/decimate.h"
#include "plot/time_plot_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::plot {

namespace {

struct Extent
{
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void add(double value)
    {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

QVector<QPointF> withValues(const QVector<QPointF>& points, const QVector<double>& values)
{
    QVector<QPointF> out(points.size());
    for (qsizetype i = 0; i < points.size(); ++i)
        out[i] = {points[i].x(), values[i]};
    return out;
}

void fill(QCPGraph& graph, const QVector<QPointF>& points)
{
    QVector<QCPGraphData> data;
    data.reserve(points.size());
    for (const QPointF& point : points)
        data.append(QCPGraphData(point.x(), std::isfinite(point.y()) ? point.y() : qQNaN()));
    graph.data()->set(data, true);
}

bool hasBand(const Series& series)
{
    return !series.low.isEmpty() && series.low.size() == series.points.size() &&
           series.high.size() == series.points.size();
}

} // namespace

std::optional<double> valueAt(const Series& series, double x)
{
    const auto after = std::upper_bound(series.points.begin(), series.points.end(), x,
                                        [](double at, const QPointF& point) { return at < point.x(); });
    if (after == series.points.begin()) return std::nullopt;
    const QPointF* last = &*(after - 1);
    // A step's own end belongs to it: the gap written at the same x only begins behind it.
    if (series.draw == Draw::Hold && last->x() == x && !std::isfinite(last->y()) && last != &series.points.front() &&
        (last - 1)->x() == x)
        --last;
    const QPointF before = *last;
    if (!std::isfinite(before.y())) return std::nullopt;
    if (before.x() == x || series.draw == Draw::Hold || series.draw == Draw::Points) return before.y();
    if (after == series.points.end() || !std::isfinite(after->y())) return std::nullopt;
    return before.y() + (after->y() - before.y()) * (x - before.x()) / (after->x() - before.x());
}

TimePlot::TimePlot(common::ThemeController& theme, QWidget* parent)
    : PlotView(theme, parent), m_graphs(std::make_unique<Graphs>())
{
    plot()->yAxis2->setTickLabels(true);
    addPainted("bands", [this](QPainter& painter) { TimePlotPainter(*this).paintBands(painter); });
    addPainted("events", [this](QPainter& painter) { TimePlotPainter(*this).paintEventLines(painter); });
    addPainted("marks", [this](QPainter& painter) { TimePlotPainter(*this).paintMarks(painter); });
    addPainted("overlay", [this](QPainter& painter) { TimePlotPainter(*this).paintCrosshair(painter); });
    setXFormatter([](double x) { return common::groupedText(std::int64_t(std::llround(x))); });
    TimePlot::restyle();
}

TimePlot::~TimePlot() = default;

void TimePlot::setSeries(QVector<Series> series)
{
    const bool sameShape = std::equal(
        series.begin(), series.end(), m_series.begin(), m_series.end(), [](const Series& a, const Series& b) {
            return a.id == b.id && a.style == b.style && a.draw == b.draw && a.tone == b.tone && a.dash == b.dash &&
                   a.rightAxis == b.rightAxis && hasBand(a) == hasBand(b);
        });
    m_series = std::move(series);
    if (!sameShape) rebuildGraphs();
    for (qsizetype i = 0; i < m_series.size(); ++i) {
        const QVector<QPointF>& points = m_series[i].points;
        GraphSet& set = m_graphs->sets[i];
        set.extremes = {};
        set.extremes.grow(static_cast<std::size_t>(points.size()),
                          [data = points.constData()](std::size_t at) { return data[at].y(); });
    }
    updateSummary();
    scheduleReplot();
}

void TimePlot::rebuildGraphs()
{
    plot()->clearGraphs();
    m_graphs->sets.clear();
    for (const Series& series : std::as_const(m_series)) {
        QCPAxis* y = series.rightAxis ? plot()->yAxis2 : plot()->yAxis;
        GraphSet set;
        if (hasBand(series)) {
            set.low = plot()->addGraph(plot()->xAxis, y);
            set.high = plot()->addGraph(plot()->xAxis, y);
            set.high->setChannelFillGraph(set.low);
        }
        set.line = plot()->addGraph(plot()->xAxis, y);
        set.line->setAdaptiveSampling(false); // decimated by us
        m_graphs->sets.append(set);
    }
    restyle();
}

void TimePlot::restyle()
{
    PlotView::restyle();
    for (qsizetype i = 0; i < m_graphs->sets.size(); ++i) {
        const Series& series = m_series[i];
        const GraphSet& set = m_graphs->sets[i];
        QColor colour = lineColour(series, tokens());
        const bool hold = series.draw == Draw::Hold;
        for (QCPGraph* edge : {set.low, set.high}) {
            if (!edge) continue;
            edge->setPen(Qt::NoPen);
            edge->setLineStyle(hold ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
            edge->setAntialiasedFill(m_series.size() <= 20);
        }
        if (set.high) {
            QColor band = colour;
            band.setAlphaF(0.14F);
            set.high->setBrush(band);
        }
        if (series.draw == Draw::Raw) colour.setAlphaF(0.30F);
        const QVector<qreal> dash = series.dash.value_or(tokens().seriesAt(series.style).dash);
        set.line->setPen(linePen(colour, series.draw == Draw::Raw ? QVector<qreal>{} : dash));
        set.line->setAntialiased(series.draw == Draw::Line);
        set.line->setLineStyle(series.draw == Draw::Points ? QCPGraph::lsNone
                               : hold                      ? QCPGraph::lsStepLeft
                                                           : QCPGraph::lsLine);
    }
}

void TimePlot::setStages(QVector<StageSpan> stages)
{
    m_stages = std::move(stages);
    scheduleReplot();
}

void TimePlot::setGenerations(QVector<GenerationLabel> generations)
{
    m_generations = std::move(generations);
    scheduleReplot();
}

void TimePlot::setEvents(QVector<EventMark> events)
{
    m_events = std::move(events);
    scheduleReplot();
}

void TimePlot::setLimits(QVector<Limit> limits)
{
    m_limits = std::move(limits);
    scheduleReplot();
}

void TimePlot::setNow(std::optional<double> x)
{
    m_now = x;
    scheduleReplot();
}

void TimePlot::setUnit(const QString& unit)
{
    m_unit = unit;
    scheduleReplot();
}

void TimePlot::setInteractive(bool interactive)
{
    m_interactive = interactive;
    setFocusPolicy(interactive ? Qt::StrongFocus : Qt::NoFocus);
    setAttribute(Qt::WA_TransparentForMouseEvents, !interactive);
}

void TimePlot::setFullRange(double first, double last)
{
    if (!(last > first)) last = first + 1;
    m_fullFirst = first;
    m_fullLast = last;
    if (!m_zoomed) plot()->xAxis->setRange(first, last);
    scheduleReplot();
}

void TimePlot::setXRange(double first, double last)
{
    if (!(last > first)) return;
    m_zoomed = first > m_fullFirst || last < m_fullLast;
    plot()->xAxis->setRange(first, last);
    scheduleReplot();
}

void TimePlot::zoomBack()
{
    m_zoomed = false;
    plot()->xAxis->setRange(m_fullFirst, m_fullLast);
    scheduleReplot();
}

void TimePlot::setYRange(double low, double high)
{
    m_autoY = false;
    plot()->yAxis->setRange(low, high);
    scheduleReplot();
}

void TimePlot::setAutoYRange(double minimumSpan)
{
    m_autoY = true;
    m_minimumSpan = minimumSpan;
    scheduleReplot();
}

void TimePlot::setRightRange(double low, double high, Formatter formatter)
{
    m_rightLow = low;
    m_rightHigh = high;
    plot()->yAxis2->setVisible(high > low);
    if (high > low) plot()->yAxis2->setRange(low, high);
    static_cast<FormatTicker*>(plot()->yAxis2->ticker().data())->formatter = std::move(formatter);
    scheduleReplot();
}

bool TimePlot::isEmpty() const
{
    return std::none_of(m_series.begin(), m_series.end(), [](const Series& series) {
        return std::any_of(series.points.begin(), series.points.end(),
                           [](const QPointF& point) { return std::isfinite(point.y()); });
    });
}

/// Of what is drawn, which has every column's extremes: not of all points.
void TimePlot::fitY()
{
    Extent extent;
    for (qsizetype i = 0; i < m_series.size(); ++i) {
        const Series& series = m_series[i];
        if (series.rightAxis) continue;
        const GraphSet& set = m_graphs->sets[i];
        for (const QVector<QPointF>* points : {&set.shown, &set.shownLow, &set.shownHigh})
            for (const QPointF& point : *points) {
                if (point.x() > xHigh() || (point.x() < xLow() && series.draw != Draw::Hold)) continue;
                extent.add(point.y());
            }
    }
    for (const Limit& limit : std::as_const(m_limits))
        extent.add(limit.y);
    if (extent.low > extent.high) extent = {0, 1};
    const double missing = std::max(0.0, m_minimumSpan - (extent.high - extent.low)) / 2;
    const double pad = std::max((extent.high - extent.low) * 0.06, m_minimumSpan * 0.04);
    plot()->yAxis->setRange(extent.low - missing - pad, extent.high + missing + pad);
}

void TimePlot::prepare()
{
    const int columns = std::max(1, int(plotArea().width() * devicePixelRatioF()));
    for (qsizetype i = 0; i < m_series.size(); ++i) {
        const Series& series = m_series[i];
        GraphSet& set = m_graphs->sets[i];
        set.shown = decimated(series.points, xLow(), xHigh(), columns, &set.extremes);
        fill(*set.line, set.shown);
        if (!set.low) continue;
        set.shownLow = decimated(withValues(series.points, series.low), xLow(), xHigh(), columns);
        set.shownHigh = decimated(withValues(series.points, series.high), xLow(), xHigh(), columns);
        fill(*set.low, set.shownLow);
        fill(*set.high, set.shownHigh);
    }
    if (m_autoY) fitY();
}

void TimePlot::updateSummary()
{
    QStringList parts;
    for (const Series& series : std::as_const(m_series)) {
        if (series.draw == Draw::Raw || series.points.isEmpty()) continue;
        for (auto point = series.points.crbegin(); point != series.points.crend(); ++point) {
            if (!std::isfinite(point->y())) continue;
            parts << tr("%1 %2 at %3")
                         .arg(series.name, common::numberText(point->y(), 3), common::numberText(point->x(), 0));
            break;
        }
    }
    setSummary(parts.join(QStringLiteral(", ")));
}

} // namespace gradus::plot
