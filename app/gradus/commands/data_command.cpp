// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "commands/commands.h"
#include "run/items_export.h"
#include "spec/experiment.h"
#include "text/tokenizer.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct ItemsOptions
{
    std::string file;
    std::string out;
    int generation = 2;
    std::int64_t seed = 1;
};

int writeItems(const ItemsOptions& options)
{
    const auto experiment = spec::loadExperiment(options.file);
    if (!experiment) return report(experiment.error());
    const auto lines = run::itemsForLabelling(*experiment, options.generation, options.seed);
    if (!lines) return report(lines.error());
    if (options.out.empty()) {
        std::fwrite(lines->data(), 1, lines->size(), stdout);
        return 0;
    }
    const auto written = writeFileAtomically(options.out, *lines);
    return written ? 0 : report(written.error());
}

struct TokenizeOptions
{
    std::string model;
    std::string file;
    bool ranges = false;
};

/// One JSON line for every line of the file: a line that is a JSON string is that string, any other is taken as it is.
int tokenize(const TokenizeOptions& options)
{
    const auto tokenizer = text::Tokenizer::open(options.model);
    if (!tokenizer) return report(tokenizer.error());
    const auto content = readFile(options.file);
    if (!content) return report(content.error());
    std::string_view left = *content;
    while (!left.empty()) {
        const std::size_t end = std::min(left.find('\n'), left.size());
        const std::string_view line = left.substr(0, end);
        left.remove_prefix(std::min(end + 1, left.size()));
        const auto parsed = nlohmann::json::parse(line, nullptr, false);
        const std::string document = parsed.is_string() ? parsed.get<std::string>() : std::string(line);
        const text::Encoding encoding = tokenizer->encodeWithRanges(document);
        nlohmann::json out{{"ids", encoding.ids}};
        if (options.ranges)
            for (const text::Range& range : encoding.ranges)
                out["ranges"].push_back({range.begin, range.end});
        std::printf("%s\n", out.dump().c_str());
    }
    return 0;
}

} // namespace

void addData(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<TokenizeOptions>();
    CLI::App* verb = app.add_subcommand("data", "Data as the models see it.");
    verb->require_subcommand(1);
    CLI::App* action = verb->add_subcommand("tokenize", "Token ids of every line of a file, one JSON object a line.");
    action->add_option("model", options->model, "A model folder, or a tokenizer.json")->required();
    action->add_option("file", options->file, "Text, or JSON strings, one document a line")->required();
    action->add_flag("--ranges", options->ranges, "Also the bytes of the line that every token came from");
    action->callback([options, &invocation] { invocation.exitCode = tokenize(*options); });
    auto items = std::make_shared<ItemsOptions>();
    action =
        verb->add_subcommand("items", "The items of a generation for people to label, as JSON Lines without truth.");
    action->add_option("file", items->file, "Experiment file")->required();
    action->add_option("--generation", items->generation, "Whose items: 2 and above")->capture_default_str();
    action->add_option("--seed", items->seed, "Of the run that will be labelled")->capture_default_str();
    action->add_option("-o,--output", items->out, "Write here instead of to the terminal");
    action->callback([items, &invocation] { invocation.exitCode = writeItems(*items); });
    addLabel(*verb, invocation);
    addPreview(*verb, invocation);
    addBatch(*verb, invocation);
    addSources(*verb, invocation);
    addRewardBench(*verb, invocation);
}

} // namespace gradus::app
