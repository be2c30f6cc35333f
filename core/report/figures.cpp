// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures.h"

#include "compare/over_runs.h"
#include "compare/share_interval.h"
#include "events/standing_utility.h"
#include "report/reference_lines.h"
#include "report/words.h"

#include "base/text.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>

namespace gradus::report {

namespace {

using compare::FinalMetric;
using compare::TableCell;
using compare::TableRow;
using events::GenerationRecord;

constexpr std::size_t kMostPanels = 6;
constexpr std::size_t kMostRows = 40; ///< of groups below each other; more than that is no picture

/// Columns that judge, and what fewer than two groups have is nothing to compare.
std::vector<std::size_t> judgedColumns(const Evidence& evidence)
{
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < evidence.table.columns.size(); ++i) {
        const FinalMetric& metric = evidence.table.columns[i];
        if (metric.better == compare::Better::Neither || metric.decimals < 0) continue;
        const auto have = std::count_if(evidence.table.rows.begin(), evidence.table.rows.end(),
                                        [&](const TableRow& row) { return row.cells[i].value.has_value(); });
        const auto wanted = std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(evidence.table.rows.size()));
        if (have >= wanted) columns.push_back(i);
    }
    if (columns.size() > kMostPanels) columns.resize(kMostPanels);
    return columns;
}

std::vector<double> singleRuns(const Evidence& evidence, std::size_t group, const FinalMetric& metric)
{
    std::vector<double> values;
    for (const std::size_t run : compare::countedRuns(evidence.grouping.groups[group], evidence.runs).counted)
        if (const auto value = compare::finalValue(metric, evidence.runs[run])) values.push_back(value->value);
    return values;
}

ChartPoint pointOf(const Evidence& evidence, const TableRow& row, std::size_t column, double place)
{
    const FinalMetric& metric = evidence.table.columns[column];
    const TableCell& cell = row.cells[column];
    ChartPoint point{.place = place, .value = NAN};
    if (!cell.value) return point;
    point.value = cell.value->value;
    point.runs = singleRuns(evidence, row.group, metric);
    if (cell.value->n > 1) {
        point.low = cell.value->low;
        point.high = cell.value->high;
    }
    const std::size_t cut = cutShort(evidence, row.group);
    point.words = row.label + ": " + estimateText(*cell.value, metric.decimals) + ", " + counted(cell.runs, "run") +
                  (cut > 0 && cell.runs == row.runs ? ", of which " + std::to_string(cut) + " did not finish" : "");
    return point;
}

/// Whether some run has no value where others of its condition have one: PGR is refused, excess needs a ceiling.
bool someLack(const Evidence& evidence, const std::vector<std::size_t>& columns)
{
    return std::ranges::any_of(evidence.table.rows, [&](const TableRow& row) {
        return std::ranges::any_of(
            columns, [&](std::size_t column) { return row.cells[column].value && row.cells[column].runs < row.runs; });
    });
}

std::string endsCaption(const Evidence& evidence, const std::vector<std::size_t>& columns)
{
    std::size_t fewest = SIZE_MAX;
    std::size_t most = 0;
    std::size_t cut = 0;
    for (const TableRow& row : evidence.table.rows) {
        fewest = std::min(fewest, row.runs);
        most = std::max(most, row.runs);
        cut += cutShort(evidence, row.group);
    }
    const std::string runs =
        fewest == most ? counted(most, "run") : std::to_string(fewest) + " to " + std::to_string(most) + " runs";
    if (most < 2) return "One run a condition; bars are its own 95 % intervals over held-out items.";
    return "Last kept generation of each run (pale marks, " + runs +
           " a condition) with the mean and its 95 % interval, as the table of final figures has it." +
           (someLack(evidence, columns) ? " A figure that not all of them have has fewer marks; the table says n."
                                        : "") +
           (cut > 0 ? " " + std::to_string(cut) + " of these runs did not finish." : "");
}

/// Accuracies stand beside what is reached without learning.
void addLines(ChartPanel& panel, const Evidence& evidence, std::string_view metric)
{
    if (metric != "utility/competence") return;
    for (const ReferenceLine& line : sharedReferenceLines(evidence))
        panel.levels.push_back({line.accuracy, line.name});
}

/// One a task.
std::ptrdiff_t baselines(const Evidence& evidence)
{
    return std::count_if(evidence.table.rows.begin(), evidence.table.rows.end(),
                         [](const TableRow& row) { return row.baseline; });
}

