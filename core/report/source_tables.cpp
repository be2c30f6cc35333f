// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/source_tables.h"

#include "compare/final_metrics.h"
#include "evals/statistics.h"
#include "report/words.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::report {

namespace {

using compare::SourceDiversity;

/// Of the condition's counted runs, as the tables of figures take them.
std::vector<SourceDiversity> ofCondition(const Evidence& evidence, const compare::RunGroup& group)
{
    std::vector<SourceDiversity> all;
    for (const std::size_t run : compare::countedRuns(group, evidence.runs).counted)
        if (run < evidence.sources.size() && evidence.sources[run]) all.push_back(*evidence.sources[run]);
    return all;
}

/// Mean over runs with its t interval; of fewer runs than there are, with their number.
std::string overRuns(const std::vector<SourceDiversity>& runs,
                     const std::function<std::optional<double>(const SourceDiversity&)>& figure, int decimals,
                     bool sign = false)
{
    std::vector<double> values;
    for (const SourceDiversity& run : runs)
        if (const auto value = figure(run)) values.push_back(*value);
    if (values.empty()) return "–";
    return estimateText(evals::meanWithInterval(values), decimals, sign) +
           (values.size() < runs.size() ? ", n = " + std::to_string(values.size()) : "");
}

std::optional<double> apart(const SourceDiversity& run)
{
    return run.within && run.between ? std::optional(*run.within - *run.between) : std::nullopt;
}

/// "3", or "2 to 3" where runs differ.
std::string rangeText(const std::vector<SourceDiversity>& runs, std::size_t SourceDiversity::*number)
{
    const auto [least, most] = std::ranges::minmax(runs, {}, number);
    return std::to_string(least.*number) + (least.*number == most.*number ? "" : " to " + std::to_string(most.*number));
}

} // namespace

std::optional<Table> sourceTable(const Evidence& evidence)
{
    std::vector<std::pair<std::string, std::vector<SourceDiversity>>> conditions;
    bool families = false;
    bool anchors = true;
    for (const compare::RunGroup& group : evidence.grouping.groups) {
        auto runs = ofCondition(evidence, group);
        if (runs.empty()) continue;
        families = families || std::ranges::any_of(runs, [](const auto& run) { return apart(run).has_value(); });
        anchors = anchors && std::ranges::all_of(runs, [](const auto& run) { return run.anchors > 0; });
        conditions.emplace_back(group.label, std::move(runs));
    }
    if (conditions.empty()) return std::nullopt;
    Table table{"Sources: how right each is, and how alike they err",
                {{"condition"},
                 {"n", true},
                 {"sources", true},
                 {"anchors", true},
                 {"right, each", true},
                 {"agree", true},
                 {"phi of errors", true}},
                {}};
    if (families)
        for (const char* title : {"phi, one family", "phi, two families", "one minus two"})
            table.columns.push_back({title, true});
    table.columns.push_back({"worth as independent", true});
    for (const auto& [label, runs] : conditions) {
        std::vector<std::string> cells{label,
                                       std::to_string(runs.size()),
                                       rangeText(runs, &SourceDiversity::sources),
                                       rangeText(runs, &SourceDiversity::anchors),
                                       overRuns(
                                           runs, [](const auto& run) { return run.accuracy; }, 3),
                                       overRuns(
                                           runs, [](const auto& run) { return run.agreement; }, 3),
                                       overRuns(
                                           runs, [](const auto& run) { return run.phi; }, 3)};
        if (families) {
            cells.push_back(overRuns(
                runs, [](const auto& run) { return run.within; }, 3));
            cells.push_back(overRuns(
                runs, [](const auto& run) { return run.between; }, 3));
            cells.push_back(overRuns(runs, apart, 3, true));
        }
        cells.push_back(overRuns(
            runs, [](const auto& run) { return run.effective; }, 2));
        table.rows.push_back(std::move(cells));
    }
    table.note = "Of the votes on the last generation that sources labelled; means over sources or pairs of them, then "
                 "over runs with 95 % t intervals. Right and phi, the correlation of being wrong, are of the anchors, "
                 "whose truth the run knows; agree: share of equal labels of the items that both answer. Worth as "
                 "independent: m / (1 + (m \u2212 1) \u03c1), \u03c1 the mean phi.";
    if (!anchors) table.note += " Without anchors (signals.anchors) votes tell of agreement alone.";
    return table;
}

} // namespace gradus::report
