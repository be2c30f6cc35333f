// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/live_run.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::viewmodels {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool beforeStep(const store::PointRow& point, double step)
{
    return static_cast<double>(point.step) < step;
}

// NaN sorts first, so that a column with a NaN in it keeps its gap.
bool lessOrNan(double a, double b)
{
    return !std::isnan(b) && (std::isnan(a) || a < b);
}

int stageNumber(events::StageKind kind)
{
    switch (kind) {
    case events::StageKind::Competence:
        return 1;
    case events::StageKind::Discovery:
        return 2;
    case events::StageKind::Alignment:
        return 3;
    case events::StageKind::Gap:
        return 0;
    }
    return 0;
}

} // namespace

void LiveRun::clear()
{
    *this = LiveRun();
}

void LiveRun::setDetail(const store::RunDetail& detail)
{
    m_detail = detail;
    rebuildClock();
}

void LiveRun::append(const PointBatch& batch)
{
    if (batch.fromStart) {
        m_series.clear();
        m_lastStep = -1;
    }
    for (const store::SeriesPoints& arrived : batch.series) {
        Points& points = m_series[arrived.name];
        for (const store::PointRow& point : arrived.points) {
            // A resumed run repeats its last steps: the repeated value replaces the old one.
            while (!points.empty() && points.back().step >= point.step)
                points.pop_back();
            points.push_back(point);
            m_lastStep = std::max(m_lastStep, point.step);
        }
    }
    rebuildClock();
}

bool LiveRun::has(const std::string& series) const
{
    return find(series) != nullptr;
}

std::vector<std::string> LiveRun::seriesNames() const
{
    std::vector<std::string> names;
    for (const auto& [name, points] : m_series)
        names.push_back(name);
    return names;
}

std::size_t LiveRun::pointCount() const
{
    std::size_t count = 0;
    for (const auto& [name, points] : m_series)
        count += points.size();
    return count;
}

