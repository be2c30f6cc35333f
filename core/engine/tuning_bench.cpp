// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_bench.h"

#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "engine/torch_errors_impl.h"
#include "engine/tuning.h"
#include "engine/tuning_step_impl.h"
#include "models/cuda_kernels_impl.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/core/grad_mode.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::engine {

namespace {

struct BenchModel
{
    const char* name;
    int hidden;
    int layers;
    int heads;
    int groups;
    int intermediate;
    int vocabulary;
    bool tied;
};

/// The published shapes (config.json of each model).
constexpr BenchModel kModels[] = {{"tiny", 128, 2, 4, 2, 344, 512, true},
                                  {"qwen2.5-0.5b", 896, 24, 14, 2, 4864, 151936, true},
                                  {"qwen2.5-1.5b", 1536, 28, 12, 2, 8960, 151936, true},
                                  {"qwen2.5-3b", 2048, 36, 16, 2, 11008, 151936, true},
                                  {"qwen2.5-7b", 3584, 28, 28, 4, 18944, 152064, false}};

/// Numbers drawn where they will be used: a GPU fills billions in no time.
void fill(const models::Decoder& decoder)
{
    const at::NoGradGuard noGrad;
    for (const models::NamedTensor& named : decoder.named()) {
        const at::Tensor& tensor = named.tensor;
        if (tensor.dim() == 2)
            tensor.normal_(0, 1 / std::sqrt(static_cast<double>(tensor.size(1))));
        else
            tensor.fill_(named.name.ends_with("bias") ? 0 : 1);
    }
}

int lengthOf(const TuningBenchOptions& options, int row)
{
    const double share = options.batch == 1 ? 1 : options.fewest + (1 - options.fewest) * row / (options.batch - 1);
    return std::max(2, static_cast<int>(std::lround(share * options.sequence)));
}

std::vector<TaughtExample> randomExamples(const TuningBenchOptions& options, int vocabulary)
{
    Rng rng(1, "bench");
    std::vector<TaughtExample> all;
    for (int i = 0; i < options.batch; ++i) {
        const int length = lengthOf(options, i);
        TaughtSequence sequence;
        for (int t = 0; t < length; ++t)
            sequence.tokens.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(vocabulary))));
        sequence.taught = {{1, length}};
        all.push_back({.sequences = {std::move(sequence)}});
    }
    return all;
}

double operationsPerToken(const models::Decoder& decoder, const TuningBenchOptions& options)
{
    const models::ModelShape& shape = decoder.shape();
    double multiplied = 0;
    for (const models::NamedTensor& named : decoder.named())
        if (named.tensor.dim() == 2 && (shape.tiedEmbeddings || !named.name.ends_with("embed_tokens.weight")))
            multiplied += static_cast<double>(named.tensor.numel());
    double adapters = 0;
    for (const models::NamedTensor& named : decoder.adapters())
        adapters += static_cast<double>(named.tensor.numel());
    const double attention = 6.0 * shape.layers * options.sequence * shape.heads * shape.headSize();
    return (options.rank > 0 ? 4 : 6) * multiplied + 6 * adapters + attention;
}

Result<TuningBenchResult> measured(const TuningBenchOptions& options, const models::ModelShape& shape)
{
    const at::Device device(options.device);
    const at::ScalarType type = options.precision == Precision::Brain16 ? at::kBFloat16 : at::kFloat;
    models::Decoder decoder = models::Decoder::uninitialised(shape);
    decoder.place(device, type);
    fill(decoder);
    if (options.rank > 0) {
        models::AdapterOptions adapter{.rank = options.rank};
        if (!options.targets.empty()) adapter.targets = options.targets;
        if (auto attached = decoder.attachAdapters(adapter); !attached) return attached.error();
        decoder.convert(device, type);
    }
    decoder.recomputeLayers(options.recompute);
    const std::vector<TaughtExample> examples = randomExamples(options, shape.vocabularySize);
    const ListedExamples listed(examples);
    const FolderTuning job; // SFT
    const auto objective = makeObjective(job, decoder, nullptr, listed, "bench");
    WeightUpdate update;
    update.add("body", decoder.parameters(), 1.0, 0.01);
    TuningBenchResult result;
    result.parameters = shape.parameters();
    result.estimatedBytes = benchMemory(options, shape).sum();
    result.operationsPerToken = operationsPerToken(decoder, options);
    for (const at::Tensor& leaf : decoder.parameters())
        result.taught += leaf.numel();
    const std::string missing = models::CudaKernels::missing(device);
    result.kernels = missing.empty() ? "fused" : missing;
    Batch batch(examples.size());
    std::iota(batch.begin(), batch.end(), 0);
    // Device 0 where "cuda" names none.
    const c10::DeviceIndex index = device.has_index() ? device.index() : c10::DeviceIndex{0};
    std::int64_t tokens = 0;
    std::vector<double> seconds;
    for (int i = 0; i < options.warmup + options.steps; ++i) {
        const double start = monotonicSeconds();
        const StepGradient found = gradientOf(*objective, batch, batch.size(), update);
        update.apply(1e-5, clipFactor(found.norm, options.clip));
        if (!device.is_cpu()) at::accelerator::synchronizeDevice(index);
        result.lastLoss = found.loss;
        tokens = found.realTokens;
        if (i >= options.warmup) seconds.push_back(monotonicSeconds() - start);
    }
    result.tokensPerSecond =
        static_cast<double>(tokens) * options.steps / std::accumulate(seconds.begin(), seconds.end(), 0.0);
    std::ranges::sort(seconds);
    result.medianStepSeconds = seconds[seconds.size() / 2];
    if (!device.is_cpu())
        result.peakBytes = static_cast<double>(at::accelerator::getDeviceStats(index).reserved_bytes[0].peak);
    return result;
}

} // namespace

