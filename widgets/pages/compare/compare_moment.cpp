// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_moment.h"

#include "common/number_text.h"
#include "pages/compare/curve_card.h"
#include "viewmodels/series_catalogue.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::pages {

namespace {

constexpr qsizetype kMostGroups = 8;
constexpr double kFar = std::numeric_limits<double>::infinity();

QString words(const char* text)
{
    return QCoreApplication::translate("CompareMoment", text);
}

/// The last value at or before x; NaN where there is none.
double valueAt(const std::vector<double>& xs, const std::vector<double>& ys, double x)
{
    const auto after = std::upper_bound(xs.begin(), xs.end(), x);
    if (after == xs.begin()) return std::nan("");
    return ys[static_cast<std::size_t>(after - xs.begin() - 1)];
}

double valueOf(const compare::ComparedRun& run, const std::string& series, double step)
{
    const store::SeriesPoints* points = run.find(series);
    if (points == nullptr) return std::nan("");
    const auto after =
        std::upper_bound(points->points.begin(), points->points.end(), step,
                         [](double at, const store::PointRow& point) { return at < static_cast<double>(point.step); });
    return after == points->points.begin() ? std::nan("") : std::prev(after)->value;
}

double distance(double value, double y)
{
    return std::isfinite(value) ? std::abs(value - y) : kFar;
}

} // namespace

Moment momentOf(const viewmodels::ComparedData& data, const viewmodels::CurveOptions& options,
                const viewmodels::SeriesCurves& curves, const QStringList& names, const QPointF& at)
{
    Moment moment;
    moment.title = options.alignment == viewmodels::Alignment::Step
                       ? words("Step %1").arg(common::groupedText(std::llround(at.x())))
                       : alignedText(at.x(), options.alignment);
    const std::string series = curves.series.toStdString();
    const viewmodels::SeriesInfo* info = viewmodels::findSeries(series);
    const int decimals = info != nullptr ? info->decimals : 3;
    const viewmodels::GroupCurve* nearest = nullptr;
    double least = kFar;
    for (const viewmodels::GroupCurve& group : curves.groups) {
        const double value = valueAt(group.curve.x, group.curve.centre, at.x());
        if (moment.rows.size() < kMostGroups)
            moment.rows.append({names.value(group.group), common::curveText(value, decimals)});
        if (nearest == nullptr || distance(value, at.y()) < least) {
            nearest = &group;
            least = distance(value, at.y());
        }
    }
    // The curves come from a job and may be one answer behind the groups.
    if (nearest == nullptr || static_cast<std::size_t>(nearest->group) >= data.grouping.groups.size()) return moment;
    QVector<std::pair<double, MomentRun>> found;
    for (const std::size_t index : data.grouping.groups[static_cast<std::size_t>(nearest->group)].runs) {
        const compare::ComparedRun& run = data.runs[index];
        const double step = viewmodels::stepOf(run, at.x(), options.alignment);
        // A difference is no run's own value: then the seeds stand in their order.
        const double away = options.difference ? 0 : distance(valueOf(run, series, step), at.y());
        found.append({away,
                      {.run = run.detail.run.id,
                       .generation = viewmodels::generationOf(run, step),
                       .name = words("%1, seed %2").arg(names.value(nearest->group)).arg(run.detail.run.seed),
                       .hasEpisodes = true,
                       .uuid = QString::fromStdString(run.detail.run.uuid)}});
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [away, run] : found)
        moment.runs.append(run);
    return moment;
}

} // namespace gradus::pages
