// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/contrast_tables.h"

#include "report/words.h"

#include "compare/table_text.h"

#include <algorithm>
#include <string_view>

namespace gradus::report {

namespace {

constexpr std::size_t kMetricsOnAPage = 4; ///< columns of differences with their intervals
constexpr std::size_t kMetricsInASentence = 3;

/// Columns that judge and in which any of the contrasts has a difference.
std::vector<std::size_t> judged(const compare::ComparisonTable& table)
{
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].better != compare::Better::Neither &&
            std::ranges::any_of(table.contrasts,
                                [&](const compare::ContrastRow& row) { return row.cells[i].difference.has_value(); }))
            columns.push_back(i);
    return columns;
}

std::string differenceText(const compare::TableCell& cell, const compare::FinalMetric& metric)
{
    if (!cell.difference) return "–";
    return estimateText(cell.difference->estimate, metric.decimals, true) + (cell.p ? ", " + pText(*cell.p) : "");
}

std::string absentText(const Evidence& evidence)
{
    std::string names;
    for (const std::string& one : evidence.absentContrasts)
        names += (names.empty() ? "" : "; ") + one;
    return names.empty() ? names : "Not among these runs: " + names + ".";
}

} // namespace

std::vector<std::string> contrastAnswers(const Evidence& evidence)
{
    const std::vector<std::size_t> columns = judged(evidence.table);
    std::vector<std::string> sentences;
    for (const compare::ContrastRow& row : evidence.table.contrasts) {
        std::string figures;
        std::size_t told = 0;
        for (const std::size_t i : columns) {
            if (!row.cells[i].difference || told == kMetricsInASentence) continue;
            ++told;
            figures += (figures.empty() ? "" : "; ") + std::string(evidence.table.columns[i].label) + " " +
                       differenceText(row.cells[i], evidence.table.columns[i]);
        }
        sentences.push_back(row.label + ": " +
                            (figures.empty() ? "no difference can be given, which takes two runs or more on either "
                                               "side and one task"
                                             : figures) +
                            ".");
    }
    return sentences;
}

std::vector<Table> contrastTables(const Evidence& evidence)
{
    const compare::ComparisonTable& shown = evidence.table;
    const std::vector<std::size_t> columns = judged(shown);
    std::vector<Table> tables;
    for (std::size_t first = 0; first < columns.size(); first += kMetricsOnAPage) {
        const std::size_t last = std::min(columns.size(), first + kMetricsOnAPage);
        Table table{{}, {{"contrast"}, {"n", true}}, {}};
        for (std::size_t i = first; i < last; ++i)
            table.columns.push_back({titleOf(shown.columns[columns[i]]), true});
        for (const compare::ContrastRow& row : shown.contrasts) {
            const std::string count = compare::countText(row.cells[columns[first]]);
            std::vector<std::string> cells{row.label, count.empty() ? "–" : count};
            for (std::size_t i = first; i < last; ++i) {
                const std::string own = compare::countText(row.cells[columns[i]]);
                cells.push_back(differenceText(row.cells[columns[i]], shown.columns[columns[i]]) +
                                (own.empty() || own == count ? "" : ", " + own));
            }
            table.rows.push_back(std::move(cells));
        }
        tables.push_back(std::move(table));
    }
    if (tables.empty() && !evidence.absentContrasts.empty()) tables.push_back({{}, {{"contrast"}}, {}});
    if (tables.empty()) return tables;
    tables.front().title = "Contrasts that the question asks for";
    const std::string absent = absentText(evidence);
    tables.back().note = (shown.contrasts.empty()
                              ? ""
                              : "Mean of the first minus mean of the second, paired by seed where runs pair, with 95 % "
                                "intervals; p by Holm over these contrasts and the differences to the baseline.") +
                         std::string(shown.contrasts.empty() || absent.empty() ? "" : " ") + absent;
    return tables;
}

} // namespace gradus::report
