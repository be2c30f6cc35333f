// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/result_table.h"

#include "base/text.h"
#include "run/label_noise_rows.h"
#include "run/result_rows.h"
#include "run/text_table.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

using events::GenerationRecord;
using nlohmann::json;

std::string signatureLine(const Signatures& of)
{
    std::string text = "Failure signatures" + (of.condition.empty() ? "" : ", " + of.condition) + ": ";
    for (const auto& [kind, count] : of.fired)
        text += (text.ends_with(": ") ? "" : ", ") + kind + " " + std::to_string(count);
    return text + (of.fired.empty() ? "none" : "") + " in " + std::to_string(of.students) + " generations.";
}

std::string endingTable(const std::vector<Ending>& endings)
{
    std::vector<std::vector<std::string>> lines{
        {"at the end", "seeds", "generations", "utility", "imitation", "excess", "compute (FLOP)"}};
    const bool anyAligned =
        std::ranges::any_of(endings, [](const Ending& ending) { return ending.beforeAlignment.has_value(); });
    if (anyAligned) lines.front().insert(lines.front().begin() + 4, "before alignment");
    for (const Ending& ending : endings) {
        char flops[40] = "–";
        if (ending.flops) std::snprintf(flops, sizeof flops, "%.2e", ending.flops->value);
        lines.push_back({ending.condition, std::to_string(ending.runs), fixedText(ending.generations, 1),
                         figureCell(ending.utility), figureCell(ending.imitation), figureCell(ending.excess, 3, true),
                         flops});
        if (anyAligned) lines.back().insert(lines.back().begin() + 4, figureCell(ending.beforeAlignment));
    }
    std::string text = aligned(lines);
    for (const Ending& ending : endings)
        if (ending.unfinished > 0)
            text += ending.condition + ": " + std::to_string(ending.unfinished) + " of " +
                    std::to_string(ending.runs + ending.unfinished) +
                    " runs are not over, or kept no generation, and do not count here.\n";
    return text;
}

/// What risk discovery and alignment made of each generation; empty where they did not run.
std::string conformityTable(const std::vector<ResultRow>& rows)
{
    std::vector<std::vector<std::string>> lines{{"", "generation", "harm before", "unwatched", "watched", "harm after",
                                                 "asks without need", "utility after", "after - before"}};
    for (const ResultRow& row : rows)
        if (const auto& of = row.alignment)
            lines.push_back({row.condition, "A" + std::to_string(row.generation), figureCell(of->harmBefore),
                             figureCell(of->unwatched), figureCell(of->watched), figureCell(of->harm),
                             figureCell(of->overRefusal), figureCell(of->after), figureCell(of->change, 3, true)});
    if (lines.size() == 1) return {};
    return "\n" + aligned(lines) +
           "Harm is the share of held-out tempting twins in which the oracle saw a hazard, before alignment also where "
           "nobody\nwatches and where somebody does. Utility after minus before alignment is paired by seed.\n\n";
}

json estimateJson(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}, {"n", estimate->n}};
}

json alignmentJson(const std::optional<compare::AlignmentRow>& row)
{
    const compare::AlignmentRow of = row.value_or(compare::AlignmentRow{});
    return {{"harm_before", estimateJson(of.harmBefore)},
            {"harm_before_unwatched", estimateJson(of.unwatched)},
            {"harm_before_watched", estimateJson(of.watched)},
            {"harm", estimateJson(of.harm)},
            {"over_refusal", estimateJson(of.overRefusal)},
            {"aligned_utility", estimateJson(of.after)},
            {"aligned_change", row ? estimateJson(of.change) : json(nullptr)}};
}

} // namespace

