// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/comparison_table.h"

#include "base/text.h"
#include "compare/baselines.h"
#include "compare/run_origins.h"
#include "compare/share_interval.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

namespace gradus::compare {

namespace {

std::vector<SeedValue> seedValues(const FinalMetric& metric, const CountedRuns& members,
                                  const std::vector<ComparedRun>& runs)
{
    std::vector<SeedValue> values;
    for (const std::size_t index : members.counted)
        if (const auto value = finalValue(metric, runs[index]); value && std::isfinite(value->value))
            values.push_back({runs[index].detail.run.seed, value->value});
    return values;
}

/// Where all runs end alike, an interval over runs has no width and says nothing: the widest that one of them has over
/// its items instead. None where they vary, or no run tells of its items.
std::optional<Estimate> ofItems(const FinalMetric& metric, const CountedRuns& members,
                                const std::vector<ComparedRun>& runs, const TableOptions& options)
{
    if (options.interval == Band::None || options.interval == Band::Range) return std::nullopt;
    std::optional<Estimate> widest;
    for (const std::size_t index : members.counted) {
        const auto value = finalValue(metric, runs[index]);
        if (!value || !std::isfinite(value->value)) continue;
        if (widest && std::abs(value->value - widest->value) > 1e-12) return std::nullopt;
        if (!widest || value->high - value->low > widest->high - widest->low) widest = value;
    }
    return widest && widest->n > 1 && widest->high > widest->low ? widest : std::nullopt;
}

void cutToShare(TableCell& cell)
{
    cell.cut = cell.value->low < 0 || cell.value->high > 1;
    cell.value = withinShare(*cell.value);
}

TableCell groupCell(const FinalMetric& metric, const CountedRuns& members, const std::vector<ComparedRun>& runs,
                    const TableOptions& options)
{
    TableCell cell;
    const std::vector<SeedValue> values = seedValues(metric, members, runs);
    cell.runs = values.size();
    for (const std::size_t index : members.counted)
        if (const auto value = finalValue(metric, runs[index]); value && !std::isfinite(value->value)) ++cell.notFinite;
    if (values.empty()) return cell;
    if (values.size() == 1) {
        for (const std::size_t index : members.counted)
            if (const auto value = finalValue(metric, runs[index]); value && std::isfinite(value->value))
                cell.value = value;
        cell.overItems = true;
        return cell;
    }
    if (const auto items = ofItems(metric, members, runs, options)) {
        cell.value = items;
        cell.overItems = true;
        return cell;
    }
    // One step at which every run has its value: the same centre and band as the curves.
    std::vector<Trace> traces;
    for (const SeedValue& one : values)
        traces.push_back({{0}, {one.value}});
    OverRunsOptions over{.between = Between::Line, .centre = options.centre, .band = options.interval};
    if (!fits(over.band, over.centre)) over.band = Band::Bootstrap;
    const OverRuns at = overRuns(traces, over);
    cell.value = Estimate{at.centre[0], std::min(at.low[0], at.centre[0]), std::max(at.high[0], at.centre[0]),
                          static_cast<long long>(values.size())};
    if (std::isnan(at.low[0])) cell.value->low = cell.value->high = at.centre[0];
    if (metric.isShare) cutToShare(cell);
    return cell;
}

bool isFinite(const TableCell& cell)
{
    return cell.value && std::isfinite(cell.value->value);
}

void markBest(ComparisonTable& table, const std::vector<std::string>& tasks)
{
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const Better better = table.columns[column].better;
        if (better == Better::Neither) continue;
        std::map<std::string, std::vector<double>> values;
        for (const TableRow& row : table.rows)
            if (isFinite(row.cells[column])) values[tasks[row.group]].push_back(row.cells[column].value->value);
        for (TableRow& row : table.rows) {
            if (!isFinite(row.cells[column])) continue;
            const auto [low, high] =
                std::minmax_element(values[tasks[row.group]].begin(), values[tasks[row.group]].end());
            row.cells[column].best =
                *low != *high && row.cells[column].value->value == (better == Better::Higher ? *high : *low);
        }
    }
}

bool sameGroups(const Contrast& a, const Contrast& b)
{
    return a == b || Contrast{a.minus, a.group} == b;
}

/// Cells of the row, or of the contrast before this one, that holds the same two groups against each other, either way
/// round; nullptr: none does.
const std::vector<TableCell>* sameTest(const ComparisonTable& table, const ContrastRow& contrast)
{
    for (const TableRow& row : table.rows)
        if (row.against && sameGroups({row.group, *row.against}, contrast.contrast)) return &row.cells;
    for (const ContrastRow& before : table.contrasts) {
        if (&before == &contrast) return nullptr;
        if (sameGroups(before.contrast, contrast.contrast)) return &before.cells;
    }
    return nullptr;
}

/// p values of one column are looked at together.
void testColumn(ComparisonTable& table, std::size_t column, TestKind kind)
{
    std::vector<TableCell*> tested;
    std::vector<double> p;
    std::vector<TableCell*> cells;
    for (TableRow& row : table.rows)
        cells.push_back(&row.cells[column]);
    for (ContrastRow& row : table.contrasts)
        if (!sameTest(table, row)) cells.push_back(&row.cells[column]); // asked twice is tested once
    for (TableCell* one : cells) {
        TableCell& cell = *one;
        if (!cell.difference) continue;
        const TestResult* test = cell.difference->test(kind);
        if (test == nullptr) {
            cell.noP = cell.difference->paired ? "the differences do not vary" : "runs of neither side vary";
        } else if (test->leastPossible > 0.05) {
            cell.noP = "so few runs cannot give p below " + fixedText(test->leastPossible, 2);
        } else {
            tested.push_back(&cell);
            p.push_back(test->p);
        }
    }
    const std::vector<double> adjusted = holm(p);
    for (std::size_t i = 0; i < tested.size(); ++i)
        tested[i]->p = adjusted[i];
    for (ContrastRow& row : table.contrasts)
        if (const std::vector<TableCell>* same = sameTest(table, row)) {
            row.cells[column].p = (*same)[column].p;
            row.cells[column].noP = (*same)[column].noP;
        }
}

void compareGroups(ComparisonTable& table, const std::vector<CountedRuns>& members,
                   const std::vector<ComparedRun>& runs, const std::vector<std::string>& tasks,
                   const TableOptions& options)
{
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        for (TableRow& row : table.rows)
            if (row.against)
                row.cells[column].difference =
                    differenceOf(seedValues(table.columns[column], members[row.group], runs),
                                 seedValues(table.columns[column], members[*row.against], runs));
        for (ContrastRow& row : table.contrasts)
            if (tasks[row.contrast.group] == tasks[row.contrast.minus])
                row.cells[column].difference =
                    differenceOf(seedValues(table.columns[column], members[row.contrast.group], runs),
                                 seedValues(table.columns[column], members[row.contrast.minus], runs));
        testColumn(table, column, options.test);
    }
}

