// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/commands.h"
#include "run/data_preview.h"
#include "spec/experiment.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::ordered_json;

struct PreviewOptions
{
    run::PreviewRequest request;
    std::string file;
    std::vector<std::string> columns;
    bool json = false;
};

Result<run::DataPreview> previewed(PreviewOptions options)
{
    if (std::filesystem::path(options.file).extension() == ".toml") {
        const auto experiment = spec::loadExperiment(options.file);
        if (!experiment) return experiment.error();
        return run::previewExperiment(*experiment, options.request.items);
    }
    options.request.file = options.file;
    auto columns = assignments(options.columns, "--column", "ROLE=COLUMN");
    if (!columns) return columns.error();
    options.request.columns = std::move(*columns);
    return run::previewFile(options.request);
}

void printJson(const run::DataPreview& preview)
{
    ordered_json out{{"about", preview.about},        {"items", preview.items},   {"left_out", preview.leftOut},
                     {"groups", preview.groups},      {"truths", preview.truths}, {"readers", ordered_json::array()},
                     {"first", ordered_json::array()}};
    for (const run::PreviewReader& reader : preview.readers)
        out["readers"].push_back({{"name", reader.name},
                                  {"limit", reader.limit},
                                  {"texts", reader.texts},
                                  {"cut", reader.cut},
                                  {"median_tokens", reader.median},
                                  {"longest_tokens", reader.longest}});
    for (const run::PreviewItem& item : preview.first) {
        ordered_json texts = ordered_json::array();
        for (const run::PreviewText& text : item.texts) {
            ordered_json made{{"text", text.text}, {"tokens", text.tokens}};
            if (!text.kept.empty()) made["kept"] = text.kept;
            texts.push_back(std::move(made));
        }
        out["first"].push_back({{"truth", item.truth}, {"texts", std::move(texts)}});
    }
    if (!preview.note.empty()) out["note"] = preview.note;
    std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

void printItem(const run::DataPreview& preview, const run::PreviewItem& item, std::size_t number)
{
    const bool compare = item.texts.size() > 1;
    if (preview.truths.empty())
        std::printf("\nitem %zu, what is learnt between ⟦ and ⟧\n", number);
    else
        std::printf("\nitem %zu: %s %d\n", number, compare ? "the right one is text" : "class",
                    item.truth + (compare ? 1 : 0));
    for (std::size_t t = 0; t < item.texts.size(); ++t) {
        const run::PreviewText& text = item.texts[t];
        std::string tokens;
        for (std::size_t r = 0; r < text.tokens.size(); ++r)
            tokens += (r == 0 ? "  " : ", ") + counted(text.tokens[r], "token") +
                      (text.tokens[r] > preview.readers[r].limit ? ", cut" : "");
        std::printf("  text %zu%s\n", t + 1, tokens.c_str());
        const std::string shown = visibleLines(text.kept.empty() ? text.text : "…" + text.kept);
        for (std::size_t at = 0; at < shown.size();) {
            const std::size_t end = std::min(shown.find('\n', at), shown.size());
            std::printf("    | %.*s\n", static_cast<int>(end - at), shown.data() + at);
            at = end + 1;
        }
    }
}

void printText(const run::DataPreview& preview)
{
    std::printf("%s: %s in %s", counted(preview.items, "item").c_str(), preview.about.c_str(),
                counted(preview.groups, "group").c_str());
    if (preview.leftOut > 0)
        std::printf("; %s left out because %s", counted(preview.leftOut, "row").c_str(),
                    preview.leftOutBecause.c_str());
    std::string truths;
    for (const std::size_t count : preview.truths)
        truths += (truths.empty() ? "" : ", ") + std::to_string(count);
    std::printf(".\n");
    if (!truths.empty()) std::printf("Truth 0, 1, …: %s.\n", truths.c_str());
    for (const run::PreviewReader& reader : preview.readers)
        std::printf("%s: median %zu and at most %s a text; %zu of %s cut at the left to %zu.\n",
                    visible(reader.name).c_str(), reader.median, counted(reader.longest, "token").c_str(), reader.cut,
                    counted(reader.texts, "text").c_str(), reader.limit);
    if (!preview.note.empty()) std::printf("%s\n", visible(preview.note, 2000).c_str());
    std::size_t number = 0;
    for (const run::PreviewItem& item : preview.first)
        printItem(preview, item, ++number);
}

int preview(const PreviewOptions& options)
{
    const auto made = previewed(options);
    if (!made) return report(made.error());
    if (options.json)
        printJson(*made);
    else
        printText(*made);
    return 0;
}

} // namespace

void addPreview(CLI::App& data, Invocation& invocation)
{
    auto options = std::make_shared<PreviewOptions>();
    CLI::App* verb = data.add_subcommand("preview", "The first items of a file as models see them, and what is cut.");
    verb->add_option("file", options->file, "A data file (.csv, .jsonl, .parquet), or an experiment file (.toml)")
        ->required();
    verb->add_option("--task", options->request.task,
                     "How a data file is read (see task.name; also gsm8k, humaneval and mbpp)")
        ->capture_default_str();
    verb->add_option("--column", options->columns, "ROLE=COLUMN, where a data file's columns have other names");
    verb->add_option("--model", options->request.models, "Model folders, or tokenizer.json, that read a data file");
    verb->add_option("--max-tokens", options->request.maxTokens, "Where a data file's texts are cut")
        ->check(CLI::Range(4, 131072))
        ->capture_default_str();
    verb->add_option("--items", options->request.items, "Items to show")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    verb->add_flag("--json", options->json, "JSON instead of text");
    verb->callback([options, &invocation] { invocation.exitCode = preview(*options); });
}

} // namespace gradus::app