std::string resultTable(const std::vector<store::RunDetail>& runs)
{
    const std::vector<ResultRow> rows = resultRows(runs);
    if (rows.empty()) return "No generation has finished yet.\n";
    const bool conditions =
        std::any_of(rows.begin(), rows.end(), [](const ResultRow& row) { return !row.condition.empty(); });
    std::vector<std::vector<std::string>> lines{{conditions ? "condition" : "", "generation", "rung", "parameters",
                                                 "gap", "utility", "supervisor", "ceiling", "PGR", "imitation",
                                                 "excess", "memorised"}};
    for (const ResultRow& row : rows)
        lines.push_back({row.condition, "A" + std::to_string(row.generation), row.rung,
                         row.parameters ? std::to_string(*row.parameters) : "–", row.gap ? fixedText(*row.gap, 2) : "–",
                         figureCell(row.utility), figureCell(row.weak), figureCell(row.ceiling), figureCell(row.pgr),
                         figureCell(row.imitation), figureCell(row.excess, 3, true), figureCell(row.memorisation)});
    std::string text = aligned(lines);
    if (conditions) text += "\n" + endingTable(endingsOf(runs)) + "\n";
    text += conformityTable(rows);
    text += labelNoiseTable(labelNoiseRows(runs));
    std::set<std::string> refusals;
    for (const store::RunDetail& run : runs)
        for (const GenerationRecord& record : run.generations)
            if (!record.rolledBack && !record.pgrRefusal.empty() && record.generation > 1)
                refusals.insert("seed " + std::to_string(run.run.seed) +
                                (run.run.condition.empty() ? "" : ", " + run.run.condition) + ", A" +
                                std::to_string(record.generation) + ": " + record.pgrRefusal);
    std::size_t most = 0;
    for (const ResultRow& row : rows)
        most = std::max(most, row.runs);
    text += most >= 2 ? "± is half a 95 % t interval over " + std::to_string(most) + " seeds"
                      : "± is half a 95 % interval over held-out items (one seed)";
    text += ", [low, high] the whole where its sides differ";
    if (rows.front().utility) text += "; gap in log10 parameters.\n";
    if (std::ranges::any_of(rows, [](const ResultRow& row) { return row.alignment.has_value(); }))
        text +=
            "Utility of a generation, PGR, imitation and memorised are of the model before alignment; what runs end "
            "with is the model after it.\n";
    for (const Difference& difference : differencesOf(runs))
        text += "Final utility, " + difference.condition + " minus " + difference.baseline + ": " +
                fixedText(difference.estimate.value, 3, true) + " [" + fixedText(difference.estimate.low, 3, true) +
                ", " + fixedText(difference.estimate.high, 3, true) + "] (paired over " +
                std::to_string(difference.estimate.n) + " seeds, 95 % t interval)" +
                (difference.sameRungs ? "; both took the same rungs.\n" : ".\n");
    for (const Signatures& of : signaturesOf(runs))
        if (of.students > 0) text += signatureLine(of) + "\n";
    for (const std::string& line : baselinesOf(runs))
        text += line + "\n";
    for (const std::string& refusal : refusals)
        text += refusal + "\n";
    return text;
}

std::string resultJson(const std::vector<store::RunDetail>& runs)
{
    json result{{"runs", runs.size()},          {"rows", json::array()},       {"endings", json::array()},
                {"differences", json::array()}, {"signatures", json::array()}, {"baselines", baselinesOf(runs)}};
    for (const ResultRow& row : resultRows(runs)) {
        result["rows"].push_back({{"condition", row.condition},
                                  {"generation", row.generation},
                                  {"rung", row.rung},
                                  {"parameters", row.parameters ? json(*row.parameters) : json(nullptr)},
                                  {"gap", row.gap ? json(*row.gap) : json(nullptr)},
                                  {"seeds", row.runs},
                                  {"utility", estimateJson(row.utility)},
                                  {"supervisor", estimateJson(row.weak)},
                                  {"ceiling", estimateJson(row.ceiling)},
                                  {"pgr", estimateJson(row.pgr)},
                                  {"imitation", estimateJson(row.imitation)},
                                  {"excess_imitation", estimateJson(row.excess)},
                                  {"memorisation", estimateJson(row.memorisation)}});
        result["rows"].back().update(alignmentJson(row.alignment));
    }
    for (const Ending& ending : endingsOf(runs))
        result["endings"].push_back({{"condition", ending.condition},
                                     {"seeds", ending.runs},
                                     {"unfinished", ending.unfinished},
                                     {"generations", ending.generations},
                                     {"utility", estimateJson(ending.utility)},
                                     {"utility_before_alignment", estimateJson(ending.beforeAlignment)},
                                     {"imitation", estimateJson(ending.imitation)},
                                     {"excess_imitation", estimateJson(ending.excess)},
                                     {"flops", estimateJson(ending.flops)}});
    result["label_noise"] = json::array();
    for (const LabelNoiseRow& row : labelNoiseRows(runs)) {
        json estimates = json::object();
        for (const auto& [method, estimate] : row.estimates)
            estimates[method] = estimateJson(estimate);
        result["label_noise"].push_back({{"condition", row.condition},
                                         {"generation", row.generation},
                                         {"runs", row.runs},
                                         {"wrong_held_out", estimateJson(row.truth)},
                                         {"estimates", estimates},
                                         {"refused", row.refused},
                                         {"alarms", row.alarms}});
    }
    for (const Signatures& of : signaturesOf(runs))
        result["signatures"].push_back({{"condition", of.condition}, {"students", of.students}, {"fired", of.fired}});
    for (const Difference& difference : differencesOf(runs))
        result["differences"].push_back({{"condition", difference.condition},
                                         {"baseline", difference.baseline},
                                         {"final_utility", estimateJson(difference.estimate)},
                                         {"same_rungs", difference.sameRungs}});
    return result.dump(2) + "\n";
}

} // namespace gradus::run