Figure finalFigures(const Evidence& evidence, const std::vector<std::size_t>& columns)
{
    Figure figure{"Where the conditions end", endsCaption(evidence, columns), {}};
    for (const std::size_t column : columns) {
        const FinalMetric& metric = evidence.table.columns[column];
        ChartPanel panel{titleOf(metric), {}, {}};
        for (const TableRow& row : evidence.table.rows) {
            if (panel.categories.size() == kMostRows) break;
            ChartSeries series{row.label, static_cast<int>(row.group), false};
            series.points.push_back(pointOf(evidence, row, column, static_cast<double>(panel.categories.size())));
            panel.categories.push_back(row.label);
            panel.series.push_back(std::move(series));
        }
        const auto& base = evidence.table.rows[evidence.baseline].cells[column].value;
        if (base && evidence.table.rows.size() > 1 && baselines(evidence) == 1)
            panel.levels.push_back({base->value, "baseline"});
        addLines(panel, evidence, metric.id);
        figure.panels.push_back(std::move(panel));
    }
    if (evidence.table.rows.size() > kMostRows)
        figure.caption += " The first " + std::to_string(kMostRows) + " of " +
                          std::to_string(evidence.table.rows.size()) + " conditions; the table has all.";
    return figure;
}

Figure overAxis(const Evidence& evidence, const std::vector<std::size_t>& columns)
{
    const compare::SweptAxis& axis = *evidence.axis;
    Figure figure{"Over the " + axis.label, endsCaption(evidence, columns), {}};
    for (const std::string& key : axis.followers)
        figure.caption += " " + key + " changes with it, one to one.";
    for (const std::size_t column : columns) {
        ChartPanel panel{titleOf(evidence.table.columns[column]), {.label = axis.label}, {}};
        for (std::size_t line = 0; line < axis.lines.size(); ++line) {
            ChartSeries series{axis.lines[line], static_cast<int>(line)};
            for (const TableRow& row : evidence.table.rows)
                if (axis.line[row.group] == line)
                    series.points.push_back(pointOf(evidence, row, column, axis.places[row.group]));
            std::sort(series.points.begin(), series.points.end(),
                      [](const ChartPoint& a, const ChartPoint& b) { return a.place < b.place; });
            panel.series.push_back(std::move(series));
        }
        addLines(panel, evidence, evidence.table.columns[column].id);
        figure.panels.push_back(std::move(panel));
    }
    return figure;
}

using Field = std::function<std::optional<Estimate>(const GenerationRecord&)>;

/// What runs have at a generation: the mean and its t interval, cut where a share ends; of one run its own interval.
Estimate overSeeds(const std::vector<Estimate>& seeds, bool isShare)
{
    if (seeds.size() == 1) return seeds.front();
    std::vector<double> centres;
    for (const Estimate& seed : seeds)
        centres.push_back(seed.value);
    const Estimate mean = evals::meanWithInterval(centres);
    return isShare ? compare::withinShare(mean) : mean;
}

/// Mean over the runs of a group at each generation that at least one of them kept; one run has its own interval.
ChartSeries byGeneration(const Evidence& evidence, std::size_t group, const Field& field, bool isShare)
{
    const compare::RunGroup& members = evidence.grouping.groups[group];
    ChartSeries series{members.label, static_cast<int>(group)};
    std::map<int, std::vector<Estimate>> values;
    for (const std::size_t run : compare::countedRuns(members, evidence.runs).counted)
        for (const GenerationRecord& record : evidence.runs[run].detail.generations)
            if (record.lastStep && !record.rolledBack)
                if (const auto value = field(record); value && std::isfinite(value->value))
                    values[record.generation].push_back(*value);
    for (const auto& [generation, seeds] : values) {
        const Estimate shown = overSeeds(seeds, isShare);
        ChartPoint point{.place = static_cast<double>(generation), .value = shown.value};
        if (shown.n > 1) {
            point.low = shown.low;
            point.high = shown.high;
        }
        point.words = members.label + ", generation " + std::to_string(generation) + ": " + estimateText(shown, 3) +
                      ", " + counted(seeds.size(), "run");
        series.points.push_back(std::move(point));
    }
    return series;
}

