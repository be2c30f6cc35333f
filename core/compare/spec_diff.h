// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between the configurations of groups: key by key, drawn curves by area, and what they ran on. Pure.
#pragma once

#include "compare/run_groups.h"
#include "schedule/curve.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

/// One key of the configuration over all groups.
struct DiffRow
{
    std::string section;             ///< "gap", "signals"
    std::string key;                 ///< "gap.controller", "signals.source[0].rate"
    std::vector<std::string> values; ///< one a group, as TOML text; empty: the group has no such key
    std::vector<std::string> brief;  ///< one a group: a drawn curve in a few words, anything else as in values
    bool differs = false;            ///< by type and text: 1, 1.0 and "1" are three values
};

/// Every key but the seeds, in the canonical order; a list of sources is spread into one row a field that any of them
/// sets. Groups whose configuration cannot be read have no value anywhere.
std::vector<DiffRow> specDiff(const std::vector<ComparedRun>& runs, const Grouping& grouping);

/// Keys that differ though no sweep of the runs' experiments varied them: conclusions about the sweep are confounded.
/// A key is swept where the runs of one experiment have different values for it.
std::vector<std::string> confounds(const std::vector<ComparedRun>& runs, const Grouping& grouping);

/// A key whose value is drawn over the run ("gap.curve", "signals.source[name].weight").
struct DrawnTrack
{
    std::string name;
    double least = 0; ///< hard range of the key: differences are told as shares of it
    double most = 1;
    std::vector<std::optional<schedule::Curve>> curves; ///< one a group; none where it draws no such track
};

/// gap as it will really be asked for: a fixed gap is a level line, controllers that measure draw none.
std::vector<DrawnTrack> drawnTracks(const std::vector<ComparedRun>& runs, const Grouping& grouping);

/// How far the second group's track lies from the first's.
struct TrackDifference
{
    std::size_t track = 0;
    double signedArea = 0;   ///< mean of second - first over the run, % of the range
    double absoluteArea = 0; ///< mean of |second - first|, % of the range
    double from = 0;         ///< the stretch (fractions of the run) where most of it lies: from the first to the last
    double to = 1;           ///< tenth of the run whose share is at least 55 % of the largest tenth's
};

/// Tracks that both groups draw, the farthest apart first; equal ones are left out. Areas by the trapezoid rule over
/// 1,000 samples of the evaluator that the worker uses.
std::vector<TrackDifference> rankedTracks(const std::vector<DrawnTrack>& tracks, std::size_t first, std::size_t second);

} // namespace gradus::compare
