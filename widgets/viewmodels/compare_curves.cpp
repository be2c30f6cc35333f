// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/compare_curves.h"

#include "compare/baselines.h"
#include "spec/imported.h"
#include "viewmodels/series_catalogue.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace gradus::viewmodels {

namespace {

using compare::ComparedRun;
using compare::Trace;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr char kGap[] = "gap/delta";
/// What a generation measures once is no curve; ci_low and ci_high are drawn by Live round one run's line.
constexpr const char* kLeftOut[] = {"utility/ceiling", "pgr"};

double lastStepOf(const ComparedRun& run)
{
    double last = 0;
    for (const store::SeriesPoints& series : run.series)
        if (!series.points.empty()) last = std::max(last, static_cast<double>(series.points.back().step));
    return last;
}

double endOf(const events::GenerationRecord& record, const ComparedRun& run)
{
    return record.lastStep ? static_cast<double>(*record.lastStep)
                           : std::max(lastStepOf(run), static_cast<double>(record.firstStep));
}

/// The gap that led to a generation holds over it.
Trace gapTrace(const ComparedRun& run)
{
    Trace trace;
    const auto add = [&](double step, double value) {
        if (!trace.x.empty() && step <= trace.x.back()) {
            trace.y.back() = value;
            return;
        }
        trace.x.push_back(step);
        trace.y.push_back(value);
    };
    for (const events::GenerationRecord& record : run.detail.generations) {
        if (!record.gap || record.rolledBack) continue;
        add(static_cast<double>(record.firstStep), *record.gap);
        add(endOf(record, run), *record.gap);
    }
    return trace;
}

/// The boundary step is the last one of the generation before; half a step behind it nothing is known.
Trace pointTrace(const ComparedRun& run, const store::SeriesPoints& series)
{
    Trace trace;
    auto record = run.detail.generations.begin();
    const auto end = run.detail.generations.end();
    for (const store::PointRow& point : series.points) {
        const auto step = static_cast<double>(point.step);
        double boundary = -1;
        for (; record != end && record->lastStep && static_cast<double>(*record->lastStep) < step; ++record)
            boundary = static_cast<double>(*record->lastStep);
        if (boundary >= 0 && !trace.x.empty() && trace.x.back() < boundary + 0.5) {
            trace.x.push_back(boundary + 0.5);
            trace.y.push_back(kNaN);
        }
        trace.x.push_back(step);
        trace.y.push_back(std::isfinite(point.value) ? point.value : kNaN);
    }
    return trace;
}

std::vector<double> beginnings(const ComparedRun& run)
{
    std::vector<double> steps;
    for (const events::GenerationRecord& record : run.detail.generations)
        steps.push_back(static_cast<double>(record.firstStep) + 0.5);
    return steps;
}

bool holds(const std::string& series)
{
    return series == kGap;
}

bool isInCatalogue(const std::string& name)
{
    return findSeries(name) != nullptr;
}

/// What other programs measured under names of their own, by name. Gradus' own runs have series that are no curves.
QVector<QString> foreignNames(const ComparedData& data, int& leftOut)
{
    std::set<std::string> names;
    for (const ComparedRun& run : data.runs)
        if (spec::isImported(run.detail.specToml))
            for (const store::SeriesPoints& series : run.series)
                if (!series.points.empty() && !isInCatalogue(series.name)) names.insert(series.name);
    QVector<QString> all;
    for (const std::string& name : names) {
        if (all.size() == kMostForeignSeries) break;
        all.append(QString::fromStdString(name));
    }
    leftOut = static_cast<int>(names.size()) - static_cast<int>(all.size());
    return all;
}

QVector<QString> seriesNames(const ComparedData& data)
{
    QVector<QString> names;
    for (const SeriesInfo& info : seriesCatalogue()) {
        const std::string name = info.name;
        if (std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut)) continue;
        const bool present = std::any_of(data.runs.begin(), data.runs.end(), [&](const ComparedRun& run) {
            const store::SeriesPoints* points = run.find(name);
            return points != nullptr && !points->points.empty();
        });
        if (present) names.append(QString::fromLatin1(info.name));
    }
    return names;
}

struct SeedTrace
{
    std::int64_t seed = 0;
    Trace trace;
};

