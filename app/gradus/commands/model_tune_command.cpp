// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/commands.h"
#include "commands/number_options.h"
#include "run/tune_model.h"

#include <cstdio>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct TuneOptions
{
    run::TuneRequest request;
    std::string method = "sft";
    std::string loss = "sigmoid";
    std::string precision = "fp32";
    std::vector<std::string> columns;
    std::optional<double> learningRate; ///< none: the method's own
    int threads = 1;
    int preview = 0;
    bool estimate = false;
};

/// Usual first choices: adapters take ten times the rate of whole models, and preferences a tenth of examples'.
double usualRate(engine::TuningMethod method, bool adapter)
{
    const double whole = method == engine::TuningMethod::Preference ? 1e-6 : 2e-5;
    return adapter ? 10 * whole : whole;
}

std::string shown(const Estimate& estimate)
{
    char text[80];
    std::snprintf(text, sizeof text, "%.4f [%.4f, %.4f]", estimate.value, estimate.low, estimate.high);
    return text;
}

std::string sentence(const run::TuneEvaluation& evaluation)
{
    std::string text = "loss " + shown(evaluation.loss);
    if (evaluation.accuracy) text += ", right " + shown(*evaluation.accuracy);
    if (evaluation.margin) text += ", margin " + shown(*evaluation.margin);
    return text;
}

std::string sentence(const run::TuningData& data)
{
    return counted(data.taughtRows(), "row") + " to learn from, " + counted(data.held.size(), "row") +
           " held out: " + data.about + ". Median " + std::to_string(data.medianTokens) + " tokens, at most " +
           std::to_string(data.longestTokens) + ". " + visible(data.note, 2000);
}

Result<void> fill(TuneOptions& options)
{
    run::TuneRequest& request = options.request;
    const auto method = engine::tuningMethodOf(options.method);
    if (!method) return method.error();
    request.job.method = *method;
    const auto loss = engine::preferenceLossOf(options.loss);
    if (!loss) return loss.error();
    request.job.preference.kind = *loss;
    const auto precision = engine::precisionOf(options.precision);
    if (!precision) return precision.error();
    request.job.precision = *precision;
    auto columns = assignments(options.columns, "--column", "ROLE=COLUMN");
    if (!columns) return columns.error();
    request.data.file.columns = std::move(*columns);
    const bool adapter = request.job.rank > 0 || !request.job.adapter.empty();
    request.job.learningRate = options.learningRate.value_or(usualRate(*method, adapter));
    return {};
}

int preview(const TuneOptions& options)
{
    if (const auto checked = engine::checkFolderTuning(options.request.job); !checked) return report(checked.error());
    run::TuningDataRequest request = options.request.data;
    request.folder = options.request.job.folder;
    request.method = options.request.job.method;
    const auto data = run::readTuningData(request);
    if (!data) return report(data.error());
    std::printf("%s\n", sentence(*data).c_str());
    const auto tokenizer = text::Tokenizer::open(request.folder);
    if (!tokenizer) return report(tokenizer.error());
    for (std::size_t i = 0; i < data->taught.size() && i < static_cast<std::size_t>(options.preview); ++i)
        for (std::size_t t = 0; t < data->taught[i].sequences.size(); ++t) {
            const std::string text = run::shownSequence(*tokenizer, data->taught[i].sequences[t]);
            std::printf("\nrow %zu, text %zu, %s:\n%s\n", i + 1, t + 1,
                        counted(data->taught[i].sequences[t].tokens.size(), "token").c_str(),
                        visibleLines(text).c_str());
        }
    return 0;
}