const LiveRun::Points* LiveRun::find(const std::string& series) const
{
    const auto found = m_series.find(series);
    return found == m_series.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<Estimate> LiveRun::ofGeneration(const std::string& series, double step) const
{
    const events::GenerationRecord* record = generation(generationAt(step));
    if (record == nullptr) return std::nullopt;
    if (series == "utility/ceiling") return record->ceiling;
    if (series == "pgr" && record->pgrRefusal.empty()) return record->pgr;
    if (series == "gap/delta" && record->gap) return Estimate{*record->gap, kNan, kNan, 1};
    return std::nullopt;
}

std::optional<double> LiveRun::valueAt(const std::string& series, double step) const
{
    if (const std::optional<Estimate> held = ofGeneration(series, step)) return held->value;
    const Points* points = find(series);
    if (points == nullptr) return std::nullopt;
    auto after = std::lower_bound(points->begin(), points->end(), step + 0.5, beforeStep);
    if (after == points->begin()) return std::nullopt;
    const store::PointRow& point = *std::prev(after);
    if (generationAt(static_cast<double>(point.step)) != generationAt(step)) return std::nullopt;
    return point.value;
}

std::optional<double> LiveRun::halfWidthAt(const std::string& series, double step) const
{
    if (const std::optional<Estimate> held = ofGeneration(series, step)) {
        if (!std::isfinite(held->high - held->low)) return std::nullopt;
        return (held->high - held->low) / 2;
    }
    const std::optional<double> low = valueAt(series + "/ci_low", step);
    const std::optional<double> high = valueAt(series + "/ci_high", step);
    if (!low || !high) return std::nullopt;
    return (*high - *low) / 2;
}

std::optional<double> LiveRun::newest(const std::string& series) const
{
    const Points* points = find(series);
    if (points == nullptr) return std::nullopt;
    return points->back().value;
}

int LiveRun::generationAt(double step) const
{
    if (!m_detail || m_detail->generations.empty()) return 1;
    for (const events::GenerationRecord& record : m_detail->generations)
        if (!record.lastStep || static_cast<double>(*record.lastStep) >= step) return record.generation;
    return m_detail->generations.back().generation;
}

const events::GenerationRecord* LiveRun::generation(int index) const
{
    if (!m_detail) return nullptr;
    for (const events::GenerationRecord& record : m_detail->generations)
        if (record.generation == index) return &record;
    return nullptr;
}

double LiveRun::lastStepOf(const events::GenerationRecord& record) const
{
    if (record.lastStep) return static_cast<double>(*record.lastStep);
    return static_cast<double>(std::max(m_lastStep, record.firstStep));
}

// The densest series has the finest clock; begin and end of stages reach beyond its first and last point.
void LiveRun::rebuildClock()
{
    const Points* densest = nullptr;
    for (const auto& [name, points] : m_series)
        if (densest == nullptr || points.size() > densest->size()) densest = &points;
    m_clock.clear();
    m_startWall = m_detail && m_detail->run.startedAt ? *m_detail->run.startedAt : 0;
    if (densest != nullptr && !densest->empty() && m_startWall <= 0) m_startWall = densest->front().wall;
    if (m_startWall > 0) m_clock.emplace_back(0.0, m_startWall);
    const auto add = [&](double step, double wall) {
        if (m_clock.empty() || (step > m_clock.back().first && wall > m_clock.back().second))
            m_clock.emplace_back(step, wall);
    };
    if (densest != nullptr)
        for (const store::PointRow& point : *densest)
            add(static_cast<double>(point.step), point.wall);
    for (const auto& [name, points] : m_series)
        if (!points.empty()) add(static_cast<double>(points.back().step), points.back().wall);
}

double LiveRun::xOf(double step, XAxis axis) const
{
    if (axis == XAxis::Step) return step;
    if (m_clock.empty()) return 0;
    const auto after = std::lower_bound(m_clock.begin(), m_clock.end(), step,
                                        [](const auto& entry, double value) { return entry.first < value; });
    if (after == m_clock.begin()) return after->second - m_startWall;
    if (after == m_clock.end()) return m_clock.back().second - m_startWall;
    const auto before = std::prev(after);
    const double share = (step - before->first) / (after->first - before->first);
    return before->second + share * (after->second - before->second) - m_startWall;
}

double LiveRun::stepAt(double x, XAxis axis) const
{
    if (axis == XAxis::Step) return x;
    if (m_clock.empty()) return 0;
    const double wall = x + m_startWall;
    const auto after = std::lower_bound(m_clock.begin(), m_clock.end(), wall,
                                        [](const auto& entry, double value) { return entry.second < value; });
    if (after == m_clock.begin()) return after->first;
    if (after == m_clock.end()) return m_clock.back().first;
    const auto before = std::prev(after);
    const double share = (wall - before->second) / (after->second - before->second);
    return before->first + share * (after->first - before->first);
}

Polyline LiveRun::line(const std::string& series, XAxis axis, double firstStep, double lastStep, int columns) const
{
    Polyline line;
    const Points* points = find(series);
    if (points == nullptr) return line;
    auto begin = std::lower_bound(points->begin(), points->end(), firstStep, beforeStep);
    auto end = std::lower_bound(begin, points->end(), lastStep + 0.5, beforeStep);
    if (begin != points->begin()) --begin;
    if (end != points->end()) ++end;
    const auto add = [&](const store::PointRow& point) {
        line.x.append(xOf(static_cast<double>(point.step), axis));
        line.y.append(std::isfinite(point.value) ? point.value : kNan);
    };
    const auto count = static_cast<std::size_t>(end - begin);
    const std::size_t stride =
        columns > 0 && count > 4 * static_cast<std::size_t>(columns) ? count / static_cast<std::size_t>(columns) : 1;
    int generation = 0;
    for (auto at = begin; at < end;) {
        const int here = generationAt(static_cast<double>(at->step));
        if (generation != 0 && here != generation) {
            line.x.append(line.x.last());
            line.y.append(kNan);
        }
        generation = here;
        auto last = at + std::min(static_cast<std::ptrdiff_t>(stride), end - at);
        if (stride > 1)
            while (last - at > 1 && generationAt(static_cast<double>(std::prev(last)->step)) != here)
                --last;
        const auto [low, high] =
            std::minmax_element(at, last, [](const auto& a, const auto& b) { return lessOrNan(a.value, b.value); });
        add(low < high ? *low : *high);
        if (low != high) add(low < high ? *high : *low);
        at = last;
    }
    return line;
}

BandLine LiveRun::band(const std::string& series, XAxis axis) const
{
    BandLine band;
    const Points* low = find(series + "/ci_low");
    const Points* high = find(series + "/ci_high");
    if (low == nullptr || high == nullptr) return band;
    int generation = 0;
    auto upper = high->begin();
    for (const store::PointRow& point : *low) {
        while (upper != high->end() && upper->step < point.step)
            ++upper;
        if (upper == high->end()) break;
        if (upper->step != point.step) continue;
        const int here = generationAt(static_cast<double>(point.step));
        if (generation != 0 && here != generation) {
            band.x.append(band.x.last());
            band.low.append(kNan);
            band.high.append(kNan);
        }
        generation = here;
        band.x.append(xOf(static_cast<double>(point.step), axis));
        band.low.append(point.value);
        band.high.append(upper->value);
    }
    return band;
}

double LiveRun::expectedLastStep() const
{
    const std::vector<StageBand> bands = stageBands();
    double last = std::max<double>(0, static_cast<double>(m_lastStep));
    for (const StageBand& band : bands)
        last = std::max(last, band.lastStep);
    return last;
}

std::vector<StageBand> LiveRun::stageBands() const
{
    std::vector<StageBand> bands;
    if (!m_detail) return bands;
    double longest = 0;
    for (const store::StageRow& row : m_detail->stages) {
        const int stage = stageNumber(row.kind);
        if (stage == 0) continue;
        const bool running = row.state == events::StageState::Running;
        const double first = static_cast<double>(row.firstStep);
        const double last = static_cast<double>(running ? std::max(m_lastStep, row.firstStep) : row.lastStep);
        bands.push_back({.generation = row.generation,
                         .stage = stage,
                         .state = row.state,
                         .planned = false,
                         .firstStep = first,
                         .lastStep = std::max(first, last),
                         .note = QString::fromStdString(visible(row.note))});
        if (!running) longest = std::max(longest, last - first);
    }
    const store::RunRow& run = m_detail->run;
    const bool over = run.state == store::RunState::Finished || run.state == store::RunState::Failed;
    if (over || run.generations < 1) return bands;
    double end = bands.empty() ? 0 : bands.back().lastStep;
    int begun = m_detail->generations.empty() ? 0 : m_detail->generations.back().generation;
    // Before the first generation is done its length is guessed from the share of the run that is done.
    if (longest <= 0 && run.progress > 0.01 && m_lastStep > 0)
        longest = static_cast<double>(m_lastStep) / run.progress / run.generations;
    if (longest <= 0) return bands;
    if (begun > 0 && !bands.empty() && bands.back().stage == 1 && bands.back().state == events::StageState::Running) {
        const double planned = bands.back().firstStep + longest;
        if (planned > end)
            bands.push_back({.generation = begun,
                             .stage = 1,
                             .state = events::StageState::Running,
                             .planned = true,
                             .firstStep = end,
                             .lastStep = planned,
                             .note = {}});
        end = std::max(end, planned);
    }
    for (int generation = begun + 1; generation <= std::min(run.generations, 1000); ++generation) {
        bands.push_back({.generation = generation,
                         .stage = 1,
                         .state = events::StageState::Running,
                         .planned = true,
                         .firstStep = end,
                         .lastStep = end + longest,
                         .note = {}});
        end += longest;
    }
    return bands;
}

} // namespace gradus::viewmodels
