// SPDX-License-Identifier: GPL-3.0-or-later
// Teaching a language model to write: by example, and by preference over two of its responses.
#include "engine/batches.h"
#include "engine/language_model_impl.h"
#include "engine/rate_schedule.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "engine/tuning_objective_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log_sigmoid.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

// Shape letters: N pairs, B sequences.
namespace gradus::engine {

namespace {

constexpr std::int64_t kReferenceTokens = 4096; ///< activations of a small model stay in the cache

Result<TaughtSequence> rowOf(const Tokens& prompt, const Tokens& response, const models::ModelShape& shape,
                             std::size_t index)
{
    const std::string where = "Response " + std::to_string(index + 1);
    if (prompt.empty() || response.empty()) return badInput(where + " or its prompt is empty.");
    TaughtSequence row{.tokens = prompt};
    row.tokens.insert(row.tokens.end(), response.begin(), response.end());
    row.taught = {{static_cast<std::int32_t>(prompt.size()), static_cast<std::int32_t>(row.tokens.size())}};
    if (row.tokens.size() > static_cast<std::size_t>(shape.longestSequence()))
        return badInput(where + " and its prompt have " + std::to_string(row.tokens.size()) +
                        " tokens and the model takes " + std::to_string(shape.longestSequence()) + "; shorten them.");
    const auto [least, most] = std::ranges::minmax_element(row.tokens);
    if (*least < 0 || *most >= shape.vocabularySize)
        return badInput(where + " or its prompt has a token outside the vocabulary of " +
                        std::to_string(shape.vocabularySize) + ".");
    return row;
}

Result<std::vector<TaughtSequence>> rowsOf(const std::vector<Tokens>& prompts, const std::vector<Tokens>& responses,
                                           const models::ModelShape& shape)
{
    if (prompts.empty()) return badInput("There is nothing to learn from: the set of responses is empty.");
    if (prompts.size() != responses.size()) return badInput("Every prompt needs one response.");
    std::vector<TaughtSequence> rows;
    rows.reserve(prompts.size());
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        auto row = rowOf(prompts[i], responses[i], shape, i);
        if (!row) return row.error();
        rows.push_back(std::move(*row));
    }
    return rows;
}

Result<void> checkTuning(const TuningOptions& options)
{
    if (options.epochs < 1 || options.batch < 1) return badInput("Epochs and batch must be 1 or more.");
    if (!(options.learningRate > 0) || !(options.bodyScale > 0) || !(options.weightDecay >= 0))
        return badInput("The learning rate and the body scale must be above 0, and weight decay 0 or more.");
    if (!(options.warmup >= 0 && options.warmup < 1)) return badInput("The warm-up must be in [0, 1).");
    return {};
}

/// Pairs as rows: all chosen, then all rejected.
std::vector<const TaughtSequence*> pairRows(const std::vector<TaughtSequence>& chosen,
                                            const std::vector<TaughtSequence>& rejected, const Batch& batch)
{
    std::vector<const TaughtSequence*> rows;
    for (const auto* side : {&chosen, &rejected})
        for (const std::int64_t pair : batch)
            rows.push_back(&(*side)[static_cast<std::size_t>(pair)]);
    return rows;
}

at::Tensor marginsOf(const at::Tensor& sums)
{
    const std::int64_t pairs = sums.size(0) / 2;
    return sums.narrow(0, 0, pairs).sub(sums.narrow(0, pairs, pairs));
}

/// Lets the weights record gradients while it lives, and optimises all of them.
class Tuning final
{
public:
    Tuning(const models::Decoder& decoder, const TuningOptions& options, Decay decay, std::vector<std::int64_t> lengths)
        : m_decoder(decoder), m_options(options), m_decay(decay), m_lengths(std::move(lengths))
    {
        m_decoder.requiresGradients(true);
        m_optimizer.add("body", m_decoder.parameters(), options.bodyScale, options.weightDecay);
    }
    ~Tuning() { m_decoder.requiresGradients(false); }
    Tuning(const Tuning&) = delete;
    Tuning& operator=(const Tuning&) = delete;

