// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/text.h"
#include "chat/prompt.h"
#include "commands/assignments.h"
#include "commands/commands.h"
#include "commands/generated_eval.h"
#include "commands/number_options.h"
#include "engine/device.h"
#include "engine/language_model.h"
#include "engine/sampling.h"
#include "run/model_eval.h"
#include "run/pretrain_builtin.h"
#include "text/tokenizer.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct GenerateOptions
{
    std::string folder;
    std::string adapter;
    std::vector<std::string> prompts;
    std::string stop;
    engine::GenerationOptions generation;
    int threads = 1;
    std::string device = "cpu";
    bool asChat = false;
    bool json = false;
};

void printContinuation(const std::string& prompt, const std::string& text, const engine::Continuation& made, bool json)
{
    if (!json) {
        std::printf("%s%s\n", visibleLines(prompt).c_str(), visibleLines(text).c_str());
        return;
    }
    std::printf("%s\n", nlohmann::json{{"prompt", prompt},
                                       {"text", text},
                                       {"ids", made.tokens},
                                       {"log_probabilities", made.logProbabilities},
                                       {"entropies", made.entropies},
                                       {"stopped", made.stopped}}
                            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                            .c_str());
}

/// Lets this thread's models live there; bad input where there is no such device.
Result<void> computeOn(const std::string& device, int threads)
{
    engine::useThreads(threads);
    if (auto there = engine::checkDevice(device); !there) return there;
    engine::useDevice(device);
    return {};
}

/// The prompts as the model reads them: as they are, or each as a user's turn that is to be answered.
Result<std::vector<engine::Tokens>> promptsOf(const GenerateOptions& options, const text::Tokenizer& tokenizer)
{
    std::vector<engine::Tokens> all;
    if (!options.asChat) {
        for (const std::string& prompt : options.prompts)
            all.push_back(tokenizer.encode(prompt));
        return all;
    }
    const auto chatTemplate = chat::ChatTemplate::open(options.folder, false);
    if (!chatTemplate) return chatTemplate.error();
    for (const std::string& prompt : options.prompts) {
        auto ids = chat::promptIds(*chatTemplate, tokenizer, {.messages = {{.role = "user", .content = prompt}}});
        if (!ids) return ids.error();
        all.push_back(std::move(*ids));
    }
    return all;
}

int generate(GenerateOptions& options, const StopFlag& stop)
{
    if (const auto checked = engine::checkSampling(options.generation.sampling); !checked)
        return report(checked.error());
    if (const auto there = computeOn(options.device, options.threads); !there) return report(there.error());
    const auto tokenizer = text::Tokenizer::open(options.folder);
    if (!tokenizer) return report(tokenizer.error());
    const auto model = engine::LanguageModel::open(options.folder, options.adapter);
    if (!model) return report(model.error());
    const auto prompts = promptsOf(options, *tokenizer);
    if (!prompts) return report(prompts.error());
    options.generation.stopIds = model->endIds();
    options.generation.measure = options.json;
    if (!options.stop.empty())
        options.generation.ended = [&](std::size_t, const engine::Tokens& tokens) {
            return tokenizer->decode(tokens).find(options.stop) != std::string::npos;
        };
    const auto made = model->generate(*prompts, options.generation, stop);
    if (!made) return report(made.error());
    for (std::size_t i = 0; i < prompts->size(); ++i) {
        // What follows is decoded with its prompt: a SentencePiece space belongs to the token after it.
        engine::Tokens whole = (*prompts)[i];
        whole.insert(whole.end(), (*made)[i].tokens.begin(), (*made)[i].tokens.end());
        const std::string before = tokenizer->decode((*prompts)[i]);
        std::string text = tokenizer->decode(whole);
        if (text.starts_with(before)) text.erase(0, before.size());
        if (!options.stop.empty()) text = text.substr(0, text.find(options.stop));
        printContinuation(options.prompts[i], text, (*made)[i], options.json);
    }
    return 0;
}

