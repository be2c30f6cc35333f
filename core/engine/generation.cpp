// SPDX-License-Identifier: GPL-3.0-or-later
// A batch of prompts, padded on the left, continued token by token over a cache of keys and values.
#include "engine/language_model_impl.h"
#include "engine/numbers.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace gradus::engine {

namespace {

class Batch final
{
public:
    Batch(const models::Decoder& decoder, const std::vector<Tokens>& prompts, std::span<const std::int64_t> indices,
          const GenerationOptions& options, std::vector<Continuation>& out)
        : m_decoder(decoder), m_indices(indices), m_options(options), m_out(out), m_sampler(options.sampling),
          m_rows(static_cast<std::int64_t>(indices.size())), m_finished(indices.size())
    {
        for (const std::int64_t index : indices)
            m_longest = std::max(m_longest, static_cast<std::int64_t>(prompts[static_cast<std::size_t>(index)].size()));
        m_ids = at::zeros({m_rows, m_longest}, at::kLong);
        m_padding = at::zeros({m_rows, 1}, at::kLong);
        for (std::int64_t row = 0; row < m_rows; ++row) {
            const Tokens& prompt = promptOf(prompts, row);
            const std::int64_t padding = m_longest - static_cast<std::int64_t>(prompt.size());
            std::ranges::copy(prompt, m_ids.data_ptr<std::int64_t>() + row * m_longest + padding);
            m_padding.data_ptr<std::int64_t>()[row] = padding;
            m_padded = m_padded || padding > 0;
        }
    }

    Result<void> run(const StopFlag& stop)
    {
        const std::int64_t room = m_longest + m_options.maxNewTokens;
        models::DecoderCache cache = m_decoder.cache(m_rows, room);
        const at::Tensor kept = m_padded ? at::arange(room).unsqueeze(0) >= m_padding : at::Tensor(); // [B, room]
        at::Tensor ids_BT = m_ids;
        for (int step = 0; step < m_options.maxNewTokens; ++step) {
            if (stop.requested())
                return Error{.message = "Generation was stopped after " + std::to_string(step) + " new tokens.",
                             .kind = ErrorKind::Stopped};
            const auto there = [&](const at::Tensor& tensor) {
                return tensor.defined() ? tensor.to(m_decoder.device()) : tensor;
            };
            const at::Tensor hidden_BTD =
                m_decoder.next(there(ids_BT), cache, there(positions(cache.length, ids_BT.size(1))),
                               there(mask(kept, cache.length, ids_BT)));
            const at::Tensor logits_BV =
                m_decoder.logits(hidden_BTD.select(1, hidden_BTD.size(1) - 1)).to(at::kCPU, at::kFloat).contiguous();
            const auto values = static_cast<std::size_t>(logits_BV.numel());
            if (auto checked = checkNumbers({logits_BV.const_data_ptr<float>(), values}); !checked) return checked;
            ids_BT = at::empty({m_rows, 1}, at::kLong);
            if (!take(logits_BV, step, ids_BT)) break;
        }
        return {};
    }

private:
    const Tokens& promptOf(const std::vector<Tokens>& prompts, std::int64_t row) const
    {
        return prompts[static_cast<std::size_t>(m_indices[static_cast<std::size_t>(row)])];
    }

    at::Tensor positions(std::int64_t past, std::int64_t count) const
    {
        if (!m_padded) return {};
        return (at::arange(past, past + count).unsqueeze(0) - m_padding).clamp_min(0);
    }

    /// [B, 1, T, past + T]: no later position and no padding, but every position itself, so that no row is empty.
    at::Tensor mask(const at::Tensor& kept, std::int64_t past, const at::Tensor& ids_BT) const
    {
        if (!m_padded) return {};
        const std::int64_t count = ids_BT.size(1);
        const at::Tensor column = at::arange(past + count).unsqueeze(0);
        const at::Tensor row = at::arange(past, past + count).unsqueeze(1);
        const at::Tensor seen = column.le(row).unsqueeze(0).logical_and(kept.narrow(1, 0, past + count).unsqueeze(1));
        return seen.logical_or(column.eq(row).unsqueeze(0)).unsqueeze(1);
    }

    /// Draws a token for every row that goes on; false when none does.
    bool take(const at::Tensor& logits_BV, int step, at::Tensor& next)
    {
        const std::int64_t vocabulary = logits_BV.size(1);
        const at::Tensor logs = m_options.measure ? at::log_softmax(logits_BV, 1) : at::Tensor();
        const at::Tensor entropy = m_options.measure ? logs.exp().mul(logs).sum(1).neg() : at::Tensor();
        std::int64_t* id = next.data_ptr<std::int64_t>();
        bool goesOn = false;
        for (std::int64_t row = 0; row < m_rows; ++row) {
            const auto at = static_cast<std::size_t>(row);
            id[row] = 0;
            if (m_finished[at]) continue;
            const auto prompt = static_cast<std::size_t>(m_indices[at]);
            const std::span logits(logits_BV.const_data_ptr<float>() + row * vocabulary,
                                   static_cast<std::size_t>(vocabulary));
            const std::int32_t token = m_sampler.draw(logits, prompt, static_cast<std::uint64_t>(step));
            id[row] = token;
            Continuation& made = m_out[prompt];
            made.tokens.push_back(token);
            if (m_options.measure) {
                made.logProbabilities.push_back(logs.const_data_ptr<float>()[row * vocabulary + token]);
                made.entropies.push_back(entropy.const_data_ptr<float>()[row]);
            }
            made.stopped = std::ranges::find(m_options.stopIds, token) != m_options.stopIds.end() ||
                           (m_options.ended && m_options.ended(prompt, made.tokens));
            m_finished[at] = made.stopped;
            goesOn = goesOn || !made.stopped;
        }
        return goesOn;
    }

    const models::Decoder& m_decoder;
    std::span<const std::int64_t> m_indices;
    const GenerationOptions& m_options;
    std::vector<Continuation>& m_out;
    Sampler m_sampler;
    std::int64_t m_rows;
    std::int64_t m_longest = 0;
    bool m_padded = false;
    at::Tensor m_ids;     ///< [B, longest], padded on the left
    at::Tensor m_padding; ///< [B, 1]
    std::vector<bool> m_finished;
};

} // namespace

Result<void> continuePrompts(const models::Decoder& decoder, const std::vector<Tokens>& prompts,
                             std::span<const std::int64_t> indices, const GenerationOptions& options,
                             const StopFlag& stop, std::vector<Continuation>& out)
{
    const c10::InferenceMode inference;
    return Batch(decoder, prompts, indices, options, out).run(stop);
}

} // namespace gradus::engine
