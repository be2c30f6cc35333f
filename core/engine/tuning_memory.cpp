// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_memory.h"

#include "base/text.h"

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

TuningMemory memoryOf(const FolderTuning& job, const models::ModelShape& shape, std::int64_t longest)
{
    const bool narrow = job.precision == Precision::Brain16;
    const bool adapter = job.rank > 0 || !job.adapter.empty();
    const bool pairs = job.method == TuningMethod::Reward || job.method == TuningMethod::Preference;
    const bool writes = job.method == TuningMethod::Sft || job.method == TuningMethod::Preference;
    const double each = narrow ? kFloat / 2 : kFloat;
    const auto parameters = static_cast<double>(shape.parameters());
    const double tuned = adapter ? static_cast<double>(shape.adapterParameters(job.rank)) : parameters;
    const double tokens = static_cast<double>(longest) * job.batch * (pairs ? 2 : 1);
    TuningMemory need{.weights = each * parameters};
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
           ")";
}

} // namespace gradus::engine
