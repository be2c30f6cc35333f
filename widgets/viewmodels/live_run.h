// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the Live page knows of the run it shows: points, stages and generations, and how they lie on the x axis.
#pragma once

#include "common/extremes.h"
#include "store/command_log.h"
#include "store/records.h"
#include "store/vote_count.h"
#include "viewmodels/store_watcher.h"

#include <QString>
#include <QVector>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

enum class XAxis
{
    Step,     ///< the run's global training step
    WallTime, ///< seconds since the run started, pauses included
};

/// A polyline fit for drawing; a NaN in y is a gap. Points of two generations are never joined.
struct Polyline
{
    QVector<double> x;
    QVector<double> y;
};

/// An interval band: low and high at the same x, NaN where there is none.
struct BandLine
{
    QVector<double> x;
    QVector<double> low;
    QVector<double> high;
};

/// One stage of one generation on the time line.
struct StageBand
{
    int generation = 1;
    int stage = 1; ///< 1 competence, 2 discovery, 3 alignment
    events::StageState state = events::StageState::Running;
    bool planned = false; ///< still ahead: the place is an estimate
    double firstStep = 0;
    double lastStep = 0;                ///< equals firstStep for a skipped stage
    std::optional<double> begunAt = {}; ///< wall seconds; none of what is ahead
    std::optional<double> endedAt = {};
    QString note; ///< why it was skipped; untrusted text made visible
};

/// Plain data and lookups, no signals. GUI thread.
class LiveRun final
{
public:
    void clear();
    void setDetail(const store::RunDetail& detail);
    /// Costs the batch, not the points that are there already; a batch that repeats steps costs all of them.
    void append(const PointBatch& batch);
    void setVotes(const QVector<store::VoteCount>& votes) { m_votes = votes; }
    const QVector<store::VoteCount>& votes() const { return m_votes; } ///< by generation

    bool hasRun() const { return m_detail.has_value(); }
    const store::RunDetail& detail() const { return *m_detail; } ///< only when hasRun()
    /// What was asked of it and what became of that, in the order in which it was asked.
    const std::vector<store::AskedCommand>& commands() const { return m_commands; }
    bool isAlive() const; ///< a process works on it, or holds it
    bool isHeld() const;  ///< it was paused, and its process waits
    bool hasPoints() const { return m_lastStep >= 0; }
    std::int64_t lastStep() const { return m_lastStep; } ///< newest step of any series; -1 without points
    bool has(const std::string& series) const;
    std::vector<std::string> seriesNames() const; ///< in alphabetical order
    std::size_t pointCount() const;
    std::size_t pointCount(const std::string& series) const; ///< 0 where there is none

    /// The series' last value at or before step, in step's own generation; nothing when there is none.
    std::optional<double> valueAt(const std::string& series, double step) const;
    /// Half the width of the 95 % interval there, from series/ci_low and series/ci_high.
    std::optional<double> halfWidthAt(const std::string& series, double step) const;
    std::optional<double> newest(const std::string& series) const;

    /// 1-based generation that a step belongs to: the boundary step is the last one of the generation before.
    int generationAt(double step) const;
    const events::GenerationRecord* generation(int index) const; ///< null when it has not begun
    /// Where a generation lies in steps; the one in work ends at the newest step.
    double firstStepOf(const events::GenerationRecord& record) const { return static_cast<double>(record.firstStep); }
    double lastStepOf(const events::GenerationRecord& record) const;

    double xOf(double step, XAxis axis) const;
    double stepAt(double x, XAxis axis) const;
    double secondsOf(double wall) const; ///< on the wall-time axis

    /// At most about 2 * columns points over [firstStep, lastStep] (the extremes of every column are kept), and the
    /// neighbours just outside so that lines run to the edge. columns <= 0: every point.
    Polyline line(const std::string& series, XAxis axis, double firstStep, double lastStep, int columns) const;
    BandLine band(const std::string& series, XAxis axis) const;

    /// Stages begun so far, and those ahead at the length of the finished ones, in order.
    std::vector<StageBand> stageBands() const;
    /// The step where the whole run will be done, by its plan so far; the newest step when it is finished.
    double expectedLastStep() const;

private:
    /// What a generation measured once holds over all of it: gap, ceiling, PGR.
    std::optional<Estimate> ofGeneration(const std::string& series, double step) const;
    using Points = std::vector<store::PointRow>;
    struct Series
    {
        Points points;
        common::Extremes extremes; ///< of their values: drawing ten million points walks none of them
    };
    const Series* findSeries(const std::string& series) const;
    const Points* find(const std::string& series) const;
    bool add(const store::SeriesPoints& arrived); ///< false: steps were repeated
    void rebuildClock();
    void advanceClock(const PointBatch& batch);
    void tick(double step, double wall);

    std::optional<store::RunDetail> m_detail;
    std::vector<store::AskedCommand> m_commands;
    bool m_isHeld = false;
    std::map<std::string, Series, std::less<>> m_series;
    QVector<store::VoteCount> m_votes;
    std::int64_t m_lastStep = -1;
    double m_startWall = 0;
    // Step -> wall seconds, both increasing: what the wall-time axis interpolates in.
    std::vector<std::pair<double, double>> m_clock;
};

} // namespace gradus::viewmodels