QVector<SeedTrace> tracesOf(const ComparedData& data, int group, const std::string& series, const CurveOptions& options)
{
    QVector<SeedTrace> traces;
    for (const std::size_t index : data.grouping.groups[static_cast<std::size_t>(group)].runs) {
        Trace trace = traceOf(data.runs[index], series, options);
        if (!trace.x.empty()) traces.append({data.runs[index].detail.run.seed, std::move(trace)});
    }
    return traces;
}

std::vector<Trace> onlyTraces(const QVector<SeedTrace>& traces)
{
    std::vector<Trace> all;
    for (const SeedTrace& one : traces)
        all.push_back(one.trace);
    return all;
}

/// By seed where each run of the smaller group has its like, as the table's differences pair.
compare::OverRuns differenceCurve(const QVector<SeedTrace>& group, const QVector<SeedTrace>& baseline,
                                  const compare::OverRunsOptions& options, QVector<Trace>& lines)
{
    for (const SeedTrace& one : group)
        for (const SeedTrace& other : baseline)
            if (one.seed == other.seed) lines.append(compare::difference(one.trace, other.trace, options.between));
    if (lines.size() >= std::min(group.size(), baseline.size()))
        return compare::overRuns(std::vector<Trace>(lines.begin(), lines.end()), options);
    lines.clear();
    return compare::unpairedDifference(onlyTraces(group), onlyTraces(baseline), options);
}

/// against: the group that each is held against; empty where values are shown.
SeriesCurves curvesOf(const ComparedData& data, const QString& name, const CurveOptions& options,
                      const std::vector<std::size_t>& against)
{
    const std::string series = name.toStdString();
    SeriesCurves curves{name, holds(series), {}};
    compare::OverRunsOptions over{.between = curves.holds ? compare::Between::Hold : compare::Between::Line,
                                  .centre = options.centre,
                                  .band = options.band};
    if (!compare::fits(over.band, over.centre)) over.band = compare::Band::Bootstrap;
    const bool subtract = !against.empty();
    std::map<int, QVector<SeedTrace>> bases; // by group: many are held against one
    for (int group = 0; group < static_cast<int>(data.grouping.groups.size()); ++group) {
        const compare::RunGroup& members = data.grouping.groups[static_cast<std::size_t>(group)];
        const int minus = subtract ? static_cast<int>(against[static_cast<std::size_t>(group)]) : -1;
        if (group == minus) continue; // it is the zero line
        const QVector<SeedTrace> traces = tracesOf(data, group, series, options);
        if (traces.isEmpty()) continue;
        GroupCurve curve{group, minus, {}, {}, {}, static_cast<int>(members.runs.size())};
        if (subtract) {
            const auto base = bases.find(minus);
            const QVector<SeedTrace>& subtracted =
                base != bases.end() ? base->second : (bases[minus] = tracesOf(data, minus, series, options));
            if (subtracted.isEmpty()) continue;
            curve.curve = differenceCurve(traces, subtracted, over, curve.runs);
        } else {
            for (const SeedTrace& one : traces)
                curve.runs.append(one.trace);
            curve.curve = compare::overRuns(onlyTraces(traces), over);
        }
        const ComparedRun& first = data.runs[members.runs.front()];
        for (const events::GenerationRecord& record : first.detail.generations)
            if (record.lastStep)
                curve.ends.append(alignedX(first, static_cast<double>(*record.lastStep), options.alignment));
        curves.groups.append(std::move(curve));
    }
    return curves;
}

QVector<double> sharedBoundaries(const ComparedData& data, Alignment alignment)
{
    QVector<double> shared;
    for (std::size_t i = 0; i < data.runs.size(); ++i) {
        QVector<double> mine;
        for (const events::GenerationRecord& record : data.runs[i].detail.generations)
            if (!record.rolledBack)
                mine.append(alignedX(data.runs[i], static_cast<double>(record.firstStep), alignment));
        const qsizetype common = std::min(mine.size(), shared.size());
        if (i > 0 && !std::equal(mine.begin(), mine.begin() + common, shared.begin())) return {};
        if (mine.size() > shared.size()) shared = mine;
    }
    return shared;
}

} // namespace

double alignedX(const ComparedRun& run, double step, Alignment alignment)
{
    switch (alignment) {
    case Alignment::Step:
        return step;
    case Alignment::ShareOfRun: {
        const double last = lastStepOf(run);
        const double done = run.detail.run.progress > 0 ? run.detail.run.progress : 1;
        return last > 0 ? 100 * step / last * done : 0;
    }
    case Alignment::Generation:
        for (const events::GenerationRecord& record : run.detail.generations) {
            const double first = static_cast<double>(record.firstStep);
            const double last = endOf(record, run);
            if (step <= last || &record == &run.detail.generations.back())
                return record.generation + (last > first ? std::clamp((step - first) / (last - first), 0.0, 1.0) : 0);
        }
        return 1;
    }
    return step;
}

