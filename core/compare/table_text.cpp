// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/table_text.h"

#include "base/text.h"
#include "compare/cell_text.h"

#include <cmath>
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

using nlohmann::json;

/// As it reads: what is no number says so.
std::string figure(double value, int decimals, bool sign = false)
{
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
    return fixedText(value, decimals < 0 ? -1 : decimals, sign);
}

std::string half(const Estimate& estimate, int decimals)
{
    return figure((estimate.high - estimate.low) / 2, decimals);
}

bool hasInterval(const Estimate& estimate)
{
    return estimate.n > 1;
}

std::string rowName(const TableRow& row)
{
    return visible(row.label) + (row.run ? ", seed " + std::to_string(row.seed) : "");
}

std::string csvEstimate(const std::optional<Estimate>& estimate)
{
    if (!estimate) return ",,,";
    return numberText(estimate->value) + "," + (hasInterval(*estimate) ? numberText(estimate->low) : "") + "," +
           (hasInterval(*estimate) ? numberText(estimate->high) : "") + "," + std::to_string(estimate->n);
}

std::string differenceCsv(const TableCell& cell)
{
    return csvEstimate(cell.difference ? std::optional(cell.difference->estimate) : std::nullopt) + "," +
           (cell.difference ? (cell.difference->paired ? "yes" : "no") : "") + "," +
           (cell.p ? numberText(*cell.p) : "");
}

std::string asCsv(const ComparisonTable& table)
{
    std::string text = "group,seed,baseline,metric,value,low,high,n,interval_over,best,difference,difference_low,"
                       "difference_high,difference_n,paired,p_adjusted,runs,runs_not_finite\n";
    for (const TableRow& row : table.rows)
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const TableCell& cell = row.cells[i];
            if (!cell.value && cell.notFinite == 0) continue;
            text += csvField(visible(row.label)) + "," + (row.run ? std::to_string(row.seed) : "") + "," +
                    (row.baseline ? "yes" : "no") + "," + table.columns[i].id + "," + csvEstimate(cell.value) + "," +
                    (cell.overItems ? "items" : "runs") + "," + (cell.best ? "yes" : "no") + "," + differenceCsv(cell) +
                    "," + std::to_string(cell.runs) + "," + std::to_string(cell.notFinite) + "\n";
        }
    for (const ContrastRow& row : table.contrasts) // no group's value, a difference alone
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            if (row.cells[i].difference)
                text += csvField(visible(row.label)) + ",,no," + table.columns[i].id + "," + csvEstimate(std::nullopt) +
                        ",runs,no," + differenceCsv(row.cells[i]) + ",,\n";
    return text;
}

json estimateJson(const Estimate& estimate)
{
    return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}, {"n", estimate.n}};
}

json differenceJson(const TableCell& cell)
{
    json difference = estimateJson(cell.difference->estimate);
    difference["paired"] = cell.difference->paired;
    if (cell.p) difference["p_adjusted"] = *cell.p;
    return difference;
}

json contrastsJson(const ComparisonTable& table)
{
    json all = json::array();
    for (const ContrastRow& row : table.contrasts) {
        json one{{"contrast", row.label}, {"differences", json::object()}};
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            if (row.cells[i].difference) one["differences"][table.columns[i].id] = differenceJson(row.cells[i]);
        all.push_back(std::move(one));
    }
    return all;
}

std::string asJson(const ComparisonTable& table)
{
    json document{{"note", table.note}, {"rows", json::array()}};
    for (const TableRow& row : table.rows) {
        json one{{"group", row.label}, {"baseline", row.baseline}, {"runs", row.runs}, {"unfinished", row.unfinished}};
        if (row.run) one["seed"] = row.seed;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const TableCell& cell = row.cells[i];
            if (!cell.value && cell.notFinite == 0) continue;
            json figure = cell.value ? estimateJson(*cell.value) : json::object();
            figure["runs"] = cell.runs;
            figure["runs_not_finite"] = cell.notFinite;
            figure["interval_over"] = cell.overItems ? "items" : "runs";
            figure["best"] = cell.best;
            if (cell.difference) figure["difference"] = differenceJson(cell);
            one["metrics"][table.columns[i].id] = std::move(figure);
        }
        document["rows"].push_back(std::move(one));
    }
    if (!table.contrasts.empty()) document["contrasts"] = contrastsJson(table);
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string columnTitle(const FinalMetric& metric)
{
    const std::string unit = metric.unit;
    return std::string(metric.label) + (unit.empty() ? "" : ", " + unit);
}