std::string intervalName(const TableOptions& options)
{
    const bool fitting = fits(options.interval, options.centre);
    switch (fitting ? options.interval : Band::Bootstrap) {
    case Band::None:
        return "no interval";
    case Band::StudentT:
        return "95 % t interval over runs";
    case Band::Bootstrap:
        return "95 % percentile bootstrap interval over runs";
    case Band::Range:
        return "lowest and highest run";
    }
    return {};
}

/// The tests that the table really used: pairing depends on which seeds there are.
std::string testNames(const ComparisonTable& table, TestKind kind)
{
    std::set<std::string> names;
    std::size_t most = 0;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const auto name = [&](const TableCell& cell) {
            if (cell.p) names.insert(nameOf(*cell.difference, kind));
        };
        for (const TableRow& row : table.rows)
            name(row.cells[column]);
        for (const ContrastRow& row : table.contrasts)
            name(row.cells[column]);
        most = std::max(most, testsIn(table, column));
    }
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : "; ") + name;
    if (text.empty()) return {};
    return "p: " + text + (most > 1 ? ", Holm over " + std::to_string(most) + " comparisons." : ".");
}

/// Which intervals are not what the note says of all.
std::string exceptionsNote(const ComparisonTable& table)
{
    bool alike = false;
    bool cut = false;
    for (const TableRow& row : table.rows)
        for (const TableCell& cell : row.cells) {
            alike = alike || (cell.overItems && cell.runs > 1);
            cut = cut || cell.cut;
        }
    return std::string(cut ? " Intervals of shares are cut at 0 and 1." : "") +
           (alike ? " Where all runs of a condition end alike, the interval is one run's own over its held-out items "
                    "(n of the items)."
                  : "");
}

