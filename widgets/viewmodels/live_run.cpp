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
    case events::StageKind::Gate:
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
    const bool isOtherStart = !m_detail || m_detail->run.startedAt != detail.run.startedAt;
    m_detail = detail;
    m_commands = store::commandLog(detail.events);
    m_isHeld = store::isHeld(detail.events);
    if (isOtherStart) rebuildClock();
}

bool LiveRun::isAlive() const
{
    if (!m_detail) return false;
    const store::RunState state = m_detail->run.state;
    return state == store::RunState::Running || state == store::RunState::Preparing ||
           state == store::RunState::Stopping;
}

bool LiveRun::isHeld() const
{
    return isAlive() && m_isHeld;
}

void LiveRun::append(const PointBatch& batch)
{
    if (batch.fromStart) {
        m_series.clear();
        m_lastStep = -1;
    }
    bool isForward = !batch.fromStart;
    for (const store::SeriesPoints& arrived : batch.series)
        isForward = add(arrived) && isForward;
    if (isForward)
        advanceClock(batch);
    else
        rebuildClock();
}

bool LiveRun::add(const store::SeriesPoints& arrived)
{
    Series& series = m_series[arrived.name];
    Points& points = series.points;
    bool isForward = true;
    for (const store::PointRow& point : arrived.points) {
        // A resumed run repeats its last steps: the repeated value replaces the old one.
        while (!points.empty() && points.back().step >= point.step) {
            points.pop_back();
            isForward = false;
        }
        if (!isForward) series.extremes.truncate(points.size());
        points.push_back(point);
        m_lastStep = std::max(m_lastStep, point.step);
    }
    series.extremes.grow(points.size(), [&points](std::size_t i) { return points[i].value; });
    return isForward;
}

bool LiveRun::has(const std::string& series) const
{
    return find(series) != nullptr;
}

std::vector<std::string> LiveRun::seriesNames() const
{
    std::vector<std::string> names;
    for (const auto& [name, series] : m_series)
        names.push_back(name);
    return names;
}

std::size_t LiveRun::pointCount(const std::string& series) const
{
    const Points* points = find(series);
    return points != nullptr ? points->size() : 0;
}

std::size_t LiveRun::pointCount() const
{
    std::size_t count = 0;
    for (const auto& [name, series] : m_series)
        count += series.points.size();
    return count;
}

const LiveRun::Series* LiveRun::findSeries(const std::string& series) const
{
    const auto found = m_series.find(series);
    return found == m_series.end() || found->second.points.empty() ? nullptr : &found->second;
}

const LiveRun::Points* LiveRun::find(const std::string& series) const
{
    const Series* found = findSeries(series);
    return found == nullptr ? nullptr : &found->points;
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

void LiveRun::tick(double step, double wall)
{
    if (m_clock.empty() || (step > m_clock.back().first && wall > m_clock.back().second))
        m_clock.emplace_back(step, wall);
}

// The densest series has the finest clock; begin and end of stages reach beyond its first and last point.
void LiveRun::rebuildClock()
{
    const Points* densest = nullptr;
    for (const auto& [name, series] : m_series)
        if (densest == nullptr || series.points.size() > densest->size()) densest = &series.points;
    m_clock.clear();
    m_startWall = m_detail && m_detail->run.startedAt ? *m_detail->run.startedAt : 0;
    if (densest != nullptr && !densest->empty() && m_startWall <= 0) m_startWall = densest->front().wall;
    if (m_startWall > 0) m_clock.emplace_back(0.0, m_startWall);
    if (densest != nullptr)
        for (const store::PointRow& point : *densest)
            tick(static_cast<double>(point.step), point.wall);
    for (const auto& [name, series] : m_series)
        if (!series.points.empty()) tick(static_cast<double>(series.points.back().step), series.points.back().wall);
}

// Every point that goes on where the clock ends is a tick. A series that came later and has many more points than the
// clock has ticks makes it anew; each time at twice the size, so that this stays rare.
void LiveRun::advanceClock(const PointBatch& batch)
{
    constexpr std::size_t kFew = 64;
    for (const store::SeriesPoints& arrived : batch.series)
        if (m_series[arrived.name].points.size() > 2 * m_clock.size() + kFew) return rebuildClock();
    if (m_clock.empty()) return rebuildClock();
    const store::SeriesPoints* densest = nullptr;
    for (const store::SeriesPoints& arrived : batch.series)
        if (densest == nullptr || arrived.points.size() > densest->points.size()) densest = &arrived;
    if (densest == nullptr) return;
    for (const store::PointRow& point : densest->points)
        tick(static_cast<double>(point.step), point.wall);
    for (const store::SeriesPoints& arrived : batch.series)
        if (!arrived.points.empty()) tick(static_cast<double>(arrived.points.back().step), arrived.points.back().wall);
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

double LiveRun::secondsOf(double wall) const
{
    return std::max(0.0, wall - m_startWall);
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
    const Series* found = findSeries(series);
    if (found == nullptr) return line;
    const Points& points = found->points;
    auto begin = std::lower_bound(points.begin(), points.end(), firstStep, beforeStep) - points.begin();
    auto end = std::lower_bound(points.begin() + begin, points.end(), lastStep + 0.5, beforeStep) - points.begin();
    begin = std::max<std::ptrdiff_t>(begin - 1, 0);
    end = std::min(end + 1, static_cast<std::ptrdiff_t>(points.size()));
    const auto add = [&](std::ptrdiff_t i) {
        const store::PointRow& point = points[static_cast<std::size_t>(i)];
        line.x.append(xOf(static_cast<double>(point.step), axis));
        line.y.append(std::isfinite(point.value) ? point.value : kNan);
    };
    const auto generationOf = [&](std::ptrdiff_t i) {
        return generationAt(static_cast<double>(points[static_cast<std::size_t>(i)].step));
    };
    const std::ptrdiff_t stride =
        columns > 0 && end - begin > std::ptrdiff_t{4} * columns ? (end - begin) / columns : 1;
    int generation = 0;
    for (std::ptrdiff_t at = begin; at < end;) {
        const int here = generationOf(at);
        if (generation != 0 && here != generation) {
            line.x.append(line.x.last());
            line.y.append(kNan);
        }
        generation = here;
        std::ptrdiff_t last = at + std::min(stride, end - at);
        if (stride > 1)
            while (last - at > 1 && generationOf(last - 1) != here)
                --last;
        const auto extremes = found->extremes.find(static_cast<std::size_t>(at), static_cast<std::size_t>(last),
                                                   [&points](std::size_t i) { return points[i].value; });
        // A column with a NaN in it keeps its gap.
        std::ptrdiff_t order[] = {extremes.low, extremes.high, extremes.gap};
        std::sort(std::begin(order), std::end(order));
        std::ptrdiff_t before = -1;
        for (const std::ptrdiff_t i : order)
            if (i >= 0 && i != before) add(before = i);
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
                         .begunAt = row.begunAt > 0 ? std::optional(row.begunAt) : std::nullopt,
                         .endedAt = row.endedAt,
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