run::TuneProgress printing(const engine::FolderTuning& job)
{
    auto shownAt = std::make_shared<double>(0);
    run::TuneProgress progress;
    progress.onData = [](const run::TuningData& data) { std::fprintf(stderr, "%s\n", sentence(data).c_str()); };
    progress.onMemory = [&job](const engine::TuningMemory& memory) {
        const double there = engine::memoryOfDevice(job.device);
        std::string text = engine::memoryText(memory);
        if (there == 0)
            text += ", beside the program itself";
        else
            text += " of the " + fixedText(there / (1 << 30), 1) + " GiB of " + job.device;
        if (there > 0 && memory.sum() > there) text += ": it will hardly fit; " + engine::lessMemoryText(job);
        std::fprintf(stderr, "Memory: %s.\n", text.c_str());
    };
    progress.onResume = [](std::int64_t step) {
        std::fprintf(stderr, "Resumed after step %lld.\n", static_cast<long long>(step));
    };
    progress.onStep = [shownAt](const engine::TuningStep& step, double left) {
        const double now = monotonicSeconds();
        if (step.step != step.totalSteps && now - *shownAt < 2) return;
        *shownAt = now;
        std::fprintf(stderr, "step %lld of %lld, loss %.4f, gradient %.3g, %.0f tokens/s%s\n",
                     static_cast<long long>(step.step), static_cast<long long>(step.totalSteps), step.loss,
                     step.gradientNorm, step.tokensPerSecond,
                     left > 0 ? (", about " + durationText(left) + " left").c_str() : "");
    };
    progress.onEvaluation = [](const run::TuneEvaluation& evaluation, bool best) {
        std::fprintf(stderr, "held out after step %lld: %s%s\n", static_cast<long long>(evaluation.step),
                     sentence(evaluation).c_str(), best ? ", the best so far" : "");
    };
    return progress;
}

int tune(TuneOptions& options, const StopFlag& stop)
{
    engine::useThreads(options.threads);
    if (auto filled = fill(options); !filled) return report(filled.error());
    if (options.preview > 0) return preview(options);
    const run::TuneProgress progress = printing(options.request.job);
    if (options.estimate) {
        const auto time = run::tryTuneModel(options.request, stop, progress);
        if (!time) return report(time.error());
        std::printf("Time: %s. What is written to disk comes beside it.\n", engine::timeText(*time).c_str());
        return 0;
    }
    const auto done = run::tuneModel(options.request, stop, progress);
    if (!done) return report(done.error());
    std::printf("%s after %lld of %lld steps%s, %lld parameters tuned\n", options.request.job.output.c_str(),
                static_cast<long long>(done->folder.bestStep), static_cast<long long>(done->folder.totalSteps),
                done->folder.stoppedEarly ? " (ended early: no better for as long as --patience says)" : "",
                static_cast<long long>(done->folder.parameters));
    std::printf("weights  SHA-256 %s\n", done->folder.sha256.c_str());
    if (done->before) std::printf("before   %s\n", sentence(*done->before).c_str());
    if (done->after)
        std::printf("after    %s  (n = %lld held-out rows, 95 %%)\n", sentence(*done->after).c_str(),
                    done->after->loss.n);
    return 0;
}

void addDataOptions(CLI::App& verb, TuneOptions& options)
{
    run::TuningDataRequest& data = options.request.data;
    verb.add_option("--data", data.file.file, "Rows to learn from: .jsonl, .csv or .parquet")->required();
    verb.add_option("--eval", data.held, "Held-out rows in the same form (default: a share of --data, by hash)");
    verb.add_option("--held-out", data.heldShare, "Share of --data's prompts that is held out")
        ->check(numberFrom(0, 0.9))
        ->capture_default_str();
    verb.add_option("--most-held", data.mostHeld, "Held-out rows at most")
        ->check(CLI::Range(0, 10'000'000))
        ->capture_default_str();
    verb.add_option("--task", data.file.task, "A template that reads a published form (see task.name)");
    verb.add_option("--column", options.columns, "ROLE=COLUMN, where the file's columns have other names");
    verb.add_flag("--as-chat", data.file.asChat, "Plain prompts and responses go through the chat template");
    verb.add_option("--max-tokens", data.maxTokens, "Of a text")->check(CLI::Range(4, 131072))->capture_default_str();
    CLI::Option* preview =
        verb.add_option("--preview", options.preview, "Only show this many rows as the model would read them")
            ->check(CLI::Range(1, 1000));
    verb.add_flag("--estimate", options.estimate,
                  "Only say what memory and time it would take, after trying a few steps")
        ->excludes(preview);
}