const char* eachText(Baselines::Each each)
{
    switch (each) {
    case Baselines::Each::Task:
        return " Each task has a baseline of its own.";
    case Baselines::Each::Line:
        return " Each line of the curve has a baseline of its own.";
    case Baselines::Each::Student:
        return " Each student has a baseline of its own.";
    }
    return "";
}

/// Which figures are of A^- and which of A^+.
std::string alignmentNote(const ComparisonTable& table)
{
    const bool aligned = std::ranges::any_of(table.columns, [](const FinalMetric& metric) {
        return metric.id == std::string_view("utility/before_alignment");
    });
    return aligned
               ? " Where alignment ran, competence, harm and over-refusal are of the model after it; PGR, imitation "
                 "and memorisation are of the model before it, whose competence has its own column."
               : "";
}

std::string noteOf(const ComparisonTable& table, const TableOptions& options, Baselines::Each each)
{
    if (options.byRun) return "Each run's own 95 % interval over held-out items.";
    const char* centre = options.centre == Centre::Mean     ? "Mean"
                         : options.centre == Centre::Median ? "Median"
                                                            : "Interquartile mean";
    std::string note = std::string(centre) + " of each run's last kept generation, " + intervalName(options) + "." +
                       exceptionsNote(table);
    if ((!options.baseline || table.rows.size() < 2) && table.contrasts.empty()) return note;
    const std::string tests = testNames(table, options.test);
    const auto baselines =
        std::count_if(table.rows.begin(), table.rows.end(), [](const TableRow& row) { return row.baseline; });
    if (baselines > 1) note += eachText(each);
    if (!tests.empty()) return note + " " + tests;
    std::set<std::string> reasons;
    const auto collect = [&](const std::vector<TableCell>& cells) {
        for (const TableCell& cell : cells)
            if (!cell.noP.empty()) reasons.insert(cell.noP);
    };
    for (const TableRow& row : table.rows)
        collect(row.cells);
    for (const ContrastRow& row : table.contrasts)
        collect(row.cells);
    std::string why;
    for (const std::string& reason : reasons)
        why += (why.empty() ? "" : "; ") + reason;
    return note + (why.empty() ? " No test: it needs two runs or more on either side." : " No p: " + why + ".");
}

