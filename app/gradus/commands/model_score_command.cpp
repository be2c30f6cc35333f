// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "engine/tuning.h"
#include "run/folder_pair_scores.h"

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
    std::string file;
    std::vector<std::string> columns;
    std::string task;
    std::string precision = "fp32";
    int generation = 0;
    int threads = 1;
    run::FolderScoreRequest folder;
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

void printSummary(const run::PairScores& scores, const std::string& who, const std::string& out)
{
    double right = 0;
    long long ties = 0;
    bool subsets = false;
    for (const run::PairScore& pair : scores.pairs) {
        right += pair.result;
        ties += pair.result == 0.5 ? 1 : 0;
        subsets = subsets || !pair.subset.empty();
    }
    const auto count = static_cast<double>(scores.pairs.size());
    std::printf("%s: %s of %s right%s%s", who.c_str(), fixedText(count > 0 ? right / count : 0).c_str(),
                counted(scores.pairs.size(), "pair").c_str(),
                ties > 0 ? (", a tie counted as half (" + std::to_string(ties) + ")").c_str() : "",
                scores.leftOut > 0 ? (", " + counted(scores.leftOut, "row") + " left out").c_str() : "");
    if (scores.generation > 0) std::printf("; %.1f %% of texts cut", 100 * scores.truncatedShare);
    std::printf(".%s\n",
                subsets ? (" RewardBench's sections: gradus data rewardbench " + visible(out, 200)).c_str() : "");
    if (!scores.note.empty()) std::printf("%s\n", visible(scores.note, 2000).c_str());
}

Result<run::PairScores> scoresOfRun(const ScoreOptions& options,
                                    std::vector<std::pair<std::string, std::string>> columns)
{
    run::PairScoreRequest request{.file = options.file,
                                  .task = options.task.empty() ? "rewardbench" : options.task,
                                  .columns = std::move(columns)};
    if (options.generation > 0) request.generation = options.generation;
    const auto run = runOf(options);
    if (!run) return run.error();
    return run::scorePairs(*run, std::filesystem::absolute(storePath(options.store)).parent_path(), request);
}

Result<run::PairScores> scoresOfFolder(ScoreOptions& options, std::vector<std::pair<std::string, std::string>> columns,
                                       const StopFlag& stop)
{
    if (options.generation > 0)
        return badInput("--generation names a run's, and " + visible(options.run, 200) +
                        " is a model's folder; leave it out.");
    const auto precision = engine::precisionOf(options.precision);
    if (!precision) return precision.error();
    engine::useThreads(options.threads);
    run::FolderScoreRequest request = options.folder;
    request.model.folder = options.run;
    request.model.precision = *precision;
    request.file.file = options.file;
    request.file.task = options.task;
    request.file.columns = std::move(columns);
    const double begun = monotonicSeconds();
    double shownAt = begun;
    return run::scorePairs(request, stop, [&](std::size_t done, std::size_t all) {
        const double now = monotonicSeconds();
        if (now - shownAt < 2) return;
        shownAt = now;
        const double left = (now - begun) * static_cast<double>(all - done) / static_cast<double>(done);
        std::fprintf(stderr, "%zu of %s, about %s left\n", done, counted(all, "pair").c_str(),
                     durationText(left).c_str());
    });
}

int score(ScoreOptions& options, const StopFlag& stop)
{
    auto columns = assignments(options.columns, "--column", "ROLE=COLUMN");
    if (!columns) return report(columns.error());
    const bool isFolder = std::filesystem::exists(std::filesystem::path(options.run) / "config.json");
    const auto scores =
        isFolder ? scoresOfFolder(options, std::move(*columns), stop) : scoresOfRun(options, std::move(*columns));
    if (!scores) return report(scores.error());
    const std::string lines = linesOf(*scores);
    if (options.out.empty()) {
        std::fwrite(lines.data(), 1, lines.size(), stdout);
        return 0;
    }
    const auto written = writeFileAtomically(options.out, lines);
    if (!written) return report(written.error());
    const std::string rung = visible(scores->rung, 60);
    printSummary(*scores, isFolder ? rung : "A" + std::to_string(scores->generation) + " (" + rung + ")", options.out);
    return 0;
}

} // namespace

void addModelScore(CLI::App& model, Invocation& invocation)
{
    auto options = std::make_shared<ScoreOptions>();
    CLI::App* verb =
        model.add_subcommand("score", "Which answer of every pair of a file a reward model prefers: a run's "
                                      "generation, or a model's folder with a head of one score.");
    verb->add_option("model", options->run, "Run id, or its first characters; or a model's folder")->required();
    verb->add_option("file", options->file, "Pairs: .jsonl, .csv or .parquet")->required();
    verb->add_option("--generation", options->generation, "Of a run: which one (default: the last that was kept)")
        ->check(CLI::Range(1, 1000));
    verb->add_option("--task", options->task,
                     "How the file is read (see task.name; default: a run's as rewardbench, a folder's by the columns "
                     "chosen and rejected)");
    verb->add_option("--column", options->columns, "ROLE=COLUMN, where the file's columns have other names");
    verb->add_option("-o,--output", options->out, "Write the scores here instead of to the terminal");
    verb->add_option("--store", options->store, "Of a run: the run store (default: the workspace's gradus.db)");
    verb->add_option("--adapter", options->folder.model.adapter, "Of a folder: an adapter on top of it");
    verb->add_option("--max-tokens", options->folder.maxTokens, "Of a folder: pairs with a longer text are left out")
        ->check(CLI::Range(4, 131072));
    verb->add_flag("--chat", options->folder.file.asChat,
                   "Of a folder: plain prompts and answers are turns of its chat template");
    verb->add_option("--precision", options->precision, "Of a folder: fp32 or bf16")->capture_default_str();
    verb->add_option("--device", options->folder.model.device, "Of a folder: cpu, cuda or cuda:N")
        ->capture_default_str();
    verb->add_option("--threads", options->threads, "Of a folder: threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    verb->callback([options, &invocation] { invocation.exitCode = score(*options, invocation.stop); });
}

} // namespace gradus::app