void addGenerate(CLI::App& verb, Invocation& invocation)
{
    auto options = std::make_shared<GenerateOptions>();
    options->generation.maxNewTokens = 64;
    engine::SamplingOptions& sampling = options->generation.sampling;
    CLI::App* action = verb.add_subcommand("generate", "Continue a prompt with a Hugging Face model folder.");
    action->add_option("folder", options->folder, "The model's folder, with its tokenizer.json")->required();
    action->add_option("--adapter", options->adapter, "A LoRA adapter's folder, on top of the model");
    action->add_option("--prompt", options->prompts, "Text to continue; may be repeated")->required();
    action->add_flag("--as-chat", options->asChat, "Each prompt is a user's turn of the folder's chat template");
    action->add_option("--max-new-tokens", options->generation.maxNewTokens, "Tokens at most")
        ->check(CLI::Range(1, 131072));
    action->add_flag("--greedy", sampling.greedy, "Always the most probable token");
    action->add_option("--temperature", sampling.temperature, "Divides the logits; above 0");
    action->add_option("--top-k", sampling.topK, "Draw among the k most probable tokens; 0: all");
    action->add_option("--top-p", sampling.topP, "Draw among the fewest tokens with this mass");
    action->add_option("--min-p", sampling.minP, "Draw among tokens at least this share as probable as the first");
    action->add_option("--seed", sampling.seed, "Of the draws");
    action->add_option("--stop", options->stop, "End before this text");
    action->add_option("--threads", options->threads, "Threads")->check(CLI::Range(1, 1024));
    action->add_option("--device", options->device, "cpu, cuda or cuda:N")->capture_default_str();
    action->add_flag("--json", options->json, "One line of JSON a prompt, with log-probabilities and entropies");
    action->callback([options, &invocation] { invocation.exitCode = generate(*options, invocation.stop); });
}

struct EvalOptions
{
    GeneratedEval generated; ///< folder, data, limit and json are those of every task
    int threads = 1;
    std::string device = "cpu";
};

std::string shownEstimate(const Estimate& estimate)
{
    char text[80];
    std::snprintf(text, sizeof text, "%.3f [%.3f, %.3f]", estimate.value, estimate.low, estimate.high);
    return text;
}

int evaluate(EvalOptions& given, const StopFlag& stop)
{
    if (const auto there = computeOn(given.device, given.threads); !there) return report(there.error());
    const GeneratedEval& options = given.generated;
    if (options.task != "cosmosqa") return evaluateGenerated(given.generated, stop);
    const auto columns = assignments(options.columns, "--column", "ROLE=COLUMN");
    if (!columns) return report(columns.error());
    const auto items = data::readCosmosqaChoices(options.data, options.limit, *columns);
    if (!items) return report(items.error());
    const double begun = monotonicSeconds();
    double shownAt = begun;
    const auto onProgress = [&](std::size_t done) {
        const double now = monotonicSeconds();
        if (options.json || now - shownAt < 2) return;
        shownAt = now;
        const double left = (now - begun) / static_cast<double>(done) * static_cast<double>(items->size() - done);
        std::fprintf(stderr, "%zu of %zu items, about %.0f s left\n", done, items->size(), left);
    };
    const auto result = run::evaluateChoices(options.folder, *items, stop, onProgress, options.options.adapter);
    if (!result) return report(result.error());
    if (options.json) {
        const auto estimate = [](const Estimate& e) {
            return nlohmann::json{{"value", e.value}, {"low", e.low}, {"high", e.high}, {"n", e.n}};
        };
        std::printf("%s\n", nlohmann::json{{"task", "cosmosqa"},
                                           {"accuracy", estimate(result->accuracy)},
                                           {"accuracy_normalised", estimate(result->normalisedAccuracy)},
                                           {"commonest", estimate(result->commonest)},
                                           {"truncated_share", result->truncatedShare}}
                                .dump()
                                .c_str());
        return 0;
    }
    std::printf("cosmosqa, four-way, %lld items\n", result->accuracy.n);
    std::printf("  most probable answer            %s\n", shownEstimate(result->accuracy).c_str());
    std::printf("  the same, by its length         %s\n", shownEstimate(result->normalisedAccuracy).c_str());
    std::printf("  always the commonest index      %s\n", shownEstimate(result->commonest).c_str());
    if (result->truncatedShare > 0)
        std::printf("  %.1f %% of the prompts were longer than the model and lost their beginning\n",
                    100 * result->truncatedShare);
    return 0;
}

