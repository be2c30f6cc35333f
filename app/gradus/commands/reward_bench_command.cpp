// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "data/cell_path.h"
#include "data/table.h"
#include "evals/reward_bench.h"
#include "run/text_table.h"

#include <cmath>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct RewardBenchOptions
{
    std::string file;
    bool json = false;
};

/// The first of these columns that the table has.
std::optional<data::CellPath> anyColumn(const data::Table& table, std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (const auto found = data::findCell(table, name)) return found;
    return std::nullopt;
}

struct RewardBenchColumns
{
    data::CellPath subset;
    std::optional<data::CellPath> chosen, rejected, result;
};

Result<RewardBenchColumns> columnsOf(const data::Table& table)
{
    RewardBenchColumns columns;
    const auto subset = data::findCell(table, "subset");
    columns.chosen = anyColumn(table, {"score_chosen", "scores_chosen", "chosen_score"});
    columns.rejected = anyColumn(table, {"score_rejected", "scores_rejected", "rejected_score"});
    columns.result = anyColumn(table, {"result", "results"});
    const bool scored = columns.chosen && columns.rejected;
    if (subset && (scored || columns.result)) {
        columns.subset = *subset;
        if (scored) columns.result.reset();
        return columns;
    }
    return badInput(visible(table.file) + " has the columns " + visible(data::columnNames(table), 400) +
                    ": it needs subset, and score_chosen with score_rejected or result (1, 0, or 0.5 for a tie).");
}

Result<double> numberAt(const data::Table& table, const data::Row& row, const data::CellPath& column)
{
    auto text = data::cellText(table, row, column);
    if (!text) return text.error();
    if (*text == "true" || *text == "True") return 1.0;
    if (*text == "false" || *text == "False") return 0.0;
    // A reward model's file may hold one score in a list.
    if (text->size() > 2 && text->front() == '[' && text->back() == ']') *text = text->substr(1, text->size() - 2);
    if (const auto number = parseNumber(*text); number && !std::isnan(*number)) return *number;
    return badInput(data::placeOf(table, row) + ": \"" + visible(column.name, 60) + "\" is \"" + visible(*text, 40) +
                    "\", which is no number: correct it or take the row out.");
}

Result<std::vector<evals::RewardBenchRow>> rowsOf(const data::Table& table)
{
    const auto columns = columnsOf(table);
    if (!columns) return columns.error();
    std::vector<evals::RewardBenchRow> rows;
    for (const data::Row& row : table.rows) {
        const auto subset = data::cellText(table, row, columns->subset);
        if (!subset) return subset.error();
        if (columns->result) {
            const auto result = numberAt(table, row, *columns->result);
            if (!result) return result.error();
            if (*result != 0 && *result != 1 && *result != 0.5)
                return badInput(data::placeOf(table, row) + " has the result " + numberText(*result) +
                                ": write 1, 0, or 0.5 for a tie.");
            rows.push_back({*subset, *result});
            continue;
        }
        const auto chosen = numberAt(table, row, *columns->chosen);
        if (!chosen) return chosen.error();
        const auto rejected = numberAt(table, row, *columns->rejected);
        if (!rejected) return rejected.error();
        rows.push_back({*subset, evals::pairResult(*chosen, *rejected)});
    }
    return rows;
}

json asJson(const evals::RewardBenchScore& score)
{
    json made{{"overall", figureJson(score.overall)},
              {"sections", json::object()},
              {"subsets", json::object()},
              {"missing", score.missing},
              {"other_size", score.otherSize},
              {"unknown", score.unknown},
              {"rows", score.rows},
              {"ties", score.ties}};
    for (const auto& section : score.sections)
        made["sections"][std::string(section.name)] = figureJson(section.accuracy);
    for (const auto& subset : score.subsets)
        made["subsets"][std::string(subset.subset->name)] = figureJson(subset.accuracy);
    return made;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + visible(name, 60);
    return visible(text, 800);
}

void print(const evals::RewardBenchScore& score)
{
    std::vector<std::vector<std::string>> rows{{"", "accuracy", "rows", "ties"}};
    for (const auto& section : score.sections) {
        rows.push_back({std::string(section.name), figureText(section.accuracy, 4),
                        section.accuracy ? std::to_string(section.accuracy->n) : "0", ""});
        for (const auto& subset : score.subsets)
            if (subset.subset->section == section.name)
                rows.push_back({"  " + std::string(subset.subset->name), figureText(subset.accuracy, 4),
                                subset.accuracy ? std::to_string(subset.accuracy->n) : "0",
                                std::to_string(subset.ties)});
    }
    rows.push_back(
        {"RewardBench", figureText(score.overall, 4), std::to_string(score.rows), std::to_string(score.ties)});
    std::printf("%s", run::aligned(rows, run::kAllWords).c_str());
    std::printf("\nSections weigh their subsets by the published rows, math-prm by 984; a tie counts one half.\n");
    if (!score.overall) std::printf("There is no overall score: a section has no rows. It is the mean of all four.\n");
    if (!score.missing.empty())
        std::printf("Without rows and left out of their sections: %s\n", listed(score.missing).c_str());
    if (!score.otherSize.empty())
        std::printf("Not the published number of rows: %s\n", listed(score.otherSize).c_str());
    if (!score.unknown.empty()) std::printf("No subsets of RewardBench, left out: %s\n", listed(score.unknown).c_str());
}

int rewardBench(const RewardBenchOptions& options)
{
    const auto table = data::readTable(options.file);
    if (!table) return report(table.error());
    const auto rows = rowsOf(*table);
    if (!rows) return report(rows.error());
    const evals::RewardBenchScore score = evals::rewardBenchScore(*rows);
    if (options.json)
        printJson(asJson(score));
    else
        print(score);
    return 0;
}

} // namespace

void addRewardBench(CLI::App& data, Invocation& invocation)
{
    auto options = std::make_shared<RewardBenchOptions>();
    CLI::App* action = data.add_subcommand("rewardbench", "Score a reward model's RewardBench file.");
    action
        ->add_option("file", options->file,
                     "CSV or JSON Lines with subset, and score_chosen with score_rejected, or result")
        ->required();
    action->add_flag("--json", options->json, "JSON instead of text");
    action->callback([options, &invocation] { invocation.exitCode = rewardBench(*options); });
}

} // namespace gradus::app