double stepOf(const ComparedRun& run, double x, Alignment alignment)
{
    switch (alignment) {
    case Alignment::Step:
        return x;
    case Alignment::ShareOfRun: {
        const double whole = alignedX(run, lastStepOf(run), alignment);
        return whole > 0 ? x / whole * lastStepOf(run) : 0;
    }
    case Alignment::Generation:
        for (const events::GenerationRecord& record : run.detail.generations) {
            if (x > record.generation + 1 && &record != &run.detail.generations.back()) continue;
            const double first = static_cast<double>(record.firstStep);
            return first + std::clamp(x - record.generation, 0.0, 1.0) * (endOf(record, run) - first);
        }
        return 0;
    }
    return x;
}

int generationOf(const ComparedRun& run, double step)
{
    for (const events::GenerationRecord& record : run.detail.generations)
        if (!record.lastStep || static_cast<double>(*record.lastStep) >= step) return record.generation;
    return run.detail.generations.empty() ? 1 : run.detail.generations.back().generation;
}

namespace {

/// Begins anew at each of the restarts, so that nothing smears from one generation into the next.
void smooth(Trace& trace, const std::vector<double>& restarts, const Smoothing& smoothing)
{
    if (trace.x.empty()) return;
    const std::span<const double> x(trace.x);
    const std::span<double> y(trace.y);
    for (std::size_t begin = 0; begin < x.size();) {
        const auto next = std::upper_bound(restarts.begin(), restarts.end(), x[begin]);
        const auto end = next == restarts.end() ? x.end() : std::lower_bound(x.begin(), x.end(), *next);
        const std::size_t length = static_cast<std::size_t>(end - x.begin()) - begin;
        viewmodels::smooth(x.subspan(begin, length), y.subspan(begin, length), smoothing, x.back() - x.front());
        begin += length;
    }
}

} // namespace

Trace traceOf(const ComparedRun& run, const std::string& series, const CurveOptions& options)
{
    const store::SeriesPoints* points = run.find(series);
    Trace trace = series == kGap ? gapTrace(run) : points != nullptr ? pointTrace(run, *points) : Trace();
    if (!holds(series)) smooth(trace, beginnings(run), options.smoothing);
    if (options.alignment == Alignment::Step) return trace;
    Trace aligned;
    for (std::size_t i = 0; i < trace.x.size(); ++i) {
        const double x = alignedX(run, trace.x[i], options.alignment);
        if (!aligned.x.empty() && x <= aligned.x.back()) continue; // the gap behind a generation's end
        aligned.x.push_back(x);
        aligned.y.push_back(trace.y[i]);
    }
    return aligned;
}

std::vector<std::size_t> heldAgainst(const ComparedData& data, const CurveOptions& options)
{
    const auto baseline = static_cast<std::size_t>(options.baseline);
    if (options.baseline < 0 || baseline >= data.grouping.groups.size()) return {};
    return compare::baselinesOf(data.runs, data.grouping, baseline).against;
}

std::vector<std::size_t> subtracted(const ComparedData& data, const CurveOptions& options)
{
    return options.difference ? heldAgainst(data, options) : std::vector<std::size_t>();
}

QVector<int> baselinesAmong(const std::vector<std::size_t>& against)
{
    const std::set<std::size_t> each(against.begin(), against.end());
    return QVector<int>(each.begin(), each.end());
}

ComparedCurves comparedCurves(const ComparedData& data, const CurveOptions& options)
{
    ComparedCurves curves;
    std::vector<std::size_t> against = heldAgainst(data, options);
    curves.oneBaseline = baselinesAmong(against).size() == 1;
    if (!options.difference) against.clear();
    curves.baselines = baselinesAmong(against);
    for (const QString& name : seriesNames(data) + foreignNames(data, curves.seriesLeftOut))
        curves.series.append(curvesOf(data, name, options, against));
    for (const SeriesCurves& series : std::as_const(curves.series))
        for (const GroupCurve& group : series.groups)
            if (!group.curve.x.empty()) curves.lastX = std::max(curves.lastX, group.curve.x.back());
    curves.boundaries = sharedBoundaries(data, options.alignment);
    return curves;
}

} // namespace gradus::viewmodels
