// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "run/pair_scores.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::ordered_json;

struct ScoreOptions
{
    std::string run;
    std::string store;
    std::string out;
    int generation = 0;
    std::vector<std::string> columns;
    run::PairScoreRequest request;
};

Result<store::RunDetail> runOf(const ScoreOptions& options)
{
    auto details = chosenDetails(options.store, {options.run});
    if (!details) return details.error();
    if (details->size() != 1)
        return badInput(visible(options.run, 60) + " names " + counted(details->size(), "run") +
                        ": give the id of one, as `gradus list` shows it.");
    return std::move(details->front());
}

std::string linesOf(const run::PairScores& scores)
{
    std::string lines;
    for (const run::PairScore& pair : scores.pairs) {
        ordered_json row{{"line", pair.line}};
        if (!pair.subset.empty()) row["subset"] = pair.subset;
        row["preference"] = pair.preference;
        row["result"] = pair.result;
        lines += row.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }
    return lines;
}

int score(ScoreOptions& options)
{
    auto columns = assignments(options.columns, "--column", "ROLE=COLUMN");
    if (!columns) return report(columns.error());
    options.request.columns = std::move(*columns);
    if (options.generation > 0) options.request.generation = options.generation;
    const auto run = runOf(options);
    if (!run) return report(run.error());
    const auto scores =
        run::scorePairs(*run, std::filesystem::absolute(storePath(options.store)).parent_path(), options.request);
    if (!scores) return report(scores.error());
    const std::string lines = linesOf(*scores);
    if (options.out.empty()) {
        std::fwrite(lines.data(), 1, lines.size(), stdout);
        return 0;
    }
    const auto written = writeFileAtomically(options.out, lines);
    if (!written) return report(written.error());
    double right = 0;
    bool subsets = false;
    for (const run::PairScore& pair : scores->pairs) {
        right += pair.result;
        subsets = subsets || !pair.subset.empty();
    }
    const auto count = static_cast<double>(scores->pairs.size());
    std::printf(
        "A%d (%s): %s of %s right%s; %.1f %% of texts cut. %s\n", scores->generation, visible(scores->rung, 60).c_str(),
        fixedText(count > 0 ? right / count : 0).c_str(), counted(scores->pairs.size(), "pair").c_str(),
        scores->leftOut > 0 ? (", " + counted(scores->leftOut, "row") + " left out").c_str() : "",
        100 * scores->truncatedShare,
        subsets ? ("RewardBench's sections: gradus data rewardbench " + visible(options.out, 200)).c_str() : "");
    return 0;
}

} // namespace

void addModelScore(CLI::App& model, Invocation& invocation)
{
    auto options = std::make_shared<ScoreOptions>();
    CLI::App* verb = model.add_subcommand(
        "score", "Which answer of every pair of a file a run's generation prefers, as a reward model.");
    verb->add_option("run", options->run, "Run id, or its first characters")->required();
    verb->add_option("file", options->request.file, "Pairs: .jsonl, .csv or .parquet")->required();
    verb->add_option("--generation", options->generation, "Which one (default: the last that was kept)")
        ->check(CLI::Range(1, 1000));
    verb->add_option("--task", options->request.task, "How the file is read (see task.name)")->capture_default_str();
    verb->add_option("--column", options->columns, "ROLE=COLUMN, where the file's columns have other names");
    verb->add_option("-o,--output", options->out, "Write the scores here instead of to the terminal");
    verb->add_option("--store", options->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([options, &invocation] { invocation.exitCode = score(*options); });
}

} // namespace gradus::app
