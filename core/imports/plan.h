// SPDX-License-Identifier: GPL-3.0-or-later
// What an import will write: the step axis, the names of series, conditions and seeds. Its numbers are those written.
#pragma once

#include "base/result.h"
#include "imports/foreign_run.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gradus::imports {

struct MappingOptions
{
    std::string step = {}; ///< series that is the step axis; empty: the source's own steps
    double perStep = 1;    ///< so much of the axis is one step of ours: 8 where it counts micro-batches of eight
    std::int64_t startsAt = 0;
    std::map<std::string, std::string> names = {}; ///< series of the source -> ours; empty: leave it out
    std::string project = {};                      ///< name of the experiment; empty: the source's
};

/// One series of the source, over all runs.
struct PlannedSeries
{
    std::string source;
    std::string becomes; ///< empty: left out
    std::int64_t points = 0;
    std::int64_t nans = 0;            ///< among them; they stay NaN
    std::int64_t repeated = 0;        ///< values whose step came again: the last counts
    std::int64_t offAxis = 0;         ///< values without a value of the step axis, left out
    std::vector<double> preview = {}; ///< of the first run, at most 60 values
};

struct PlannedRun
{
    std::string uuid; ///< the same for the same run of the same source, whenever it is imported
    std::string experiment;
    std::string name;
    std::string condition = {}; ///< parameters that differ within the import, or the name; empty when all is alike
    std::int64_t seed = 1;
    std::vector<std::pair<std::string, std::string>> parameters;
    double startedAt = 0;
    double endedAt = 0;
    bool failed = false;
    std::vector<store::SeriesPoints> series = {};                  ///< by our names, steps strictly increasing
    std::vector<std::pair<std::string, std::string>> origins = {}; ///< ours, source's
};

struct ImportPlan
{
    std::string format;
    std::string file; ///< as the user named it
    std::string axis; ///< "step 25592 becomes step 3199"
    std::vector<PlannedRun> runs;
    std::vector<PlannedSeries> series;
    std::vector<std::string> axes; ///< what may be the step axis, the source's own first
    std::vector<std::string> notes;

    std::int64_t points() const;
};

/// Pure. Bad input: an axis that is not there, goes back or has no number; two series that become one; a name that is
/// not in the source.
Result<ImportPlan> planImport(const ForeignSource& source, const std::string& file, const MappingOptions& options);

/// What a series of this name is called here where the field's usual names are known, else the name, made safe to show.
std::string ourName(const std::string& name);

/// "Dry run: 3 runs, 5 series, 47997 points, 3 NaN kept."
std::string sentenceOf(const ImportPlan& plan);

} // namespace gradus::imports
