// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/chosen_runs.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "evals/beyond_judge.h"
#include "run/graded_models.h"
#include "run/text_table.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

struct BeyondOptions
{
    std::vector<std::string> runs;
    std::string store;
    int items = run::kGradedItems;
    bool json = false;
};

/// The three judgements of the models, and what they were made of.
struct Judged
{
    evals::GradedModels models;
    std::optional<evals::SurrogateJudge> surrogate;
    std::optional<evals::ExtrapolationJudge> extrapolation;
    std::vector<evals::PeerJudge> peers;
};

/// Accuracy by difficulty: mean over ladders of each generation's name.
std::vector<std::vector<std::string>> accuracyRows(const evals::GradedModels& all)
{
    std::vector<std::vector<std::string>> rows{{"accuracy at difficulty"}};
    for (const evals::GradedBin& bin : all.bins)
        rows.front().push_back(std::to_string(bin.difficulty));
    std::vector<std::string> names;
    for (const evals::GradedModel& model : all.models)
        if (std::ranges::find(names, model.name) == names.end()) names.push_back(model.name);
    std::ranges::sort(names);
    for (const std::string& name : names) {
        std::vector<std::string> row{visible(name, 60)};
        for (std::size_t bin = 0; bin < all.bins.size(); ++bin) {
            double sum = 0;
            double count = 0;
            for (std::size_t m = 0; m < all.models.size(); ++m)
                if (all.models[m].name == name) {
                    sum += evals::accuracyIn(all, m, bin).value;
                    count += 1;
                }
            row.push_back(fixedText(sum / count));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string asText(const Judged& judged)
{
    const evals::GradedModels& all = judged.models;
    std::string text =
        std::to_string(all.models.size()) + " models, " + std::to_string(all.bins.front().truth.size()) +
        " held-out items of each difficulty, " + std::to_string(all.classes) +
        " classes; the truth is known and only used to measure the judges\n" +
        (all.repeats > 0 ? std::to_string(all.repeats) + " runs have the weights of another and are left out\n" : "") +
        "\n" + run::aligned(accuracyRows(all), run::kAllWords) + "\n";
    if (judged.surrogate) {
        const auto& s = *judged.surrogate;
        text += "surrogate      hardest items foretold from the easier half: error " + fixedText(s.calibratedError) +
                " (uncalibrated " + fixedText(s.rawError) + "), " + fixedText(100 * s.coverage, 0) + " % of " +
                std::to_string(s.models) + " models inside the 90 % interval, slope " + figureText(s.slope, 2) +
                ", Spearman " + figureText(s.spearman, 2) + "\n";
    } else {
        text += "surrogate      not judged: it takes four models; give more runs\n";
    }
    if (judged.extrapolation) {
        const auto& e = *judged.extrapolation;
        text += "extrapolation  hardest items foretold from the trend: error " + fixedText(e.error) + " (last bin " +
                fixedText(e.carriedError) + "), mean promise minus truth " + fixedText(e.signedError) + ", share of " +
                std::to_string(e.cells) + " cells inside the 90 % interval " + figureText(e.coverage, 2) + ", width " +
                fixedText(e.width) + "\n";
    } else {
        text += "extrapolation  not judged: it takes two models of one run\n";
    }
    for (const evals::PeerJudge& panel : judged.peers)
        text += "peer review    " + panel.panel + ": Spearman with truth " + figureText(panel.spearman, 2) +
                ", Kendall " + figureText(panel.kendall, 2) + ", best model ranked first in " +
                fixedText(100 * panel.topRight, 0) + " % of " + std::to_string(panel.ladders) + " ladders\n";
    if (judged.peers.empty()) text += "peer review    not judged: it takes three models of one run\n";
    return text;
}

json asJson(const Judged& judged)
{
    const evals::GradedModels& all = judged.models;
    json made{{"items", all.bins.front().truth.size()},
              {"classes", all.classes},
              {"repeats", all.repeats},
              {"difficulties", json::array()},
              {"models", json::array()},
              {"surrogate", nullptr},
              {"extrapolation", nullptr},
              {"peer_review", json::array()}};
    for (const evals::GradedBin& bin : all.bins)
        made["difficulties"].push_back(bin.difficulty);
    for (std::size_t m = 0; m < all.models.size(); ++m) {
        json accuracies = json::array();
        for (std::size_t bin = 0; bin < all.bins.size(); ++bin)
            accuracies.push_back(figureJson(evals::accuracyIn(all, m, bin)));
        made["models"].push_back({{"name", all.models[m].name},
                                  {"ladder", all.models[m].ladder},
                                  {"capacity", all.models[m].capacity},
                                  {"accuracy", std::move(accuracies)}});
    }
    if (const auto& s = judged.surrogate)
        made["surrogate"] = {{"error", s->calibratedError},   {"raw_error", s->rawError},
                             {"coverage_of_90", s->coverage}, {"models", s->models},
                             {"slope", figureJson(s->slope)}, {"spearman", figureJson(s->spearman)}};
    if (const auto& e = judged.extrapolation)
        made["extrapolation"] = {{"error", e->error},
                                 {"last_bin_error", e->carriedError},
                                 {"signed_error", e->signedError},
                                 {"coverage_of_90", figureJson(e->coverage)},
                                 {"width", e->width},
                                 {"cells", e->cells}};
    for (const evals::PeerJudge& panel : judged.peers)
        made["peer_review"].push_back({{"panel", panel.panel},
                                       {"spearman", figureJson(panel.spearman)},
                                       {"kendall", figureJson(panel.kendall)},
                                       {"best_ranked_first", panel.topRight},
                                       {"ladders", panel.ladders}});
    return made;
}

int beyond(const BeyondOptions& options, const StopFlag& stop)
{
    const auto details = chosenDetails(options.store, options.runs);
    if (!details) return report(details.error());
    const auto workspace = std::filesystem::absolute(storePath(options.store)).parent_path();
    auto models = run::gradedModels(*details, workspace, options.items, stop);
    if (!models) return report(models.error());
    Judged judged{.models = std::move(*models), .surrogate = {}, .extrapolation = {}, .peers = {}};
    judged.surrogate = evals::surrogateJudge(judged.models);
    judged.extrapolation = evals::extrapolationJudge(judged.models);
    judged.peers = evals::peerJudges(judged.models, 1);
    if (options.json)
        printJson(asJson(judged));
    else
        std::printf("%s", asText(judged).c_str());
    return 0;
}

} // namespace

void addBeyond(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<BeyondOptions>();
    CLI::App* verb =
        app.add_subcommand("beyond", "Judge generations on items their supervisors cannot check: surrogate, "
                                     "extrapolation, peer review, each with its measured error.");
    verb->add_option("run", options->runs, "Run ids, or their first characters (default: the newest experiment's)");
    verb->add_option("--store", options->store, "Run store (default: the workspace's gradus.db)");
    verb->add_option("--items", options->items, "Items of each difficulty")
        ->check(CLI::Range(10, run::kMostGradedItems))
        ->capture_default_str();
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->callback([options, &invocation] { invocation.exitCode = beyond(*options, invocation.stop); });
}

} // namespace gradus::app