std::optional<Figure> overGenerations(const Evidence& evidence)
{
    struct Told
    {
        std::string title;
        Field field;
        bool isShare = true;
    };
    const std::vector<Told> fields = {
        {"competence, utility", [](const GenerationRecord& r) { return events::standingUtility(r); }},
        {"competence before alignment",
         [](const GenerationRecord& r) { return r.alignedUtility ? r.utility : std::nullopt; }},
        {"imitation rate, held out", [](const GenerationRecord& r) { return r.imitation; }},
        {"capability gap taken",
         [](const GenerationRecord& r) {
             return r.gap ? std::optional(Estimate{*r.gap, *r.gap, *r.gap, 1}) : std::nullopt;
         },
         false},
        {"ceiling of the same base", [](const GenerationRecord& r) { return r.ceiling; }},
        {"harm before alignment", [](const GenerationRecord& r) { return r.harmBefore; }},
        {"harm after alignment", [](const GenerationRecord& r) { return r.harm; }},
    };
    constexpr std::size_t kMostLines = 8; // the cycle of colours; more lines than that are no picture
    Figure figure{
        "From generation to generation",
        "Mean over the runs that kept this generation, with its 95 % t interval (of shares cut at 0 and 1); one run "
        "alone has its own over items.",
        {}};
    bool several = false;
    for (const Told& told : fields) {
        ChartPanel panel{told.title, {.label = "generation", .whole = true}, {}};
        bool any = false;
        for (std::size_t group = 0; group < std::min(kMostLines, evidence.grouping.groups.size()); ++group) {
            panel.series.push_back(byGeneration(evidence, group, told.field, told.isShare));
            any = any || !panel.series.back().points.empty();
            several = several || panel.series.back().points.size() > 1;
        }
        if (!any) continue;
        if (&told == &fields.front()) addLines(panel, evidence, "utility/competence");
        figure.panels.push_back(std::move(panel));
    }
    if (!several) return std::nullopt;
    if (evidence.grouping.groups.size() > kMostLines)
        figure.caption += " The first " + std::to_string(kMostLines) + " conditions.";
    return figure;
}

/// Every run as a point: does what it gained come with imitation?
std::optional<Figure> utilityAgainstImitation(const Evidence& evidence)
{
    constexpr std::size_t kMostGroups = 8;
    const FinalMetric* utility = compare::findFinalMetric("utility/competence");
    const FinalMetric* before = compare::findFinalMetric("utility/before_alignment");
    const FinalMetric* imitation = compare::findFinalMetric("imitation/rate");
    if (evidence.grouping.groups.size() > kMostGroups) return std::nullopt;
    ChartPanel panel{"competence against imitation", {.label = "imitation rate, held out"}, {}};
    std::size_t points = 0;
    bool aligned = false;
    for (std::size_t group = 0; group < evidence.grouping.groups.size(); ++group) {
        const compare::RunGroup& members = evidence.grouping.groups[group];
        ChartSeries series{members.label, static_cast<int>(group), false};
        for (const std::size_t run : compare::countedRuns(members, evidence.runs).counted) {
            const auto x = compare::finalValue(*imitation, evidence.runs[run]);
            const auto y = compare::finalValueBeside(*utility, *imitation, evidence.runs[run]);
            aligned = aligned || compare::finalValue(*before, evidence.runs[run]);
            if (!x || !y) continue;
            series.points.push_back(
                {.place = x->value,
                 .value = y->value,
                 .low = {},
                 .high = {},
                 .runs = {},
                 .words = members.label + ", seed " + std::to_string(evidence.runs[run].detail.run.seed)});
            ++points;
        }
        panel.series.push_back(std::move(series));
    }
    if (points < 3) return std::nullopt;
    return Figure{"Gain against imitation",
                  std::string("One mark a run, at its last kept generation") +
                      (aligned ? ", before its alignment" : "") +
                      ". High and left is what supervision from a weaker model is to reach: more right, fewer of the "
                      "supervisor's mistakes repeated.",
                  {panel}};
}

} // namespace

std::vector<Figure> figuresOf(const Evidence& evidence)
{
    std::vector<Figure> figures;
    const std::vector<std::size_t> columns = judgedColumns(evidence);
    if (!columns.empty())
        figures.push_back(evidence.axis ? overAxis(evidence, columns) : finalFigures(evidence, columns));
    if (auto figure = overGenerations(evidence); figure && !evidence.axis) figures.push_back(std::move(*figure));
    if (auto figure = utilityAgainstImitation(evidence)) figures.push_back(std::move(*figure));
    return figures;
}

} // namespace gradus::report
