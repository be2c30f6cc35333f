// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/curve_card.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/shared/legend_row.h"
#include "viewmodels/series_catalogue.h"

#include <QCursor>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::pages {

using viewmodels::GroupCurve;

namespace {

constexpr int kTitleHeight = 30;
constexpr int kCountsHeight = 52;
constexpr int kLeastHeight = 250;
constexpr int kFoot = 6; // under rows
constexpr int kMostValues = 4;
constexpr std::size_t kLongestTitle = 60; // bytes: a run that was imported has names of its own
constexpr int kMostSingleRuns = 200;      // lines in a card; beyond it the band alone says how they spread
constexpr plot::Margins kChartMargins{44, 16, 22, 4};
constexpr plot::Margins kCountsMargins{44, 8, 22, 20};

struct Extent
{
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void add(const std::vector<double>& values)
    {
        for (const double value : values) {
            if (!std::isfinite(value)) continue;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
};

QVector<QPointF> pointsOf(const std::vector<double>& x, const std::vector<double>& y)
{
    QVector<QPointF> points;
    points.reserve(static_cast<qsizetype>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i)
        points.append({x[i], y[i]});
    return points;
}

QString id(const GroupCurve& group, const char* part)
{
    return QStringLiteral("group%1/%2").arg(group.group).arg(QLatin1String(part));
}

/// A band with holes: QCustomPlot fills between low and high wherever both are numbers.
plot::Series meanOf(const GroupCurve& group, const GroupLook& look, bool holds)
{
    plot::Series mean;
    mean.id = id(group, "mean");
    mean.name = look.name;
    mean.style = look.style;
    mean.draw = holds ? plot::Draw::Hold : plot::Draw::Line;
    mean.points = pointsOf(group.curve.x, group.curve.centre);
    const bool band =
        std::any_of(group.curve.low.begin(), group.curve.low.end(), [](double value) { return std::isfinite(value); });
    if (band) {
        mean.low = QVector<double>(group.curve.low.begin(), group.curve.low.end());
        mean.high = QVector<double>(group.curve.high.begin(), group.curve.high.end());
    }
    return mean;
}

/// Colour is never alone: the group's marker stands where its first run's generations end.
plot::Series endsOf(const GroupCurve& group, const plot::Series& mean)
{
    plot::Series ends;
    ends.id = id(group, "ends");
    ends.style = mean.style;
    ends.draw = plot::Draw::Points;
    ends.markers = true;
    ends.inLegend = false;
    ends.hollow = mean.style >= common::kSeriesCount;
    for (const double x : group.ends)
        if (const auto value = plot::valueAt(mean, x)) ends.points.append({x, *value});
    return ends;
}

/// Where the curve has its values: all of them at one x, or nothing.
std::optional<std::size_t> onlyPlaceOf(const compare::OverRuns& curve)
{
    std::optional<std::size_t> place;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
        if (!std::isfinite(curve.centre[i])) continue;
        if (place) return std::nullopt;
        place = i;
    }
    return place;
}

/// Nothing moves over a run: a chart over steps would be a heap of marks at one x.
bool isMeasuredOnce(const QVector<GroupCurve>& groups)
{
    return !groups.isEmpty() && std::all_of(groups.begin(), groups.end(), [](const GroupCurve& group) {
        return onlyPlaceOf(group.curve).has_value();
    });
}

void addRuns(QVector<plot::Series>& all, const GroupCurve& group, const GroupLook& look, bool holds)
{
    for (qsizetype i = 0; i < group.runs.size(); ++i) {
        plot::Series run;
        run.id = id(group, "run") + QString::number(i);
        run.style = look.style;
        run.draw = plot::Draw::Raw;
        run.inLegend = false;
        run.points = pointsOf(group.runs[i].x, group.runs[i].y);
        if (holds) { // a raw line is straight between its points: give it the corners
            QVector<QPointF> corners;
            for (const QPointF& point : std::as_const(run.points)) {
                if (!corners.isEmpty()) corners.append({point.x(), corners.last().y()});
                corners.append(point);
            }
            run.points = corners;
        }
        all.append(run);
    }
}

/// What a card's curves are less. Two names fit; more are counted.
QString minusText(const QVector<int>& baselines, const QVector<GroupLook>& looks)
{
    if (baselines.size() > 2) return CurveCard::tr("minus each one's own of %1 baselines").arg(baselines.size());
    QStringList names;
    for (const int group : baselines)
        names << looks[group].name;
    return CurveCard::tr("minus %1").arg(names.join(CurveCard::tr(" or ")));
}

} // namespace

QString alignedText(double x, viewmodels::Alignment alignment)
{
    switch (alignment) {
    case viewmodels::Alignment::Step:
        return common::groupedText(std::llround(x));
    case viewmodels::Alignment::ShareOfRun:
        return common::numberText(x, 0) + QStringLiteral(" %");
    case viewmodels::Alignment::Generation:
        return QStringLiteral("G") + common::numberText(x, x == std::round(x) ? 0 : 2);
    }
    return {};
}

CurveCard::CurveCard(common::ThemeController& theme, plot::TimeLink& link, QWidget* parent)
    : QFrame(parent), m_theme(theme)
{
    setMinimumHeight(kLeastHeight);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_frame = new common::CardFrame({}, kTitleHeight, this);
    m_frame->setTitleLine(false);
    column->addWidget(m_frame);
    m_values = new LegendRow(theme, m_frame);
    m_chart = new plot::TimePlot(theme, m_frame);
    m_chart->setMargins(kChartMargins);
    m_chart->setYTickCount(4);
    m_chart->setXFormatter([](double) { return QString(); }); // the strip below has the labels
    m_chart->setAutoYRange(0.05);
    m_counts = new plot::TimePlot(theme, m_frame);
    m_counts->setMargins(kCountsMargins);
    m_counts->setFixedHeight(kCountsHeight);
    m_counts->setXTickCount(4);
    m_counts->setFocusPolicy(Qt::NoFocus);
    m_frame->content()->addWidget(m_values);
    m_frame->content()->addWidget(m_chart, 1);
    m_frame->content()->addWidget(m_counts);
    m_once = new plot::ForestPlot(theme, m_frame);
    m_once->hide();
    m_frame->content()->addWidget(m_once, 1);
    link.add(m_chart);
    link.add(m_counts);
    connect(&theme, &common::ThemeController::changed, this, [this] { setCursor(m_chart->crosshair()); });
    connect(m_chart, &plot::TimePlot::clicked, this, [this](double x, double y) {
        Q_EMIT momentRequested(m_chart->mapToGlobal(m_chart->toPixel({x, y}).toPoint()), {x, y});
    });
    connect(m_once, &plot::ForestPlot::clicked, this, [this](int row, double value) {
        const GroupCurve& group = m_curves.groups[row];
        Q_EMIT momentRequested(QCursor::pos(), {group.curve.x[*onlyPlaceOf(group.curve)], value});
    });
}

void CurveCard::setCurves(const viewmodels::SeriesCurves& curves, const viewmodels::ComparedCurves& all,
                          const viewmodels::CurveOptions& options, const QVector<GroupLook>& looks)
{
    m_curves = curves;
    m_looks = looks;
    const viewmodels::SeriesInfo* info = viewmodels::findSeries(curves.series.toStdString());
    m_decimals = info != nullptr ? info->decimals : 3;
    const QString series = QString::fromStdString(visible(curves.series.toStdString(), kLongestTitle));
    const QString name = info != nullptr ? viewmodels::seriesLabel(*info) : tr("imported");
    const bool subtract = options.difference && options.baseline >= 0 && options.baseline < looks.size();
    m_frame->setTitle(series);
    m_frame->setSubtitle(subtract ? minusText(all.baselines, looks) : name);
    setObjectName(QStringLiteral("card/") + curves.series);
    m_chart->setAccessibleName(info != nullptr ? name : series);
    m_counts->setAccessibleName(tr("%1: runs at each step").arg(m_chart->accessibleName()));
    m_counts->setXFormatter([alignment = options.alignment](double x) { return alignedText(x, alignment); });
    m_chart->setFullRange(options.alignment == viewmodels::Alignment::Generation ? 1 : 0, all.lastX);
    m_counts->setFullRange(options.alignment == viewmodels::Alignment::Generation ? 1 : 0, all.lastX);
    QVector<plot::GenerationLabel> generations;
    for (qsizetype i = 0; i < all.boundaries.size(); ++i)
        generations.append({all.boundaries[i], QStringLiteral("G%1").arg(i + 1)});
    m_chart->setGenerations(generations);
    m_chart->setLimits({});
    m_chart->setEmptyText(curves.groups.isEmpty() && subtract
                              ? all.baselines.size() > 1
                                    ? tr("No baseline has such a series to subtract")
                                    : tr("%1 has no such series to subtract").arg(looks[options.baseline].name)
                              : tr("No run has a value yet"));
    const bool once = isMeasuredOnce(m_curves.groups);
    m_chart->setVisible(!once);
    m_counts->setVisible(!once);
    m_once->setVisible(once);
    drawCurves(options);
    drawCounts();
    drawOnce(all, options);
    setCursor(m_chart->crosshair());
}

void CurveCard::drawCurves(const viewmodels::CurveOptions& options)
{
    qsizetype lines = 0;
    for (const GroupCurve& group : std::as_const(m_curves.groups))
        lines += group.runs.size();
    QVector<plot::Series> all;
    if (lines <= kMostSingleRuns)
        for (const GroupCurve& group : std::as_const(m_curves.groups))
            if (group.runs.size() > 1) addRuns(all, group, m_looks[group.group], m_curves.holds);
    QVector<plot::Series> ends;
    for (const GroupCurve& group : std::as_const(m_curves.groups)) {
        all.append(meanOf(group, m_looks[group.group], m_curves.holds));
        ends.append(endsOf(group, all.last()));
    }
    if (options.difference && options.baseline >= 0) {
        plot::Series zero;
        zero.id = QStringLiteral("zero");
        zero.name = tr("baseline");
        zero.draw = plot::Draw::Hold;
        zero.tone = plot::Tone::Neutral;
        zero.dash = QVector<qreal>{2, 2};
        if (!m_curves.groups.isEmpty() && !m_curves.groups.first().curve.x.empty())
            zero.points = {{m_curves.groups.first().curve.x.front(), 0}, {m_curves.groups.first().curve.x.back(), 0}};
        all.append(zero);
    }
    m_chart->setSeries(all + ends);
    fitY();
}

/// What runs and means reach fills the chart. A band of two runs can be ten times as high: it may take a third more,
/// and what is beyond is cut.
void CurveCard::fitY()
{
    constexpr double kBandShare = 0.35;
    constexpr double kPad = 0.06;
    constexpr double kLeastSpan = 0.01;
    Extent lines;
    Extent bands;
    for (const GroupCurve& group : std::as_const(m_curves.groups)) {
        for (const compare::Trace& run : group.runs)
            lines.add(run.y);
        lines.add(group.curve.centre);
        bands.add(group.curve.low);
        bands.add(group.curve.high);
    }
    if (lines.low > lines.high) return m_chart->setAutoYRange(0.05);
    const double span = std::max(lines.high - lines.low, kLeastSpan);
    const double low = std::min(lines.low, std::max(bands.low, lines.low - kBandShare * span)) - kPad * span;
    const double high = std::max(lines.high, std::min(bands.high, lines.high + kBandShare * span)) + kPad * span;
    m_chart->setYRange(low, high);
}

void CurveCard::drawCounts()
{
    QVector<plot::Series> all;
    int most = 1;
    for (const GroupCurve& group : std::as_const(m_curves.groups)) {
        plot::Series count;
        count.id = id(group, "n");
        count.name = m_looks[group.group].name;
        count.style = m_looks[group.group].style;
        count.draw = plot::Draw::Hold;
        for (std::size_t i = 0; i < group.curve.x.size(); ++i) {
            // Between two generations nobody has a value for half a step: that is no loss of runs.
            if (group.curve.n[i] == 0 && i + 1 < group.curve.x.size()) continue;
            count.points.append({group.curve.x[i], static_cast<double>(group.curve.n[i])});
            most = std::max(most, group.curve.n[i]);
        }
        all.append(count);
    }
    m_counts->setSeries(all);
    m_counts->setYRange(0, most * 1.15);
    m_counts->setYTickCount(most + 1); // a tick a run; only none and all are written
    m_counts->setYFormatter([most](double y) {
        const auto runs = std::lround(y);
        return runs == most ? tr("n %1").arg(runs) : runs == 0 ? QStringLiteral("0") : QString();
    });
}

void CurveCard::drawOnce(const viewmodels::ComparedCurves& all, const viewmodels::CurveOptions& options)
{
    QVector<plot::ForestRow> rows;
    std::optional<double> reference;
    if (!m_once->isHidden())
        for (const GroupCurve& group : std::as_const(m_curves.groups)) {
            const std::size_t place = *onlyPlaceOf(group.curve);
            plot::ForestRow row;
            row.name = m_looks[group.group].name;
            row.style = m_looks[group.group].style;
            row.centre = group.curve.centre[place];
            row.low = group.curve.low[place];
            row.high = group.curve.high[place];
            for (const compare::Trace& run : group.runs)
                if (const auto value = std::ranges::find_if(run.y, [](double y) { return std::isfinite(y); });
                    value != run.y.end())
                    row.points.append(*value);
            if (all.oneBaseline && group.group == options.baseline) reference = row.centre;
            rows.append(row);
        }
    if (options.difference && options.baseline >= 0) reference = 0;
    m_once->setRows(rows, m_decimals);
    m_once->setReference(reference);
    setMinimumHeight(rows.isEmpty() ? kLeastHeight
                                    : std::max(kLeastHeight, kTitleHeight + m_once->heightWanted() + kFoot));
    m_once->setAccessibleName(m_chart->accessibleName());
}

void CurveCard::setCursor(std::optional<double> x)
{
    const common::Tokens& tokens = m_theme.tokens();
    QVector<LegendEntry> entries;
    for (const plot::Series& series : m_chart->series()) {
        if (!series.inLegend) continue; // of a group, its mean alone
        double value = std::nan("");
        if (x) {
            value = plot::valueAt(series, *x).value_or(value);
        } else {
            for (auto point = series.points.crbegin(); point != series.points.crend() && std::isnan(value); ++point)
                value = point->y();
        }
        LegendEntry entry;
        entry.name = series.name;
        entry.value = common::curveText(value, m_decimals);
        entry.colour = tokens.seriesAt(series.style).line;
        entry.dash = tokens.seriesAt(series.style).dash;
        entries.append(entry);
    }
    // More groups than fit stand in the legend of the page alone: cut figures would mislead. Rows say their own.
    if (entries.size() > kMostValues || !m_once->isHidden()) entries.clear();
    m_values->setEntries(entries);
    m_values->setVisible(!entries.isEmpty());
}

} // namespace gradus::pages
