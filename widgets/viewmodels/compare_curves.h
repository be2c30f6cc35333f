// SPDX-License-Identifier: GPL-3.0-or-later
// From compared runs to what the cards of the Compare page draw: a curve a group and series, with the runs behind it.
#pragma once

#include "compare/over_runs.h"
#include "viewmodels/comparison.h"
#include "viewmodels/smoothing.h"

#include <QString>
#include <QVector>

#include <cstddef>
#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// What x means when runs are laid over each other.
enum class Alignment
{
    Step,       ///< the run's global training step
    ShareOfRun, ///< 0..100 % of the run's own last step
    Generation, ///< generation 2.5 is half way through the second
};

struct CurveOptions
{
    compare::Centre centre = compare::Centre::Mean;
    compare::Band band = compare::Band::StudentT;
    Alignment alignment = Alignment::Step;
    Smoothing smoothing;     ///< of every run, anew in each generation; begins with none
    int baseline = 0;        ///< index into the groups; -1: none
    bool difference = false; ///< to compare::baselinesOf this one; of no meaning without one
};

struct GroupCurve
{
    int group = 0;
    int against = -1; ///< the group that was subtracted: the baseline of its own task, line or student; -1: none
    compare::OverRuns curve;
    QVector<compare::Trace> runs; ///< as they went into it, one a run that has the series
    QVector<double> ends;         ///< x of the generations' ends in the group's first run: where markers stand
    int of = 0;                   ///< runs in the group; those without the series are not among `runs`
};

/// One series over all groups.
struct SeriesCurves
{
    QString series; ///< as in the store
    bool holds = false;
    QVector<GroupCurve> groups; ///< those that have it, in the groups' order
};

/// Series of imported runs that are drawn at most: a foreign run may have a million.
inline constexpr int kMostForeignSeries = 40;

struct ComparedCurves
{
    QVector<SeriesCurves> series; ///< in the catalogue's order, then those of imported runs by name
    int seriesLeftOut = 0;        ///< of imported runs, beyond kMostForeignSeries
    double lastX = 0;             ///< the largest x of all
    QVector<int> baselines;       ///< that differences are to, ascending; empty where values are shown
    bool oneBaseline = false;     ///< all groups are held against the same
    QVector<double> boundaries;   ///< x where generations begin, where all runs agree on it; else empty
};

/// The group that each is held against, by the rule of the tables (compare::baselinesOf): one task's, one size's or one
/// line's baseline says nothing of another's. Empty without a baseline.
std::vector<std::size_t> heldAgainst(const ComparedData& data, const CurveOptions& options);
/// The same where differences are shown; empty where values are.
std::vector<std::size_t> subtracted(const ComparedData& data, const CurveOptions& options);
/// Those groups, each once, ascending.
QVector<int> baselinesAmong(const std::vector<std::size_t>& against);

/// Points of two generations are never joined. Pure: made for the pool.
ComparedCurves comparedCurves(const ComparedData& data, const CurveOptions& options);

/// One run's series on the aligned axis, gaps between generations, smoothed. Empty when it has none.
compare::Trace traceOf(const compare::ComparedRun& run, const std::string& series, const CurveOptions& options);
/// The step on that axis.
double alignedX(const compare::ComparedRun& run, double step, Alignment alignment);
/// The step of a run at x of that axis: the inverse of alignedX within the run.
double stepOf(const compare::ComparedRun& run, double x, Alignment alignment);
/// 1-based generation that a step of a run belongs to: the boundary is the last step of the generation before.
int generationOf(const compare::ComparedRun& run, double step);

} // namespace gradus::viewmodels
