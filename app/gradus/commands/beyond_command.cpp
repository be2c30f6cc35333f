// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/beyond_page.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "commands/pages.h"
#include "evals/beyond_judge.h"
#include "run/graded_models.h"
#include "store/run_choice.h"

#include <cstdio>
#include <functional>
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
    std::string page;
    std::string note;
    bool json = false;
    bool progress = false;
};

json asJson(const Judged& judged)
{
    const evals::GradedModels& all = judged.models;
    json made{{"origins", judged.ground.origins},
              {"items", all.bins.front().truth.size()},
              {"classes", all.classes},
              {"repeats", all.repeats},
              {"shared", all.shared},
              {"difficulties", json::array()},
              {"models", json::array()},
              {"ladders", json::array()},
              {"surrogate", nullptr},
              {"extrapolation", nullptr},
              {"peer_review", json::array()}};
    for (const evals::GradedBin& bin : all.bins)
        made["difficulties"].push_back(bin.difficulty);
    const std::vector<int> groups = evals::modelGroups(all);
    for (std::size_t m = 0; m < all.models.size(); ++m) {
        json accuracies = json::array();
        for (std::size_t bin = 0; bin < all.bins.size(); ++bin)
            accuracies.push_back(figureJson(evals::accuracyIn(all, m, bin)));
        made["models"].push_back({{"name", all.models[m].name},
                                  {"group", groups[m]},
                                  {"capacity", all.models[m].capacity},
                                  {"accuracy", std::move(accuracies)}});
    }
    for (const evals::Bundle& ladder : all.ladders)
        made["ladders"].push_back({{"seed", ladder.seed}, {"models", ladder.members}});
    if (const auto& s = judged.surrogate)
        made["surrogate"] = {{"error", s->calibratedError},
                             {"raw_error", s->rawError},
                             {"coverage_of_90", s->coverage},
                             {"models", s->models},
                             {"groups", s->groups},
                             {"slope", figureJson(s->slope)},
                             {"spearman", figureJson(s->spearman)}};
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
    const auto note = noteOfPage(options.page, options.note);
    if (!note) return report(note.error());
    const auto reader = store::StoreReader::open(storePath(options.store));
    if (!reader) return report(reader.error());
    const auto rows = store::chosenRuns(*reader, options.runs);
    if (!rows) return report(rows.error());
    const auto details = store::detailsOf(*reader, *rows);
    if (!details) return report(details.error());
    auto ground = groundOf(*reader, *details,
                           {.verb = "beyond", .options = {"--items", std::to_string(options.items)}, .note = *note});
    if (!ground) return report(ground.error());
    const auto workspace = std::filesystem::absolute(storePath(options.store)).parent_path();
    const auto tell = [](std::size_t done, std::size_t all) {
        std::fprintf(stderr, "progress %zu %zu\n", done, all);
        std::fflush(stderr);
    };
    auto models = run::gradedModels(*details, workspace, options.items, stop,
                                    options.progress ? tell : std::function<void(std::size_t, std::size_t)>());
    if (!models) return report(models.error());
    Judged judged{.models = std::move(*models), .surrogate = {}, .extrapolation = {}, .peers = {}, .ground = {}};
    judged.ground = std::move(*ground);
    judged.surrogate = evals::surrogateJudge(judged.models);
    judged.extrapolation = evals::extrapolationJudge(judged.models);
    judged.peers = evals::peerJudges(judged.models, 1);
    if (!options.page.empty()) return writePage(options.page, beyondPage(judged, *note));
    if (options.json)
        printJson(asJson(judged));
    else
        std::printf("%s", beyondText(judged).c_str());
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
    verb->add_option("-o,--output", options->page, "Write a page with figures, HTML, instead");
    verb->add_option("--note", options->note, kNoteHelp);
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->add_flag("--progress", options->progress,
                   "Say on standard error how many generations are done, a line each: progress 3 12");
    verb->callback([options, &invocation] { invocation.exitCode = beyond(*options, invocation.stop); });
}

} // namespace gradus::app
