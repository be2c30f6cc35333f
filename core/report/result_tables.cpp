// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/result_tables.h"

#include "report/reference_lines.h"
#include "report/words.h"

#include "base/text.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gradus::report {

namespace {

constexpr std::size_t kFewConditions = 2;  ///< that stand beside each other
constexpr std::size_t kMetricsOnAPage = 4; ///< columns of figures with their intervals

std::string valueText(const compare::TableRow& row, std::size_t column, const compare::FinalMetric& metric)
{
    const compare::TableCell& cell = row.cells[column];
    const std::string count = compare::countNote(row, cell);
    return (cell.value ? estimateText(*cell.value, metric.decimals) : "–") + (cell.best ? " *" : "") +
           (count.empty() ? "" : ", " + count);
}

std::string differenceText(const Evidence& evidence, const compare::TableRow& row, std::size_t column)
{
    const compare::TableCell& cell = row.cells[column];
    if (!cell.difference) return {};
    const std::string fewer = fewerRuns(evidence, row, cell);
    return estimateText(cell.difference->estimate, evidence.table.columns[column].decimals, true) +
           (cell.p ? ", " + pText(*cell.p) : "") + (fewer.empty() ? "" : ", " + fewer);
}

std::string nameOf(const compare::TableRow& row, bool several)
{
    return row.label + (row.baseline && several ? " (baseline)" : "");
}

/// "competence, PGR, memorised".
std::string namesOf(const compare::ComparisonTable& table, std::size_t first, std::size_t last)
{
    std::string names;
    for (std::size_t i = first; i < last; ++i)
        names += (names.empty() ? "" : ", ") + std::string(table.columns[i].label);
    return names;
}

/// A reference line stands under the competence of each condition, or in its column.
bool isCompetence(const compare::FinalMetric& metric)
{
    return metric.id == std::string_view("utility/competence");
}

/// Names of the reference lines that any of these rows has, in order.
std::vector<std::string> lineNames(const Evidence& evidence)
{
    std::vector<std::string> names;
    for (const compare::TableRow& row : evidence.table.rows)
        for (const ReferenceLine& line : referenceLines(evidence, row.group))
            if (std::find(names.begin(), names.end(), line.name) == names.end()) names.push_back(line.name);
    return names;
}

std::string lineText(const Evidence& evidence, std::size_t group, const std::string& name)
{
    for (const ReferenceLine& line : referenceLines(evidence, group))
        if (line.name == name) return typeset(line.accuracy, 3);
    return "–";
}

Table metricRows(const Evidence& evidence, std::size_t first, std::size_t last)
{
    const compare::ComparisonTable& shown = evidence.table;
    Table table{{}, {{"metric"}}, {}};
    for (const compare::TableRow& row : shown.rows) {
        table.columns.push_back(
            {nameOf(row, shown.rows.size() > 1) + ", n = " + countOf(evidence, row.group, row.runs), true});
        if (!row.baseline) table.columns.push_back({"difference", true});
    }
    for (std::size_t i = first; i < last; ++i) {
        std::vector<std::string> cells{titleOf(shown.columns[i])};
        for (const compare::TableRow& row : shown.rows) {
            cells.push_back(valueText(row, i, shown.columns[i]));
            if (!row.baseline) cells.push_back(differenceText(evidence, row, i));
        }
        table.rows.push_back(std::move(cells));
        if (!isCompetence(shown.columns[i])) continue;
        for (const std::string& name : lineNames(evidence)) {
            std::vector<std::string> line{"  " + name + ", nothing learnt"};
            for (const compare::TableRow& row : shown.rows) {
                line.push_back(lineText(evidence, row.group, name));
                if (!row.baseline) line.emplace_back();
            }
            table.rows.push_back(std::move(line));
        }
    }
    return table;
}

/// Below the conditions: what is reached without learning, in the column of competence.
void addLines(Table& table, const Evidence& evidence, std::size_t first, std::size_t last)
{
    const auto& columns = evidence.table.columns;
    const auto competence = std::find_if(columns.begin() + static_cast<std::ptrdiff_t>(first),
                                         columns.begin() + static_cast<std::ptrdiff_t>(last), isCompetence);
    if (competence == columns.begin() + static_cast<std::ptrdiff_t>(last)) return;
    const auto place = 2 + static_cast<std::size_t>(competence - columns.begin()) - first;
    std::vector<std::pair<std::string, std::string>> told; // a line of each name and value: tasks have their own
    for (const compare::TableRow& row : evidence.table.rows)
        for (const ReferenceLine& line : referenceLines(evidence, row.group)) {
            std::pair<std::string, std::string> one{line.name, typeset(line.accuracy, 3)};
            if (std::find(told.begin(), told.end(), one) == told.end()) told.push_back(std::move(one));
        }
    for (const auto& [name, value] : told) {
        std::vector<std::string> cells(table.columns.size());
        cells[0] = name + ", nothing learnt";
        cells[place] = value;
        table.rows.push_back(std::move(cells));
    }
}

/// A part's columns, as many at a time as a page takes.
std::vector<std::pair<std::size_t, std::size_t>> pagesOf(const compare::MetricPart& part)
{
    std::vector<std::pair<std::size_t, std::size_t>> pages;
    for (std::size_t first = part.first; first < part.last; first += kMetricsOnAPage)
        pages.emplace_back(first, std::min(part.last, first + kMetricsOnAPage));
    return pages;
}

Table conditionRows(const Evidence& evidence, std::size_t first, std::size_t last)
{
    const compare::ComparisonTable& shown = evidence.table;
    Table table{namesOf(shown, first, last), {{"condition"}, {"n", true}}, {}};
    for (std::size_t i = first; i < last; ++i)
        table.columns.push_back({titleOf(shown.columns[i]), true});
    for (const compare::TableRow& row : shown.rows) {
        std::vector<std::string> cells{nameOf(row, true), countOf(evidence, row.group, row.runs)};
        std::vector<std::string> differences{"difference to the baseline", ""};
        bool compared = false;
        for (std::size_t i = first; i < last; ++i) {
            cells.push_back(valueText(row, i, shown.columns[i]));
            differences.push_back(differenceText(evidence, row, i));
            compared = compared || row.cells[i].difference;
        }
        table.rows.push_back(std::move(cells));
        if (compared) table.rows.push_back(std::move(differences));
    }
    addLines(table, evidence, first, last);
    return table;
}

} // namespace