/// ", p = 0.042"; empty where there is no test.
std::string testText(const TableCell& cell)
{
    if (!cell.p) return {};
    return *cell.p < 0.001 ? ", p < 0.001" : ", p = " + fixedText(*cell.p, 3);
}

/// " ± 0.009", or " [0.976, 1.000]" where the two sides differ.
std::string intervalText(const Estimate& estimate, int decimals, bool sign = false)
{
    if (isEven(estimate, decimals)) return " ± " + half(estimate, decimals);
    return " [" + figure(estimate.low, decimals, sign) + ", " + figure(estimate.high, decimals, sign) + "]";
}

/// "+0.012 ± 0.009, p = 0.042"; a dash where the two could not be compared.
std::string contrastCell(const TableCell& cell, const FinalMetric& metric)
{
    if (!cell.difference) return "–";
    const Estimate& estimate = cell.difference->estimate;
    return figure(estimate.value, metric.decimals, true) + intervalText(estimate, metric.decimals, true) +
           testText(cell);
}

std::string markdownCell(const TableRow& row, const TableCell& cell, const FinalMetric& metric)
{
    const std::string count = countNote(row, cell);
    if (!cell.value) return count.empty() ? "–" : "–, " + count;
    std::string text = figure(cell.value->value, metric.decimals);
    if (cell.best) text = "**" + text + "**";
    if (hasInterval(*cell.value)) text += intervalText(*cell.value, metric.decimals);
    if (!count.empty()) text += ", " + count;
    if (cell.difference) text += " (" + figure(cell.difference->estimate.value, metric.decimals, true);
    text += testText(cell);
    return text + (cell.difference ? ")" : "");
}

/// One part of the columns: a line of 20 figures is no table that anybody reads.
std::string markdownPart(const ComparisonTable& table, const MetricPart& part)
{
    std::string head;
    std::string rule;
    for (std::size_t i = part.first; i < part.last; ++i) {
        head += " " + columnTitle(table.columns[i]) + " |";
        rule += "---:|";
    }
    std::string text = "| condition | n |" + head + "\n|---|---:|" + rule + "\n";
    for (const TableRow& row : table.rows) {
        text += "| " + markdownName(rowName(row)) + (row.baseline ? " (baseline)" : "") + " | " +
                std::to_string(row.runs) + " |";
        for (std::size_t i = part.first; i < part.last; ++i)
            text += " " + markdownCell(row, row.cells[i], table.columns[i]) + " |";
        text += "\n";
    }
    if (!table.contrasts.empty()) text += "\n| contrast |" + head + "\n|---|" + rule + "\n";
    for (const ContrastRow& row : table.contrasts) {
        text += "| " + markdownName(visible(row.label)) + " |";
        for (std::size_t i = part.first; i < part.last; ++i)
            text += " " + contrastCell(row.cells[i], table.columns[i]) + " |";
        text += "\n";
    }
    return text + "\n";
}

std::string asMarkdown(const ComparisonTable& table)
{
    std::string text;
    for (const MetricPart& part : partsOf(table.columns))
        text += markdownPart(table, part);
    return text + table.note + "\n";
}

std::string latexNumber(double value, int decimals, bool sign = false)
{
    if (std::isnan(value)) return "\\mathrm{NaN}";
    if (std::isinf(value)) return value < 0 ? "-\\infty" : "\\infty";
    std::string text = fixedText(value, decimals, sign);
    if (decimals >= 0) return text;
    const std::size_t e = text.find('e');
    return text.substr(0, e) + " \\times 10^{" + std::to_string(std::stoi(text.substr(e + 1))) + "}";
}

