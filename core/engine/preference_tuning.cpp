// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/batches.h"
#include "engine/rate_schedule.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "engine/tuned_model_impl.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/log_sigmoid.h>
#include <c10/core/InferenceMode.h>

namespace gradus::engine {

namespace {

constexpr std::int64_t kReferenceTokens = 4096; ///< activations of a small model stay in the cache

Result<void> checkPreferences(const Preferences& pairs, int classes)
{
    if (pairs.items.empty()) return badInput("There is nothing to prefer: the set of pairs is empty.");
    if (pairs.chosen.size() != pairs.items.size() || pairs.rejected.size() != pairs.items.size())
        return badInput("Every item needs one chosen and one rejected response.");
    for (std::size_t i = 0; i < pairs.items.size(); ++i)
        if (pairs.chosen[i] == pairs.rejected[i] || std::min(pairs.chosen[i], pairs.rejected[i]) < 0 ||
            std::max(pairs.chosen[i], pairs.rejected[i]) >= classes)
            return badInput("The responses of pair " + std::to_string(i + 1) +
                            " are not two different classes of the " + std::to_string(classes) + ".");
    return {};
}

at::Tensor column(const std::vector<int>& classes, const Batch& batch)
{
    at::Tensor indices_N1 = at::empty({static_cast<std::int64_t>(batch.size()), 1}, at::kLong);
    std::int64_t* row = indices_N1.data_ptr<std::int64_t>();
    for (const std::int64_t item : batch)
        *row++ = classes[static_cast<std::size_t>(item)];
    return indices_N1;
}

/// Chosen minus rejected log-probability: the normaliser cancels, so logits do.
at::Tensor margins(const at::Tensor& logits_NK, const Preferences& pairs, const Batch& batch)
{
    return logits_NK.gather(1, column(pairs.chosen, batch).to(logits_NK.device()))
        .sub(logits_NK.gather(1, column(pairs.rejected, batch).to(logits_NK.device())))
        .squeeze(1);
}

/// What the reference says of every pair: the model before its first step.
at::Tensor referenceMargins(const models::Decoder& decoder, const TaskHead& head, const Preferences& pairs)
{
    at::Tensor all_P = at::empty({static_cast<std::int64_t>(pairs.items.size())});
    const c10::InferenceMode inference;
    for (const Batch& batch : budgetBatches(itemLengths(pairs.items), kReferenceTokens)) {
        const at::Tensor logits_NK =
            head.logits(head.features(decoder, packSequences(pairs.items, batch, decoder.device())));
        all_P.index_copy_(0, indexTensor(batch), margins(logits_NK, pairs, batch).to(at::kCPU));
    }
    return all_P;
}

} // namespace

Result<void> TunedModel::prefer(const Preferences& pairs, const PreferenceLoss& loss, const TuningOptions& options,
                                const StopFlag& stop, const std::function<void(const StepReport&)>& onStep)
{
    const HeadShape& head = m_impl->head.shape();
    if (auto checked = checkPreferences(pairs, head.classes); !checked) return checked;
    if (auto checked = checkPreferenceLoss(loss); !checked) return checked;
    if (auto checked = checkItems(pairs.items, shape(), head); !checked) return checked;
    const auto decay = decayOf(options.decay, options.drawnDecay);
    if (!decay) return decay.error();
    return caught("Tuning on preferences", [&]() -> Result<void> {
        const at::Tensor reference_P = referenceMargins(m_impl->decoder, m_impl->head, pairs);
        const PreferenceWeights weights = weightsOf(loss);
        const std::vector<std::int64_t> lengths = itemLengths(pairs.items);
        const auto count = static_cast<std::int64_t>(pairs.items.size());
        const std::int64_t total = (count + options.batch - 1) / options.batch * options.epochs;
        Trainable trainable(m_impl->decoder, m_impl->head, options);
        Throughput throughput;
        for (std::int64_t epoch = 0; epoch < options.epochs; ++epoch)
            for (const Batch& batch : epochBatches(lengths, options.batch, options.seed, epoch)) {
                if (stop.requested())
                    return Error{"Tuning on preferences was stopped; it will start again from its beginning.",
                                 ErrorKind::Stopped};
                const SequenceBatch sequences = packSequences(pairs.items, batch, m_impl->decoder.device());
                const at::Tensor logits_NK = m_impl->head.logits(m_impl->head.features(m_impl->decoder, sequences));
                const at::Tensor z_N = margins(logits_NK, pairs, batch)
                                           .sub(reference_P.index_select(0, indexTensor(batch)).to(logits_NK.device()))
                                           .mul(loss.beta);
                const at::Tensor mean = at::log_sigmoid(z_N)
                                            .mul(weights.held)
                                            .add(at::log_sigmoid(z_N.neg()), weights.flipped)
                                            .mean()
                                            .neg();
                StepReport report{.step = trainable.optimizer().steps() + 1, .totalSteps = total};
                const auto made =
                    optimise(mean, trainable.optimizer(),
                             {.rate = options.learningRate * rateFactor(report.step, total, options.warmup, *decay),
                              .clip = options.clip});
                if (!made) return made.error();
                report.loss = *made;
                report.tokensPerSecond = throughput.add(sequences.realTokens);
                if (onStep) onStep(report);
                if (auto seen = watched(options); !seen) return seen;
            }
        return {};
    });
}

} // namespace gradus::engine
