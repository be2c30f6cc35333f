// SPDX-License-Identifier: GPL-3.0-or-later
#include "imports/plan.h"

#include "base/hash.h"
#include "base/text.h"
#include "imports/run_names.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

namespace gradus::imports {

namespace {

constexpr double kLargestStep = 9e15; ///< whole numbers are exact in a double up to here
constexpr std::size_t kPreview = 60;

/// UUIDs of imported runs say so: version 8, made of what names the run at its source.
std::string uuidOf(const std::string& text)
{
    std::string hex = sha256(text).substr(0, 32);
    hex[12] = '8';
    hex[16] = "89ab"[hex[16] % 4];
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

const ForeignSeries* find(const ForeignRun& run, const std::string& name)
{
    const auto found =
        std::find_if(run.series.begin(), run.series.end(), [&](const ForeignSeries& s) { return s.name == name; });
    return found == run.series.end() ? nullptr : &*found;
}

/// Maps the steps of one run.
class Axis
{
public:
    Axis(const ForeignSource& source, const MappingOptions& options) : m_source(source), m_options(options) {}

    bool isOwn() const { return m_options.step.empty() || m_options.step == m_source.stepName; }

    /// Reads the axis of the run; must come before stepOf.
    Result<void> use(const ForeignRun& run)
    {
        m_values.clear();
        if (isOwn()) return {};
        const ForeignSeries* axis = find(run, m_options.step);
        if (axis == nullptr)
            return badInput("Run " + visible(run.name, 60) + " has no series \"" + visible(m_options.step, 60) +
                            "\" to be the step axis; it has " + namesOf(run) + ".");
        double last = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < axis->points.size(); ++i) {
            const double value = axis->points[i].value;
            if (!std::isfinite(value) || std::abs(value / m_options.perStep) > kLargestStep)
                return refuse(run, i, "is no number of a step");
            if (value < last) return refuse(run, i, "goes back from " + numberText(last) + " to " + numberText(value));
            last = value;
            m_values[axis->points[i].step] = value;
        }
        return {};
    }

    /// Nothing where the axis has no value.
    std::optional<std::int64_t> stepOf(std::int64_t step) const
    {
        double value = static_cast<double>(step);
        if (!isOwn()) {
            const auto found = m_values.find(step);
            if (found == m_values.end()) return std::nullopt;
            value = found->second;
        }
        // A quotient that is whole but for rounding is whole.
        return static_cast<std::int64_t>(std::floor(value / m_options.perStep + 1e-9)) + m_options.startsAt;
    }

private:
    std::string namesOf(const ForeignRun& run) const
    {
        std::string names = "\"" + m_source.stepName + "\"";
        for (std::size_t i = 0; i < std::min<std::size_t>(run.series.size(), 8); ++i)
            names += ", \"" + visible(run.series[i].name, 40) + "\"";
        return names + (run.series.size() > 8 ? ", …" : "");
    }

    Error refuse(const ForeignRun& run, std::size_t index, const std::string& what) const
    {
        return badInput("The step axis \"" + visible(m_options.step, 60) + "\" of run " + visible(run.name, 60) + " " +
                        what + " at its value " + std::to_string(index + 1) + "; choose another axis.");
    }

    const ForeignSource& m_source;
    const MappingOptions& m_options;
    std::unordered_map<std::int64_t, double> m_values;
};

/// Sorted, one point a step: the value that was written last counts.
std::int64_t makeIncreasing(std::vector<store::PointRow>& points)
{
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
    std::vector<store::PointRow> kept;
    kept.reserve(points.size());
    for (const store::PointRow& point : points) {
        if (!kept.empty() && kept.back().step == point.step)
            kept.back() = point;
        else
            kept.push_back(point);
    }
    const auto repeated = static_cast<std::int64_t>(points.size() - kept.size());
    points = std::move(kept);
    return repeated;
}

std::vector<double> previewOf(const std::vector<store::PointRow>& points)
{
    std::vector<double> values;
    const std::size_t count = std::min(kPreview, points.size());
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(points[count == 1 ? 0 : i * (points.size() - 1) / (count - 1)].value);
    return values;
}

/// Plans all runs of a source.
class Planner
{
public:
    Planner(const ForeignSource& source, const MappingOptions& options)
        : m_source(source), m_options(options), m_axis(source, options)
    {
    }

