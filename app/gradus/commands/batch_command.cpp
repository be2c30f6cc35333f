// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/commands.h"
#include "run/drawn_batch.h"
#include "spec/experiment.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::ordered_json;

struct BatchOptions
{
    std::string file;
    std::string store;
    int generation = 2;
    std::int64_t seed = 0; ///< 0: the file's first
    bool json = false;
};

ordered_json labelJson(const std::optional<int>& label)
{
    return label ? ordered_json(*label) : ordered_json(nullptr);
}

void printJson(const run::DrawnBatch& batch)
{
    ordered_json out{{"generation", batch.generation},
                     {"seed", batch.seed},
                     {"pool", batch.pool},
                     {"item_tokens", batch.itemTokens > 0 ? ordered_json(batch.itemTokens) : ordered_json(nullptr)},
                     {"sources", ordered_json::array()},
                     {"items", ordered_json::array()}};
    for (const run::DrawnSource& source : batch.sources) {
        ordered_json one{{"name", source.name}, {"kind", source.kind}, {"weight", source.weight}};
        if (!source.why.empty()) one["not_asked"] = source.why;
        out["sources"].push_back(std::move(one));
    }
    for (const run::DrawnItem& item : batch.items) {
        ordered_json labels = ordered_json::array();
        for (const auto& label : item.labels)
            labels.push_back(labelJson(label));
        out["items"].push_back({{"item", item.name},
                                {"texts", item.texts},
                                {"truth", item.truth},
                                {"labels", std::move(labels)},
                                {"pooled", labelJson(item.pooled)}});
    }
    std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

void printText(const run::DrawnBatch& batch)
{
    std::printf("Generation %d, seed %lld: %s of a pool of %zu.\n", batch.generation,
                static_cast<long long>(batch.seed), counted(batch.items.size(), "item").c_str(), batch.pool);
    for (const run::DrawnSource& source : batch.sources)
        std::printf("  %-24s weight %.3f%s%s\n", visible(source.name, 24).c_str(), source.weight,
                    source.why.empty() ? "" : "; not asked: ", visible(source.why).c_str());
    for (const run::DrawnItem& item : batch.items) {
        std::printf("%s  truth %d  labels", item.name.c_str(), item.truth);
        for (const auto& label : item.labels)
            std::printf(" %s", label ? std::to_string(*label).c_str() : "-");
        std::printf("  pooled %s  %s\n", item.pooled ? std::to_string(*item.pooled).c_str() : "-",
                    item.texts.empty() ? "" : visible(item.texts.front(), 60).c_str());
    }
}

int draw(const BatchOptions& options)
{
    const auto loaded = spec::loadExperiment(options.file);
    if (!loaded) return report(loaded.error());
    const auto& seeds = loaded->experiment.seeds;
    const std::int64_t seed = options.seed > 0 || seeds.empty() ? std::max<std::int64_t>(options.seed, 1) : seeds[0];
    const auto models = std::filesystem::absolute(storePath(options.store)).parent_path() / "models";
    const auto batch = run::drawBatch(*loaded, options.generation, seed, models);
    if (!batch) return report(batch.error());
    if (options.json)
        printJson(*batch);
    else
        printText(*batch);
    return 0;
}

} // namespace

void addBatch(CLI::App& data, Invocation& invocation)
{
    auto options = std::make_shared<BatchOptions>();
    CLI::App* verb = data.add_subcommand(
        "batch", "The first batch of a generation, drawn as a run draws it, and what each source says of its items.");
    verb->add_option("file", options->file, "Experiment file")->required();
    verb->add_option("--generation", options->generation, "Whose batch: 2 and above")->capture_default_str();
    verb->add_option("--seed", options->seed, "Of the run (default: the file's first)")->check(CLI::PositiveNumber);
    verb->add_option("--store", options->store,
                     "Run store, beside which rungs lie (default: the workspace's gradus.db)");
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->callback([options, &invocation] { invocation.exitCode = draw(*options); });
}

} // namespace gradus::app