std::string latexInterval(const Estimate& estimate, int decimals, bool sign = false)
{
    if (isEven(estimate, decimals)) return " \\pm " + latexNumber((estimate.high - estimate.low) / 2, decimals);
    return "\\ [" + latexNumber(estimate.low, decimals, sign) + ", " + latexNumber(estimate.high, decimals, sign) + "]";
}

std::string latexCell(const TableRow& row, const TableCell& cell, const FinalMetric& metric)
{
    const std::string count = countNote(row, cell);
    if (!cell.value) return count.empty() ? "--" : "-- (" + count + ")";
    std::string text = latexNumber(cell.value->value, metric.decimals);
    if (cell.best) text = "\\mathbf{" + text + "}";
    if (hasInterval(*cell.value)) text += latexInterval(*cell.value, metric.decimals);
    return "$" + text + "$" + (count.empty() ? "" : " (" + count + ")");
}

std::string latexContrast(const TableCell& cell, const FinalMetric& metric)
{
    if (!cell.difference) return "--";
    const Estimate& estimate = cell.difference->estimate;
    return "$" + latexNumber(estimate.value, metric.decimals, true) + latexInterval(estimate, metric.decimals, true) +
           "$" +
           (!cell.p           ? ""
            : *cell.p < 0.001 ? " ($p < 0.001$)"
                              : " ($p = " + fixedText(*cell.p, 3) + "$)");
}

std::string latexPart(const ComparisonTable& table, const MetricPart& part)
{
    std::string text =
        "\\begin{tabular}{lr" + std::string(part.last - part.first, 'r') + "}\n\\toprule\ncondition & $n$";
    for (std::size_t i = part.first; i < part.last; ++i)
        text += " & " + latexName(columnTitle(table.columns[i]));
    text += " \\\\\n\\midrule\n";
    for (const TableRow& row : table.rows) {
        text += latexName(rowName(row)) + " & " + std::to_string(row.runs);
        for (std::size_t i = part.first; i < part.last; ++i)
            text += " & " + latexCell(row, row.cells[i], table.columns[i]);
        text += " \\\\\n";
    }
    if (!table.contrasts.empty()) text += "\\midrule\n";
    for (const ContrastRow& row : table.contrasts) {
        text += latexName(visible(row.label)) + " &";
        for (std::size_t i = part.first; i < part.last; ++i)
            text += " & " + latexContrast(row.cells[i], table.columns[i]);
        text += " \\\\\n";
    }
    return text + "\\bottomrule\n\\end{tabular}\n";
}

std::string asLatex(const ComparisonTable& table)
{
    std::string text = "% " + table.note + "\n";
    for (const MetricPart& part : partsOf(table.columns))
        text += latexPart(table, part);
    return text;
}

} // namespace

bool isEven(const Estimate& estimate, int decimals)
{
    return figure(estimate.high - estimate.value, decimals) == figure(estimate.value - estimate.low, decimals);
}

std::string countText(const TableCell& cell)
{
    if (!cell.difference) return {};
    const GroupDifference& difference = *cell.difference;
    return difference.paired
               ? counted(static_cast<std::size_t>(difference.groupRuns), "pair")
               : std::to_string(difference.groupRuns) + " against " + std::to_string(difference.baselineRuns);
}

std::optional<TextFormat> textFormatFromName(const std::string& name)
{
    if (name == "csv") return TextFormat::Csv;
    if (name == "json") return TextFormat::Json;
    if (name == "markdown") return TextFormat::Markdown;
    if (name == "latex") return TextFormat::Latex;
    return std::nullopt;
}

std::string textOf(const ComparisonTable& table, TextFormat format)
{
    switch (format) {
    case TextFormat::Csv:
        return asCsv(table);
    case TextFormat::Json:
        return asJson(table);
    case TextFormat::Markdown:
        return asMarkdown(table);
    case TextFormat::Latex:
        return asLatex(table);
    }
    return {};
}

} // namespace gradus::compare