    Result<ImportPlan> plan(const std::string& file)
    {
        if (!(m_options.perStep > 0) || !std::isfinite(m_options.perStep))
            return badInput("So much of the axis as is one step must be a number above 0.");
        m_plan.format = m_source.format;
        m_plan.file = file;
        m_plan.notes = m_source.notes;
        m_plan.axes = {m_source.stepName};
        if (auto done = nameSeries(); !done) return done.error();
        for (const ForeignRun& run : m_source.runs)
            if (auto done = add(run); !done) return done.error();
        nameRuns(m_plan.runs);
        for (const PlannedSeries& series : m_plan.series)
            if (series.offAxis > 0)
                m_plan.notes.push_back(std::to_string(series.offAxis) + " values of " + visible(series.source, 60) +
                                       " have no value of the step axis and are left out.");
        if (m_plan.points() == 0)
            return badInput(visible(file, 400) + " leaves no point to import with this step axis and these names.");
        m_plan.axis = axisSentence();
        return std::move(m_plan);
    }

private:
    Result<void> nameSeries()
    {
        std::set<std::string> known;
        std::map<std::string, std::string> taken;
        for (const ForeignRun& run : m_source.runs)
            for (const ForeignSeries& series : run.series) {
                if (!known.insert(series.name).second) continue;
                m_plan.axes.push_back(series.name);
                if (series.name == m_options.step) continue;
                const auto given = m_options.names.find(series.name);
                const std::string becomes = given == m_options.names.end() ? ourName(series.name)
                                            : given->second.empty()        ? std::string{}
                                                                           : safeName(given->second);
                const auto [other, isNew] = taken.emplace(becomes, series.name);
                if (!isNew && !becomes.empty())
                    return badInput("Both \"" + visible(other->second, 60) + "\" and \"" + visible(series.name, 60) +
                                    "\" would become " + becomes + "; name one of them with --map.");
                m_places[series.name] = m_plan.series.size();
                m_plan.series.push_back({.source = series.name, .becomes = becomes});
            }
        for (const auto& [name, becomes] : m_options.names)
            if (known.count(name) == 0)
                return badInput("There is no series \"" + visible(name, 60) + "\" to be mapped; the source has " +
                                std::to_string(known.size()) + ", of which \"" +
                                visible(known.empty() ? "" : *known.begin(), 60) + "\" is one.");
        return {};
    }

    Result<void> add(const ForeignRun& run)
    {
        if (auto done = m_axis.use(run); !done) return done;
        PlannedRun planned{.uuid = uuidOf(m_source.format + "\n" + run.project + "\n" + run.key),
                           .experiment = visible(m_options.project.empty() ? run.project : m_options.project, 200),
                           .name = visible(run.name, 200),
                           .parameters = run.parameters,
                           .startedAt = run.startedAt,
                           .endedAt = run.endedAt,
                           .failed = run.failed};
        for (const ForeignSeries& series : run.series) {
            const auto place = m_places.find(series.name);
            if (place == m_places.end()) continue; // the axis
            PlannedSeries& all = m_plan.series[place->second];
            if (all.becomes.empty()) continue;
            auto points = mapped(run, series, all);
            if (!points) return points.error();
            if (points->empty()) continue;
            all.repeated += makeIncreasing(*points);
            all.points += static_cast<std::int64_t>(points->size());
            all.nans += std::count_if(points->begin(), points->end(),
                                      [](const store::PointRow& p) { return std::isnan(p.value); });
            if (all.preview.empty()) all.preview = previewOf(*points);
            planned.origins.emplace_back(all.becomes, series.name);
            planned.series.push_back({all.becomes, std::move(*points)});
        }
        if (!planned.series.empty()) m_plan.runs.push_back(std::move(planned));
        return {};
    }

    Result<std::vector<store::PointRow>> mapped(const ForeignRun& run, const ForeignSeries& series, PlannedSeries& all)
    {
        std::vector<store::PointRow> points;
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        for (const store::PointRow& point : series.points) {
            if (std::abs(static_cast<double>(point.step)) > kLargestStep)
                return badInput("A step of \"" + visible(series.name, 60) + "\" in run " + visible(run.name, 60) +
                                " is beyond 9e15, which no run has; the source is damaged.");
            if (m_axis.isOwn() && !m_source.stepsMayGoBack && point.step < last)
                return badInput("The step axis \"" + m_source.stepName + "\" of run " + visible(run.name, 60) +
                                " goes back from " + std::to_string(last) + " to " + std::to_string(point.step) +
                                "; choose another axis with --step.");
            last = point.step;
            const auto step = m_axis.stepOf(point.step);
            if (!step) {
                ++all.offAxis;
                continue;
            }
            if (m_lastRaw < point.step) {
                m_lastRaw = point.step;
                m_lastStep = *step;
            }
            points.push_back({*step, point.wall, point.value});
        }
        return points;
    }

    std::string axisSentence() const
    {
        return m_source.stepName + " " + std::to_string(m_lastRaw) + " becomes step " + std::to_string(m_lastStep);
    }

    const ForeignSource& m_source;
    const MappingOptions& m_options;
    Axis m_axis;
    ImportPlan m_plan;
    std::map<std::string, std::size_t> m_places; ///< of series in m_plan.series, by their source's name
    std::int64_t m_lastRaw = std::numeric_limits<std::int64_t>::min();
    std::int64_t m_lastStep = 0;
};

} // namespace

std::int64_t ImportPlan::points() const
{
    std::int64_t all = 0;
    for (const PlannedSeries& one : series)
        all += one.points;
    return all;
}

Result<ImportPlan> planImport(const ForeignSource& source, const std::string& file, const MappingOptions& options)
{
    return Planner(source, options).plan(file);
}

std::string sentenceOf(const ImportPlan& plan)
{
    std::size_t series = 0;
    std::int64_t nans = 0;
    std::int64_t repeated = 0;
    for (const PlannedSeries& one : plan.series) {
        series += one.becomes.empty() ? 0 : 1;
        nans += one.nans;
        repeated += one.repeated;
    }
    std::string text = "Dry run: " + counted(plan.runs.size(), "run") + ", " + std::to_string(series) + " series, " +
                       std::to_string(plan.points()) + " points";
    if (nans > 0) text += ", " + std::to_string(nans) + " NaN kept";
    if (repeated > 0) text += ", " + std::to_string(repeated) + " repeated steps of which the last counts";
    return text + ".";
}

} // namespace gradus::imports