    /// lossOf gives a batch's mean loss and its tokens.
    Result<void> run(const std::function<std::pair<at::Tensor, std::int64_t>(const Batch&)>& lossOf,
                     const StopFlag& stop, const std::function<void(const StepReport&)>& onStep)
    {
        const auto count = static_cast<std::int64_t>(m_lengths.size());
        const std::int64_t total = (count + m_options.batch - 1) / m_options.batch * m_options.epochs;
        Throughput throughput;
        for (std::int64_t epoch = 0; epoch < m_options.epochs; ++epoch)
            for (const Batch& batch : epochBatches(m_lengths, m_options.batch, m_options.seed, epoch)) {
                if (stop.requested())
                    return Error{.message = "Tuning was stopped; it will start again from its beginning.",
                                 .kind = ErrorKind::Stopped};
                StepReport report{.step = m_optimizer.steps() + 1, .totalSteps = total};
                const auto [loss, tokens] = lossOf(batch);
                const auto made = optimise(
                    loss, m_optimizer,
                    {.rate = m_options.learningRate * rateFactor(report.step, total, m_options.warmup, m_decay),
                     .clip = m_options.clip});
                if (!made) return made.error();
                report.loss = *made;
                report.tokensPerSecond = throughput.add(tokens);
                if (onStep) onStep(report);
                if (auto seen = watched(m_options); !seen) return seen;
            }
        return {};
    }

private:
    models::Decoder m_decoder; ///< shares its weights with the model
    const TuningOptions& m_options;
    Decay m_decay;
    std::vector<std::int64_t> m_lengths;
    AdamW m_optimizer;
};

std::vector<std::int64_t> lengthsOf(const std::vector<TaughtSequence>& rows)
{
    std::vector<std::int64_t> lengths;
    for (const TaughtSequence& row : rows)
        lengths.push_back(static_cast<std::int64_t>(row.tokens.size()));
    return lengths;
}

} // namespace

Result<void> LanguageModel::tune(const Writings& writings, const TuningOptions& options, const StopFlag& stop,
                                 const std::function<void(const StepReport&)>& onStep)
{
    const auto rows = rowsOf(writings.prompts, writings.responses, shape());
    if (!rows) return rows.error();
    if (auto checked = checkTuning(options); !checked) return checked;
    const auto decay = decayOf(options.decay, options.drawnDecay);
    if (!decay) return decay.error();
    return caught("Tuning", [&]() -> Result<void> {
        m_impl->widen();
        const auto lossOf = [&](const Batch& batch) {
            std::vector<const TaughtSequence*> some;
            for (const std::int64_t index : batch)
                some.push_back(&(*rows)[static_cast<std::size_t>(index)]);
            const PackedRows packed =
                packRows(std::move(some), m_impl->decoder.device(), m_impl->decoder.takesEndToEnd());
            return std::pair{taughtLogs(m_impl->decoder, packed).logs_R.mean().neg(), packed.realTokens};
        };
        return Tuning(m_impl->decoder, options, *decay, lengthsOf(*rows)).run(lossOf, stop, onStep);
    });
}

Result<void> LanguageModel::prefer(const WritingPairs& pairs, const PreferenceLoss& loss, const TuningOptions& options,
                                   const StopFlag& stop, const std::function<void(const StepReport&)>& onStep)
{
    const auto chosen = rowsOf(pairs.prompts, pairs.chosen, shape());
    if (!chosen) return chosen.error();
    const auto rejected = rowsOf(pairs.prompts, pairs.rejected, shape());
    if (!rejected) return rejected.error();
    if (auto checked = checkPreferenceLoss(loss); !checked) return checked;
    if (auto checked = checkTuning(options); !checked) return checked;
    const auto decay = decayOf(options.decay, options.drawnDecay);
    if (!decay) return decay.error();
    return caught("Tuning on preferences", [&]() -> Result<void> {
        m_impl->widen();
        const auto marginsNow = [&](const Batch& batch, std::int64_t& tokens) {
            const PackedRows packed = packRows(pairRows(*chosen, *rejected, batch), m_impl->decoder.device(),
                                               m_impl->decoder.takesEndToEnd());
            tokens = packed.realTokens;
            return marginsOf(rowSums(taughtLogs(m_impl->decoder, packed), packed.rows.size()));
        };
        std::vector<std::int64_t> lengths = lengthsOf(*chosen);
        const std::vector<std::int64_t> others = lengthsOf(*rejected);
        for (std::size_t i = 0; i < lengths.size(); ++i)
            lengths[i] = std::max(lengths[i], others[i]);
        std::int64_t tokens = 0;
        const at::Tensor reference_N = at::empty({static_cast<std::int64_t>(lengths.size())});
        {
            const c10::InferenceMode inference;
            for (const Batch& batch : budgetBatches(lengths, kReferenceTokens / 2))
                reference_N.index_copy_(0, indexTensor(batch), marginsNow(batch, tokens).to(at::kCPU));
        }
        const PreferenceWeights weights = weightsOf(loss);
        const auto lossOf = [&](const Batch& batch) {
            const at::Tensor before_N = reference_N.index_select(0, indexTensor(batch)).to(m_impl->decoder.device());
            const at::Tensor z_N = marginsNow(batch, tokens).sub(before_N).mul(loss.beta);
            const at::Tensor mean =
                at::log_sigmoid(z_N).mul(weights.held).add(at::log_sigmoid(z_N.neg()), weights.flipped).mean().neg();
            return std::pair{mean, tokens};
        };
        return Tuning(m_impl->decoder, options, *decay, std::move(lengths)).run(lossOf, stop, onStep);
    });
}

} // namespace gradus::engine