std::vector<std::string> tuningBenchModels()
{
    std::vector<std::string> names;
    for (const BenchModel& model : kModels)
        names.emplace_back(model.name);
    return names;
}

Result<models::ModelShape> benchShape(const std::string& model, int sequence)
{
    const auto* found = std::ranges::find(kModels, model, &BenchModel::name);
    if (found == std::end(kModels)) {
        std::string known;
        for (const std::string& name : tuningBenchModels())
            known += (known.empty() ? "" : ", ") + name;
        return badInput("The model \"" + visible(model, 40) + "\" is unknown; use one of " + known + ".");
    }
    models::ModelShape shape;
    shape.vocabularySize = found->vocabulary;
    shape.hiddenSize = found->hidden;
    shape.layers = found->layers;
    shape.heads = found->heads;
    shape.keyValueHeads = found->groups;
    shape.intermediateSize = found->intermediate;
    shape.tiedEmbeddings = found->tied;
    shape.maxPositions = sequence;
    shape.ropeTheta = 1e6;
    if (auto checked = models::checkShape(shape); !checked) return checked.error();
    return shape;
}

TuningMemory benchMemory(const TuningBenchOptions& options, const models::ModelShape& shape)
{
    FolderTuning job; // SFT
    job.device = options.device;
    job.precision = options.precision;
    job.rank = options.rank;
    job.recompute = options.recompute;
    job.batch = options.batch;
    // In bf16 a GPU reads rows end to end; else they are padded.
    const bool endToEnd = options.device != "cpu" && options.precision == Precision::Brain16;
    double tokens = 0;
    for (int row = 0; row < options.batch; ++row)
        tokens += endToEnd ? lengthOf(options, row) : options.sequence;
    return memoryOfPasses(job, shape, tokens);
}

Result<TuningBenchResult> benchTuning(const TuningBenchOptions& options)
{
    if (auto checked = checkDevice(options.device); !checked) return checked.error();
    if (options.batch < 1 || options.sequence < 2 || options.steps < 1 || options.warmup < 0)
        return badInput(
            "The bench needs a batch and steps of 1 or more, sequences of 2 tokens or more, and a warm-up of "
            "0 or more.");
    if (!(options.fewest > 0 && options.fewest <= 1))
        return badInput("The shortest sequence's share must be in (0, 1].");
    const auto shape = benchShape(options.model, options.sequence);
    if (!shape) return shape.error();
    return caught("The tuning bench", [&]() -> Result<TuningBenchResult> {
        useThreads(options.threads);
        return measured(options, *shape);
    });
}

std::string benchJson(const TuningBenchOptions& options, const TuningBenchResult& result)
{
    return nlohmann::json{{"bench", "tune"},
                          {"model", options.model},
                          {"device", options.device},
                          {"precision", options.precision == Precision::Brain16 ? "bf16" : "fp32"},
                          {"rank", options.rank},
                          {"batch", options.batch},
                          {"sequence", options.sequence},
                          {"fewest", options.fewest},
                          {"recompute", options.recompute},
                          {"threads", options.threads},
                          {"steps", options.steps},
                          {"tokens_per_second", result.tokensPerSecond},
                          {"median_step_seconds", result.medianStepSeconds},
                          {"last_loss", result.lastLoss},
                          {"parameters", result.parameters},
                          {"taught", result.taught},
                          {"operations_per_token", result.operationsPerToken},
                          {"peak_bytes", result.peakBytes},
                          {"estimated_bytes", result.estimatedBytes},
                          {"kernels", result.kernels},
                          {"library", describeLibrary()}}
        .dump();
}

} // namespace gradus::engine