std::vector<TableRow> groupRows(const std::vector<CountedRuns>& members, const std::vector<ComparedRun>& runs,
                                const Grouping& grouping, const TableOptions& options)
{
    std::vector<TableRow> rows;
    for (std::size_t g = 0; g < grouping.groups.size(); ++g) {
        TableRow row;
        row.label = grouping.groups[g].label;
        row.group = g;
        row.runs = members[g].counted.size();
        row.unfinished = members[g].unfinished;
        for (const FinalMetric& metric : finalMetrics())
            row.cells.push_back(groupCell(metric, members[g], runs, options));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<TableRow> runRows(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::vector<TableRow> rows;
    for (std::size_t g = 0; g < grouping.groups.size(); ++g)
        for (const std::size_t index : grouping.groups[g].runs) {
            TableRow row;
            row.label = grouping.groups[g].label;
            row.group = g;
            row.run = index;
            row.seed = runs[index].detail.run.seed;
            row.runs = lastKept(runs[index].detail) != nullptr ? 1 : 0;
            row.unfinished = 1 - row.runs;
            for (const FinalMetric& metric : finalMetrics()) {
                TableCell cell;
                cell.value = finalValue(metric, runs[index]);
                cell.overItems = true;
                cell.runs = isFinite(cell) ? 1 : 0;
                cell.notFinite = cell.value && !isFinite(cell) ? 1 : 0;
                row.cells.push_back(std::move(cell));
            }
            rows.push_back(std::move(row));
        }
    return rows;
}

void markBaselines(ComparisonTable& table, const std::vector<std::size_t>& against, bool byRun)
{
    for (TableRow& row : table.rows) {
        row.baseline = against[row.group] == row.group;
        if (!row.baseline && !byRun) row.against = against[row.group];
    }
}

void dropEmptyColumns(ComparisonTable& table)
{
    for (std::size_t column = table.columns.size(); column-- > 0;) {
        const bool used = std::any_of(table.rows.begin(), table.rows.end(), [&](const TableRow& row) {
            return row.cells[column].value || row.cells[column].notFinite > 0;
        });
        if (used) continue;
        table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(column));
        for (TableRow& row : table.rows)
            row.cells.erase(row.cells.begin() + static_cast<std::ptrdiff_t>(column));
    }
}

} // namespace

std::string countNote(const TableRow& row, const TableCell& cell)
{
    if (row.run || cell.runs == row.runs || (!cell.value && cell.notFinite == 0)) return {};
    return "n = " + std::to_string(cell.runs) +
           (cell.notFinite > 0 ? ", " + std::to_string(cell.notFinite) + " not finite" : "");
}

std::vector<SeedValue> countedValues(const FinalMetric& metric, const RunGroup& group,
                                     const std::vector<ComparedRun>& runs)
{
    return seedValues(metric, countedRuns(group, runs), runs);
}

std::size_t testsIn(const ComparisonTable& table, std::size_t column)
{
    const auto rows =
        std::ranges::count_if(table.rows, [&](const TableRow& row) { return row.cells[column].p.has_value(); });
    const auto contrasts = std::ranges::count_if(table.contrasts, [&](const ContrastRow& row) {
        return row.cells[column].p.has_value() && sameTest(table, row) == nullptr;
    });
    return static_cast<std::size_t>(rows + contrasts);
}

ComparisonTable comparisonTable(const std::vector<ComparedRun>& runs, const Grouping& grouping,
                                const TableOptions& asked)
{
    TableOptions options = asked;
    if (options.baseline && *options.baseline >= grouping.groups.size()) options.baseline.reset();
    std::vector<CountedRuns> members;
    for (const RunGroup& group : grouping.groups)
        members.push_back(countedRuns(group, runs));
    ComparisonTable table;
    table.columns = finalMetrics();
    table.rows = options.byRun ? runRows(runs, grouping) : groupRows(members, runs, grouping, options);
    dropEmptyColumns(table);
    const std::vector<std::string> tasks = tasksOf(grouping, runs);
    Baselines baselines;
    if (options.baseline) {
        baselines = baselinesOf(runs, grouping, *options.baseline);
        markBaselines(table, baselines.against, options.byRun);
    }
    markBest(table, tasks);
    if (!options.byRun)
        for (const Contrast& contrast : options.contrasts)
            table.contrasts.push_back(
                {nameOf(contrast, grouping), contrast, std::vector<TableCell>(table.columns.size())});
    if (!options.byRun && (options.baseline || !table.contrasts.empty()))
        compareGroups(table, members, runs, tasks, options);
    table.note = noteOf(table, options, baselines.each) + alignmentNote(table);
    if (const std::string note = originNote(runs, grouping); !note.empty()) table.note += " " + note;
    return table;
}

} // namespace gradus::compare