void addMethodOptions(CLI::App& verb, TuneOptions& options)
{
    engine::FolderTuning& job = options.request.job;
    verb.add_option("--method", options.method, "sft, reward, dpo or classify")->capture_default_str();
    verb.add_option("--lora", job.rank, "Tune an adapter of this rank instead of all weights")
        ->check(CLI::Range(0, 4096));
    verb.add_option("--lora-alpha", job.alpha, "The adapter's update is scaled by this over its rank")
        ->check(numberAbove(0, 1e6))
        ->capture_default_str();
    verb.add_option("--lora-targets", job.targets, "Modules that get an adapter (default: the attention's projections)")
        ->delimiter(',');
    verb.add_option("--adapter", job.adapter, "An adapter's folder to go on from");
    verb.add_flag("--merge", job.merge, "Write the adapter folded into the weights");
    verb.add_option("--loss", options.loss, "Of dpo: sigmoid, conservative or robust")->capture_default_str();
    verb.add_option("--beta", job.preference.beta, "Of dpo: how closely the reference is kept to")
        ->check(numberAbove(0, 100))
        ->capture_default_str();
    verb.add_option("--smoothing", job.preference.smoothing, "Of conservative and robust: share of wrong preferences")
        ->check(numberFrom(0, 0.49))
        ->capture_default_str();
}

void addStepOptions(CLI::App& verb, TuneOptions& options)
{
    engine::FolderTuning& job = options.request.job;
    verb.add_option("--epochs", job.epochs, "Times through the rows")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    verb.add_option("--max-steps", job.maxSteps, "Steps at most; 0: all")->check(CLI::Range(0, 100'000'000));
    verb.add_option("--batch", job.batch, "Rows a pass")->check(CLI::Range(1, 65536))->capture_default_str();
    verb.add_option("--accumulate", job.accumulate, "Passes a step")
        ->check(CLI::Range(1, 65536))
        ->capture_default_str();
    verb.add_option("--lr", options.learningRate,
                    "Peak learning rate (default: 2e-5, dpo 1e-6; ten times that with an adapter)")
        ->check(numberAbove(0, 10));
    verb.add_option("--decay", job.decay, "cosine, linear, constant or wsd")->capture_default_str();
    verb.add_option("--warmup", job.warmup, "Share of the steps that rise")
        ->check(numberFrom(0, 0.99))
        ->capture_default_str();
    verb.add_option("--weight-decay", job.weightDecay, "Of matrices")->check(numberFrom(0, 10))->capture_default_str();
    verb.add_option("--clip", job.clip, "Longest gradient; 0: any")->check(numberFrom(0, 1e6))->capture_default_str();
    verb.add_option("--eval-every", job.evaluateEvery, "Steps; 0: at the end of each epoch")
        ->check(CLI::Range(0, 100'000'000));
    verb.add_option("--patience", job.patience, "End after so many evaluations that are no better; 0: never")
        ->check(CLI::Range(0, 100'000));
    verb.add_option("--checkpoint-every", job.checkpointEvery, "Steps; 0: only when it is stopped")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    verb.add_flag("--recompute", job.recompute, "Less memory: layers are computed again for their gradients");
    verb.add_option("--precision", options.precision, "fp32, or bf16 with fp32 masters")->capture_default_str();
    verb.add_option("--device", job.device, "cpu, cuda or cuda:N")->capture_default_str();
    verb.add_option("--threads", options.threads, "Threads")->check(CLI::Range(1, 1024))->capture_default_str();
    verb.add_option("--seed", job.seed, "Of the order and of what is drawn fresh")->capture_default_str();
}

} // namespace

void addModelTune(CLI::App& model, Invocation& invocation)
{
    auto options = std::make_shared<TuneOptions>();
    CLI::App* verb = model.add_subcommand(
        "tune",
        "Tune a Hugging Face folder by example (sft), comparison (reward), preference (dpo) or class (classify).");
    verb->add_option("folder", options->request.job.folder, "The model's folder, with its tokenizer.json")->required();
    verb->add_option("-o,--output", options->request.job.output,
                     "Folder to write: a model, or an adapter as PEFT has it")
        ->required();
    addDataOptions(*verb, *options);
    addMethodOptions(*verb, *options);
    addStepOptions(*verb, *options);
    verb->callback([options, &invocation] { invocation.exitCode = tune(*options, invocation.stop); });
}

} // namespace gradus::app
