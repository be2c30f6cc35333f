// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/firmness.h"

#include "report/words.h"

#include "compare/spec_diff.h"
#include "evals/power.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace gradus::report {

namespace {

using compare::FinalMetric;
using compare::SeedValue;
using compare::TableRow;

constexpr double kLevel = 0.05;
constexpr std::size_t kMostComparisons = 6;

/// Seeds without which the difference would no longer be significant at this level; level: Bonferroni's, which is
/// stricter than Holm's for all but the smallest p.
std::vector<std::int64_t> seedsItRestsOn(const std::vector<SeedValue>& group, const std::vector<SeedValue>& baseline,
                                         compare::TestKind kind, double level)
{
    std::vector<std::int64_t> seeds;
    for (const SeedValue& left : group) {
        std::vector<SeedValue> fewer;
        std::vector<SeedValue> fewerBase;
        std::copy_if(group.begin(), group.end(), std::back_inserter(fewer),
                     [&](const SeedValue& one) { return one.seed != left.seed; });
        std::copy_if(baseline.begin(), baseline.end(), std::back_inserter(fewerBase),
                     [&](const SeedValue& one) { return one.seed != left.seed; });
        const auto difference = compare::differenceOf(fewer, fewerBase);
        const compare::TestResult* test = difference ? difference->test(kind) : nullptr;
        if (test == nullptr || test->p >= level) seeds.push_back(left.seed);
    }
    return seeds;
}

std::string seedList(const std::vector<std::int64_t>& seeds)
{
    std::string text;
    for (const std::int64_t seed : seeds)
        text += (text.empty() ? "" : ", ") + std::to_string(seed);
    return text;
}

std::string firmnessOf(const Evidence& evidence, const TableRow& row, std::size_t column, std::size_t comparisons)
{
    const FinalMetric& metric = evidence.table.columns[column];
    const compare::TableCell& cell = row.cells[column];
    const auto base = compare::countedValues(metric, evidence.grouping.groups[*row.against], evidence.runs);
    const auto values = compare::countedValues(metric, evidence.grouping.groups[row.group], evidence.runs);
    const std::string who = std::string(metric.label) + " of \u201c" + visible(row.label, 80) + "\u201d";
    const double level = kLevel / static_cast<double>(comparisons);
    if (cell.p && *cell.p < kLevel) {
        const auto seeds = seedsItRestsOn(values, base, evidence.test, level);
        if (seeds.empty()) return who + ": the difference stays significant whichever seed is left out.";
        if (seeds.size() == values.size())
            return who + ": significant with all seeds, with none of them left out; more seeds would tell.";
        return who + ": the difference is no longer significant without seed " + seedList(seeds) + " (each alone).";
    }
    if (!cell.difference->paired) return {};
    const double deviation = cell.difference->deviation;
    const auto pairs = static_cast<long long>(cell.difference->groupRuns);
    if (deviation < 1e-12) return who + ": every seed gave the same difference.";
    std::string text = who + ": with " + counted(static_cast<std::size_t>(pairs), "seed") +
                       " whose differences scatter by " + typeset(deviation, metric.decimals) +
                       " (standard deviation), a true difference of " +
                       typeset(evals::detectableDifference(deviation, pairs, level), metric.decimals) +
                       " would be found in 8 of 10 repeats";
    const double observed = cell.difference->estimate.value;
    const auto needed = evals::pairsNeeded(observed, deviation, level);
    return text + "; to find the observed " + typeset(std::abs(observed), metric.decimals) + " as often takes " +
           (needed ? counted(static_cast<std::size_t>(*needed), "seed") : "more than 999 seeds") + ".";
}

} // namespace

std::vector<std::string> whatWouldChange(const Evidence& evidence)
{
    std::vector<std::string> lines;
    for (std::size_t column = 0; column < evidence.table.columns.size(); ++column) {
        const std::string id = evidence.table.columns[column].id;
        if (id != "utility/competence" && id != "harm/rate") continue;
        std::vector<const TableRow*> rows;
        for (const TableRow& row : evidence.table.rows)
            if (row.cells[column].difference) rows.push_back(&row);
        // Those of contrasts are corrected for as well.
        const std::size_t comparisons =
            std::max({std::size_t{1}, rows.size(), compare::testsIn(evidence.table, column)});
        std::stable_sort(rows.begin(), rows.end(), [&](const TableRow* a, const TableRow* b) {
            return a->cells[column].p.value_or(2) < b->cells[column].p.value_or(2);
        });
        if (rows.size() > kMostComparisons) rows.resize(kMostComparisons);
        for (const TableRow* row : rows)
            if (std::string text = firmnessOf(evidence, *row, column, comparisons); !text.empty()) {
                text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
                lines.push_back(std::move(text));
            }
        if (comparisons > kMostComparisons)
            lines.push_back("The " + std::to_string(kMostComparisons) + " clearest of " +
                            counted(comparisons, "comparison") + " are told here.");
    }
    for (const std::string& key : compare::confounds(evidence.runs, evidence.grouping))
        lines.push_back("The conditions also differ in " + key +
                        ", which no sweep varied: what is put down to the sweep may be its doing.");
    if (evidence.grouping.groups.size() == 1)
        lines.emplace_back("There is one condition: nothing here says what another would have given.");
    return lines;
}

} // namespace gradus::report
