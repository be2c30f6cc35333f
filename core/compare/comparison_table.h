// SPDX-License-Identifier: GPL-3.0-or-later
// The table of a comparison: a row a group or a run, final metrics with intervals, difference to the baseline, test.
#pragma once

#include "compare/contrasts.h"
#include "compare/final_metrics.h"
#include "compare/group_tests.h"
#include "compare/over_runs.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

struct TableOptions
{
    bool byRun = false;                ///< a row a run instead of a row a group
    Centre centre = Centre::Mean;      ///< of groups
    Band interval = Band::StudentT;    ///< of groups; where it does not fit the centre: Bootstrap
    TestKind test = TestKind::Student; ///< of the mean difference to the baseline
    /// Index into the groups; none: no differences. Not every group is held against this one, see baselines.h.
    std::optional<std::size_t> baseline = 0;
    std::vector<Contrast> contrasts = {}; ///< of groups, each once: rows of their own, tested with the baseline's
    std::vector<std::string> absent = {}; ///< contrasts asked for that are not among the groups: the note names them
};

struct TableCell
{
    /// n runs; of one run, and of runs that all end alike: one run's own interval over its items, and overItems is
    /// true. Runs are tested on the same items, so that more of them would not make that interval narrower.
    std::optional<Estimate> value;
    bool overItems = false;
    bool cut = false;          ///< an interval of a share that went beyond 0 or 1
    std::size_t runs = 0;      ///< that the value rests on: at most the row's
    std::size_t notFinite = 0; ///< runs whose value is no number or infinite: in no group's figure
    /// Best centre of its column and task where a direction is better and at least two rows have a value.
    bool best = false;
    std::optional<GroupDifference> difference; ///< to the baseline; rows of groups alone, never the baseline itself
    std::optional<double> p;                   ///< Holm-adjusted over the column's comparisons and contrasts
    std::string noP;                           ///< why there is no p though there is a difference to test
};

struct TableRow
{
    std::string label;
    std::size_t group = 0;              ///< index into the groups
    std::optional<std::size_t> run;     ///< index into the runs; rows of runs alone
    std::int64_t seed = 0;              ///< rows of runs alone
    std::size_t runs = 0;               ///< runs of the group that have finished a generation that counts
    std::size_t unfinished = 0;         ///< runs of the group that have not; they are in no figure
    bool baseline = false;              ///< others are held against it: one a task, line or student
    std::optional<std::size_t> against; ///< group that it is held against; rows of groups alone, not the baselines
    std::vector<TableCell> cells;       ///< one a column
};

/// A contrast that was asked for. Its cells have no values, only differences.
struct ContrastRow
{
    std::string label; ///< "three kinds minus one"
    Contrast contrast;
    std::vector<TableCell> cells; ///< one a column; no difference where groups learnt other tasks or have too few runs
};

struct ComparisonTable
{
    std::vector<FinalMetric> columns; ///< those that at least one row has
    std::vector<TableRow> rows;
    std::vector<ContrastRow> contrasts; ///< of groups alone
    std::string note;                   ///< one or two sentences: what the intervals are, which test, which correction
};

/// Of a column: the p values that Holm's correction was made over. What is asked twice, either way round, is one.
std::size_t testsIn(const ComparisonTable& table, std::size_t column);

/// The same of runs that have not run yet, where every difference can be tested: what the table's p will be adjusted
/// over at most.
std::size_t plannedTests(const std::vector<ComparedRun>& runs, const Grouping& grouping, const TableOptions& options);

/// "n = 2", "n = 2, 1 not finite": where a group's cell rests on fewer runs than its row says; else empty.
std::string countNote(const TableRow& row, const TableCell& cell);

/// The metric's finite values in the runs of a group that count.
std::vector<SeedValue> countedValues(const FinalMetric& metric, const RunGroup& group,
                                     const std::vector<ComparedRun>& runs);

/// Of the runs that count, see countedRuns.
ComparisonTable comparisonTable(const std::vector<ComparedRun>& runs, const Grouping& grouping,
                                const TableOptions& options);

} // namespace gradus::compare
