// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench.h"

#include "base/clock.h"
#include "base/rng.h"
#include "engine/language_model.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "engine/tuning.h"
#include "models/decoder_impl.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::engine {

namespace {

models::ModelShape shapeOf(const TrainBenchOptions& options)
{
    models::ModelShape shape;
    shape.vocabularySize = options.vocabulary;
    shape.hiddenSize = options.width;
    shape.layers = options.layers;
    shape.heads = options.heads;
    shape.keyValueHeads = options.keyValueHeads;
    shape.intermediateSize = options.intermediate;
    shape.maxPositions = options.sequence;
    return shape;
}

at::Tensor randomIds(const TrainBenchOptions& options)
{
    at::Tensor ids = at::empty({options.batch, options.sequence + 1}, at::kLong);
    Rng rng(1, "bench");
    std::int64_t* id = ids.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < ids.numel(); ++i)
        id[i] = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(options.vocabulary)));
    return ids;
}

} // namespace

Result<TrainBenchResult> benchTrain(const TrainBenchOptions& options)
{
    const models::ModelShape shape = shapeOf(options);
    if (auto checked = models::checkShape(shape); !checked) return checked.error();
    if (options.batch < 1 || options.steps < 1 || options.warmup < 0)
        return badInput("The bench needs a batch and steps of 1 or more, and a warm-up of 0 or more.");
    return caught("The training bench", [&]() -> Result<TrainBenchResult> {
        useThreads(options.threads);
        models::Decoder decoder(shape, 1);
        decoder.requiresGradients(true);
        AdamW optimizer;
        optimizer.add("body", decoder.parameters(), 1.0, 0.01);
        const at::Tensor ids = randomIds(options);
        const at::Tensor inputs_BT = ids.narrow(1, 0, options.sequence).contiguous();
        const at::Tensor targets = ids.narrow(1, 1, options.sequence).reshape({-1});
        TrainBenchResult result{.parameters = shape.parameters()};
        std::vector<double> seconds;
        for (int step = 0; step < options.warmup + options.steps; ++step) {
            const double start = monotonicSeconds();
            const at::Tensor hidden = decoder.hidden(inputs_BT).reshape({-1, options.width});
            const auto loss =
                optimise(at::cross_entropy_loss(decoder.logits(hidden), targets), optimizer, {.rate = 1e-3});
            if (!loss) return loss.error();
            result.lastLoss = *loss;
            if (step >= options.warmup) seconds.push_back(monotonicSeconds() - start);
        }
        double total = 0;
        for (const double value : seconds)
            total += value;
        std::ranges::sort(seconds);
        result.medianStepSeconds = seconds[seconds.size() / 2];
        result.tokensPerSecond = static_cast<double>(options.steps) * options.batch * options.sequence / total;
        return result;
    });
}

std::string benchJson(const TrainBenchOptions& options, const TrainBenchResult& result)
{
    return nlohmann::json{{"bench", "train"},
                          {"tokens_per_second", result.tokensPerSecond},
                          {"median_step_seconds", result.medianStepSeconds},
                          {"last_loss", result.lastLoss},
                          {"parameters", result.parameters},
                          {"layers", options.layers},
                          {"width", options.width},
                          {"heads", options.heads},
                          {"key_value_heads", options.keyValueHeads},
                          {"intermediate", options.intermediate},
                          {"vocabulary", options.vocabulary},
                          {"batch", options.batch},
                          {"sequence", options.sequence},
                          {"threads", options.threads},
                          {"steps", options.steps},
                          {"library", describeLibrary()}}
        .dump();
}

Result<double> benchGenerate(const GenerateBenchOptions& options)
{
    if (options.batch < 1 || options.prompt < 1 || options.newTokens < 1 || options.repeats < 1)
        return badInput("The bench needs a batch, a prompt, new tokens and repeats of 1 or more.");
    models::ModelShape shape;
    shape.vocabularySize = options.vocabulary;
    shape.hiddenSize = options.width;
    shape.layers = options.layers;
    shape.heads = options.heads;
    shape.keyValueHeads = options.keyValueHeads;
    shape.intermediateSize = options.intermediate;
    shape.maxPositions = options.prompt + options.newTokens;
    useThreads(options.threads);
    auto model = LanguageModel::initialise(shape, 1);
    if (!model) return model.error();
    model->readInLoops();
    Rng rng(1, "bench");
    std::vector<Tokens> prompts(static_cast<std::size_t>(options.batch));
    for (Tokens& prompt : prompts)
        for (int i = 0; i < options.prompt; ++i)
            prompt.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(options.vocabulary))));
    GenerationOptions generation{.sampling = {.greedy = true},
                                 .maxNewTokens = options.newTokens,
                                 .batch = options.batch,
                                 .stopIds = {},
                                 .ended = {}};
    double seconds = 0;
    for (int repeat = 0; repeat <= options.repeats; ++repeat) {
        const double start = monotonicSeconds();
        if (const auto made = model->generate(prompts, generation, StopFlag()); !made) return made.error();
        if (repeat > 0) seconds += monotonicSeconds() - start;
    }
    return options.repeats * static_cast<double>(options.batch) * options.newTokens / seconds;
}

std::string benchJson(const GenerateBenchOptions& options, double tokensPerSecond)
{
    return nlohmann::json{{"bench", "generate"},
                          {"tokens_per_second", tokensPerSecond},
                          {"layers", options.layers},
                          {"width", options.width},
                          {"heads", options.heads},
                          {"key_value_heads", options.keyValueHeads},
                          {"intermediate", options.intermediate},
                          {"vocabulary", options.vocabulary},
                          {"batch", options.batch},
                          {"prompt", options.prompt},
                          {"new_tokens", options.newTokens},
                          {"threads", options.threads},
                          {"library", describeLibrary()}}
        .dump();
}

Result<double> benchLoad(const std::filesystem::path& folder, int threads, int repeats)
{
    if (repeats < 1) return badInput("The bench needs repeats of 1 or more.");
    useThreads(threads);
    double seconds = 0;
    for (int repeat = 0; repeat <= repeats; ++repeat) {
        const double start = monotonicSeconds();
        const auto model = LanguageModel::open(folder);
        if (!model) return model.error();
        if (const auto scored = model->score({{1, 2}}); !scored) return scored.error();
        if (repeat > 0) seconds += monotonicSeconds() - start;
    }
    return repeats / seconds;
}

} // namespace gradus::engine
