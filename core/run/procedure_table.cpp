// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/procedure_table.h"

#include "compare/comparison_table.h"
#include "run/text_table.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::run {

namespace {

constexpr std::size_t kColumnsAcross = 4; ///< that a terminal shows beside their conditions

std::string tableOf(const compare::ComparisonTable& all, const std::string& procedure, std::size_t first,
                    std::size_t last)
{
    // Two lines of a heading: what it is, and of what.
    std::vector<std::vector<std::string>> lines{{procedure, "runs"}, {"", ""}};
    for (std::size_t i = first; i < last; ++i) {
        lines[0].emplace_back(all.columns[i].label);
        lines[1].emplace_back(all.columns[i].unit);
    }
    for (const compare::TableRow& row : all.rows) {
        std::vector<std::string> line{visible(row.label), std::to_string(row.runs)};
        for (std::size_t i = first; i < last; ++i)
            line.push_back(figureCell(row.cells[i].value, all.columns[i].decimals));
        lines.push_back(std::move(line));
    }
    return "\n" + aligned(lines, 1);
}

} // namespace

std::string procedureTables(const std::vector<compare::ComparedRun>& runs)
{
    const compare::ComparisonTable all =
        compare::comparisonTable(runs, compare::grouped(runs), {.baseline = std::nullopt});
    std::string text;
    for (const compare::MetricPart& part : compare::partsOf(all.columns)) {
        if (part.procedure.empty()) continue;
        for (std::size_t first = part.first; first < part.last; first += kColumnsAcross)
            text += tableOf(all, part.procedure, first, std::min(part.last, first + kColumnsAcross));
    }
    return text.empty() ? text : text + "Of each run's end; ± is half a 95 % t interval over runs.\n";
}

} // namespace gradus::run
