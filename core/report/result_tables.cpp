// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/result_tables.h"

#include "report/words.h"

#include <algorithm>

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

std::string differenceText(const compare::TableCell& cell, const compare::FinalMetric& metric)
{
    if (!cell.difference) return {};
    return estimateText(cell.difference->estimate, metric.decimals, true) + (cell.p ? ", " + pText(*cell.p) : "");
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

Table metricRows(const compare::ComparisonTable& shown)
{
    Table table{{}, {{"metric"}}, {}};
    for (const compare::TableRow& row : shown.rows) {
        table.columns.push_back({nameOf(row, shown.rows.size() > 1) + ", n = " + std::to_string(row.runs), true});
        if (!row.baseline) table.columns.push_back({"difference", true});
    }
    for (std::size_t i = 0; i < shown.columns.size(); ++i) {
        std::vector<std::string> cells{titleOf(shown.columns[i])};
        for (const compare::TableRow& row : shown.rows) {
            cells.push_back(valueText(row, i, shown.columns[i]));
            if (!row.baseline) cells.push_back(differenceText(row.cells[i], shown.columns[i]));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

Table conditionRows(const compare::ComparisonTable& shown, std::size_t first, std::size_t last)
{
    Table table{namesOf(shown, first, last), {{"condition"}, {"n", true}}, {}};
    for (std::size_t i = first; i < last; ++i)
        table.columns.push_back({titleOf(shown.columns[i]), true});
    for (const compare::TableRow& row : shown.rows) {
        std::vector<std::string> cells{nameOf(row, true), std::to_string(row.runs)};
        std::vector<std::string> differences{"difference to the baseline", ""};
        bool compared = false;
        for (std::size_t i = first; i < last; ++i) {
            cells.push_back(valueText(row, i, shown.columns[i]));
            differences.push_back(differenceText(row.cells[i], shown.columns[i]));
            compared = compared || row.cells[i].difference;
        }
        table.rows.push_back(std::move(cells));
        if (compared) table.rows.push_back(std::move(differences));
    }
    return table;
}

} // namespace

std::vector<Table> resultTables(const Evidence& evidence)
{
    const compare::ComparisonTable& shown = evidence.table;
    std::vector<Table> tables;
    if (shown.rows.size() <= kFewConditions) {
        tables.push_back(metricRows(shown));
    } else {
        for (std::size_t first = 0; first < shown.columns.size(); first += kMetricsOnAPage)
            tables.push_back(conditionRows(shown, first, std::min(shown.columns.size(), first + kMetricsOnAPage)));
    }
    tables.front().title = "Final figures";
    tables.back().note = shown.note + (shown.rows.size() > 1 ? " * is the best of its column." : "");
    return tables;
}

std::vector<Table> runFigures(const Evidence& evidence)
{
    const compare::ComparisonTable shown = compare::comparisonTable(evidence.runs, evidence.grouping, {.byRun = true});
    std::vector<Table> tables;
    for (std::size_t first = 0; first < shown.columns.size(); first += kMetricsOnAPage) {
        const std::size_t last = std::min(shown.columns.size(), first + kMetricsOnAPage);
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