void addEval(CLI::App& verb, Invocation& invocation)
{
    auto options = std::make_shared<EvalOptions>();
    GeneratedEval& generated = options->generated;
    generated.task = "cosmosqa";
    CLI::App* action = verb.add_subcommand(
        "eval", "CosmosQA by log-likelihood, GSM8K by the final number, HumanEval and MBPP by tests in a cell.");
    action->add_option("folder", generated.folder, "The model's folder, with its tokenizer.json")->required();
    action->add_option("--data", generated.data, "Rows in the task's published columns: .jsonl, .csv or .parquet")
        ->required();
    action->add_option("--column", generated.columns, "ROLE=COLUMN, where the file's columns have other names");
    action->add_option("--adapter", generated.options.adapter, "A LoRA adapter's folder, on top of the model");
    action->add_option("--task", generated.task, "cosmosqa, gsm8k, humaneval or mbpp")
        ->check(CLI::IsMember({"cosmosqa", "gsm8k", "humaneval", "mbpp"}))
        ->capture_default_str();
    action->add_option("--limit", generated.limit, "At most this many rows; 0: all")->check(CLI::Range(0, 100'000'000));
    action->add_option("--device", options->device, "cpu, cuda or cuda:N")->capture_default_str();
    action->add_option("--shots-data", generated.shotsData, "Worked examples before each problem of gsm8k");
    action->add_option("--shots", generated.shots, "How many of them")->check(CLI::Range(1, 64))->capture_default_str();
    action->add_flag("--as-chat", generated.options.asChat, "Ask through the chat template (gsm8k)");
    action->add_option("--max-new-tokens", generated.options.maxNewTokens, "Of a written answer")
        ->check(CLI::Range(1, 131072))
        ->capture_default_str();
    action->add_option("--batch", generated.options.batch, "Problems answered side by side")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    action->add_option("--test-seconds", generated.options.testSeconds, "Of one program's tests")
        ->check(numberFrom(0.1, 600))
        ->capture_default_str();
    action->add_option("-o,--output", generated.output, "Write each written answer here, one JSON object a line");
    action->add_option("--threads", options->threads, "Threads")->check(CLI::Range(1, 1024));
    action->add_flag("--json", generated.json, "One line of JSON");
    action->callback([options, &invocation] { invocation.exitCode = evaluate(*options, invocation.stop); });
}

} // namespace

void addModel(CLI::App& app, Invocation& invocation)
{
    auto domain = std::make_shared<std::string>();
    auto folder = std::make_shared<std::string>();
    auto only = std::make_shared<std::string>();
    auto architecture = std::make_shared<std::string>("attention");
    CLI::App* verb = app.add_subcommand("model", "Models of the ladder.");
    verb->require_subcommand(1);
    addModelList(*verb, invocation);
    addModelImport(*verb, invocation);
    addModelScore(*verb, invocation);
    addGenerate(*verb, invocation);
    addEval(*verb, invocation);
    addModelTune(*verb, invocation);
    CLI::App* pretrain = verb->add_subcommand("pretrain", "Make the rungs of a built-in ladder again.");
    pretrain->add_option("domain", *domain, "builtin:registers/code, /math, /writing or /console")->required();
    pretrain->add_option("-o,--output", *folder, "Folder for the safetensors files")->required();
    pretrain->add_option("--rung", *only, "Only this rung, as WIDTHxLAYERS");
    pretrain->add_option("--architecture", *architecture, "attention (as it is), recurrent or convolutional");
    pretrain->callback([domain, folder, only, architecture, &invocation] {
        double shownAt = 0;
        const auto onStep = [&shownAt](const std::string& rung, const engine::StepReport& report) {
            if (report.step != report.totalSteps && monotonicSeconds() - shownAt < 5) return;
            shownAt = monotonicSeconds();
            std::printf("%s: step %lld of %lld, loss %.4f\n", rung.c_str(), static_cast<long long>(report.step),
                        static_cast<long long>(report.totalSteps), report.loss);
            std::fflush(stdout);
        };
        const auto made = run::pretrainBuiltin(*domain, *architecture, *folder, *only, invocation.stop, onStep);
        if (!made) {
            invocation.exitCode = report(made.error());
            return;
        }
        for (const run::MadeRung& rung : *made)
            std::printf("%s  %s  %lld parameters%s\n", rung.sha256.c_str(), rung.file.c_str(),
                        static_cast<long long>(rung.parameters),
                        !rung.asShipped   ? ""
                        : *rung.asShipped ? "  (bit-equal to the shipped one)"
                                          : "  (not the shipped one's bits)");
    });
}

} // namespace gradus::app
