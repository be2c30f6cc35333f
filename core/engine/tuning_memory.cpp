// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_memory.h"

#include "base/text.h"
#include "models/cuda_kernels_impl.h"

#include <algorithm>

namespace gradus::engine {

namespace {

constexpr double kFloat = 4;
constexpr double kLogitsAtOnce = 64.0 * (1 << 20); ///< larger ones are made a few rows at a time

double floatsKept(const FolderTuning& job, const models::ModelShape& shape)
{
    const double width = shape.hiddenSize;
    // Recomputed: what each layer begins with, and the one layer that is at work.
    return job.recompute ? shape.layers * width + keptByLayer(shape) : shape.layers * keptByLayer(shape);
}

} // namespace

double keptByLayer(const models::ModelShape& shape)
{
    const double width = shape.hiddenSize;
    const double keys = static_cast<double>(shape.keyValueHeads) * shape.headSize();
    return 8 * width + 2 * keys + 3.0 * shape.intermediateSize;
}

namespace {

/// Numbers that a layer of one pass holds on a GPU, a token: tensors that its operators and our kernels keep for their
/// gradients (models/llama_block, models/fused_layers), and those that come and go beside them.
struct OnGpu
{
    double kept = 0;
    double passing = 0;
};

OnGpu layerOnGpu(const FolderTuning& job, const models::ModelShape& shape, bool adapter)
{
    if (shape.family != models::Family::Llama) return {.kept = keptByLayer(shape)};
    const double width = shape.hiddenSize;
    const double inner = shape.intermediateSize;
    const double queries = static_cast<double>(shape.heads) * shape.headSize();
    const double packed = queries + 2.0 * shape.keyValueHeads * shape.headSize();
    // Norms keep what they are given, attention its queries, keys, values and result, SwiGLU gate and up.
    OnGpu layer{.kept = 3 * width + packed + queries + 2 * inner, .passing = packed};
    if (shape.qkNorm) layer.kept += 2 * packed; // as they come, and normed
    // A product keeps its input where its weights get a gradient; the norm before query, key and value is counted.
    if (adapter) {
        layer.kept += 4.0 * job.rank;
        layer.passing += width + inner;
    } else {
        layer.kept += width + inner;
    }
    return layer;
}

/// Logits of so many tokens at once, their states, and the gradient of the head's weights: in float, and as a product
/// brings it (engine/token_logs).
double headOnGpu(const models::ModelShape& shape, double tokens, double each, bool adapter)
{
    constexpr double kLogitsOnGpu = 1LL << 30;
    const double vocabulary = shape.vocabularySize;
    const double matrix = vocabulary * shape.hiddenSize;
    return std::min(tokens * vocabulary, kLogitsOnGpu) * each + 3 * tokens * shape.hiddenSize * each +
           (adapter ? 0 : matrix * (kFloat + each));
}

/// The most of two moments: when the backward pass begins there are all activations and no gradients, when it ends all
/// gradients and one layer's activations.
TuningMemory onGpu(const FolderTuning& job, const models::ModelShape& shape, double tokens, TuningMemory need)
{
    const bool narrow = job.precision == Precision::Brain16;
    const bool adapter = job.rank > 0 || !job.adapter.empty();
    const bool writes = job.method == TuningMethod::Sft || job.method == TuningMethod::Preference;
    const double each = narrow ? kFloat / 2 : kFloat;
    const double tuned = static_cast<double>(adapter ? shape.adapterParameters(job.rank) : shape.parameters());
    // Gradients of several passes add up in float; of a lone pass they stay as they are made.
    const double summed = narrow && job.accumulate > 1 ? kFloat * tuned : 0;
    const double gradients = each * tuned;
    need.update = gradients + summed + tuned * (2 * kFloat + (narrow ? kFloat : 0));
    const OnGpu layer = layerOnGpu(job, shape, adapter);
    const double all =
        job.recompute ? shape.layers * static_cast<double>(shape.hiddenSize) + layer.kept : shape.layers * layer.kept;
    need.activations = tokens * each * (all + layer.passing);
    if (writes) need.activations += headOnGpu(shape, tokens, each, adapter);
    const double last = tokens * each * (layer.kept + 2.0 * shape.intermediateSize + shape.hiddenSize) +
                        static_cast<double>(shape.vocabularySize) * shape.hiddenSize * (adapter ? 0 : each);
    const double most = need.weights + need.update + std::max(need.activations - gradients, last);
    need.shared = std::max(0.0, need.weights + need.update + need.activations - most);
    return need;
}

} // namespace

TuningMemory memoryOf(const FolderTuning& job, const models::ModelShape& shape, std::int64_t longest)
{
    const bool pairs = job.method == TuningMethod::Reward || job.method == TuningMethod::Preference;
    return memoryOfPasses(job, shape, static_cast<double>(longest) * job.batch * (pairs ? 2 : 1));
}

TuningMemory memoryOfPasses(const FolderTuning& job, const models::ModelShape& shape, double tokens)
{
    const bool narrow = job.precision == Precision::Brain16;
    const bool adapter = job.rank > 0 || !job.adapter.empty();
    const bool writes = job.method == TuningMethod::Sft || job.method == TuningMethod::Preference;
    const double each = narrow ? kFloat / 2 : kFloat;
    const auto parameters = static_cast<double>(shape.parameters());
    const double tuned = adapter ? static_cast<double>(shape.adapterParameters(job.rank)) : parameters;
    TuningMemory need{.weights = each * parameters};
    if (job.device != "cpu") return onGpu(job, shape, tokens, need);
    // A gradient in the pass's numbers; two moments, and of narrow weights a master and its gradient, in floats.
    need.update = tuned * (each + 2 * kFloat + (narrow ? 2 * kFloat : 0));
    need.activations = tokens * floatsKept(job, shape) * each;
    // Logits, their exponentials and their gradient.
    if (writes) need.activations += 3 * std::min(kLogitsAtOnce, tokens * shape.vocabularySize * kFloat);
    return need;
}

std::string memoryText(const TuningMemory& memory)
{
    const auto gibibytes = [](double bytes) { return fixedText(bytes / (1 << 30), 2); };
    return "about " + gibibytes(memory.sum()) + " GiB (weights, gradients and moments " +
           gibibytes(memory.weights + memory.update) + ", activations of one pass " + gibibytes(memory.activations) +
           (memory.shared > 0 ? ", of which gradients take the place of " + gibibytes(memory.shared) : "") + ")";
}

double memoryOfDevice(const std::string& name)
{
    const at::Device device(name);
    return device.is_cuda() ? models::CudaKernels::totalMemory(device.has_index() ? device.index() : 0) : 0;
}

std::string lessMemoryText(const FolderTuning& job)
{
    std::string text = "use a smaller --batch or --max-tokens";
    if (!job.recompute) text += ", --recompute";
    if (job.rank == 0 && job.adapter.empty()) text += ", an adapter (--lora)";
    return text + " or a smaller model";
}

} // namespace gradus::engine