std::string fewerRuns(const Evidence& evidence, const compare::TableRow& row, const compare::TableCell& cell)
{
    if (!cell.difference || !row.against) return {};
    const compare::GroupDifference& difference = *cell.difference;
    const std::size_t base = evidence.table.rows[*row.against].runs; // one row a group, in their order
    const auto used = static_cast<std::size_t>(difference.groupRuns);
    const auto usedBase = static_cast<std::size_t>(difference.baselineRuns);
    if (difference.paired) return used < std::min(row.runs, base) ? counted(used, "pair") : "";
    return used < row.runs || usedBase < base ? std::to_string(used) + " against " + counted(usedBase, "run") : "";
}

std::vector<Table> resultTables(const Evidence& evidence)
{
    const compare::ComparisonTable& shown = evidence.table;
    std::vector<Table> tables;
    const bool few = shown.rows.size() <= kFewConditions;
    for (const compare::MetricPart& part : compare::partsOf(shown.columns)) {
        if (few) {
            tables.push_back(metricRows(evidence, part.first, part.last));
            if (!part.procedure.empty()) tables.back().title = "Final figures: " + part.procedure;
            continue;
        }
        for (const auto& [first, last] : pagesOf(part)) {
            tables.push_back(conditionRows(evidence, first, last));
            if (!part.procedure.empty()) tables.back().title.insert(0, "Of the " + part.procedure + ": ");
        }
    }
    tables.front().title = "Final figures";
    tables.back().note = shown.note + (shown.rows.size() > 1 ? " * is the best of its column." : "");
    return tables;
}

std::vector<Table> runFigures(const Evidence& evidence)
{
    const compare::ComparisonTable shown = compare::comparisonTable(evidence.runs, evidence.grouping, {.byRun = true});
    std::vector<Table> tables;
    for (const compare::MetricPart& part : compare::partsOf(shown.columns))
        for (const auto& [first, last] : pagesOf(part)) {
            Table table{"Every run: " + namesOf(shown, first, last), {{"condition"}, {"seed", true}}, {}, {}, true};
            for (std::size_t i = first; i < last; ++i)
                table.columns.push_back({titleOf(shown.columns[i]), true});
            for (const compare::TableRow& row : shown.rows) {
                std::vector<std::string> cells{row.label, std::to_string(row.seed)};
                for (std::size_t i = first; i < last; ++i)
                    cells.push_back(valueText(row, i, shown.columns[i]));
                table.rows.push_back(std::move(cells));
            }
            tables.push_back(std::move(table));
        }
    if (!tables.empty()) tables.back().note = shown.note;
    return tables;
}

} // namespace gradus::report
