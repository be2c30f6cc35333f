// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/task_head_impl.h"

#include "models/weights_impl.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace gradus::engine {

namespace {

/// Rows b x T + length - 1 of the flattened hidden states.
at::Tensor lastRows(const SequenceBatch& batch)
{
    const std::int64_t positions = batch.ids_BT.size(1);
    at::Tensor rows = at::empty({batch.ids_BT.size(0)}, at::kLong);
    std::int64_t* out = rows.data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < batch.lengths.size(); ++i)
        out[i] = static_cast<std::int64_t>(i) * positions + batch.lengths[i] - 1;
    return rows;
}

/// 1 / length at real positions and 0 at padding: [B, T, 1].
at::Tensor meanWeights(const SequenceBatch& batch)
{
    const std::int64_t positions = batch.ids_BT.size(1);
    at::Tensor weights = at::zeros({batch.ids_BT.size(0), positions, 1});
    float* row = weights.data_ptr<float>();
    for (const std::int64_t length : batch.lengths) {
        std::fill_n(row, length, 1.0F / static_cast<float>(length));
        row += positions;
    }
    return weights;
}

} // namespace

SequenceBatch packSequences(const std::vector<std::vector<Tokens>>& items, std::span<const std::int64_t> indices,
                            at::Device device)
{
    SequenceBatch batch;
    std::int64_t longest = 0;
    for (const std::int64_t index : indices)
        for (const Tokens& tokens : items[static_cast<std::size_t>(index)]) {
            const auto length = static_cast<std::int64_t>(tokens.size());
            batch.lengths.push_back(length);
            batch.realTokens += length;
            longest = std::max(longest, length);
        }
    const auto rows = static_cast<std::int64_t>(batch.lengths.size());
    batch.equalLengths = batch.realTokens == rows * longest;
    batch.ids_BT = batch.equalLengths ? at::empty({rows, longest}, at::kLong) : at::zeros({rows, longest}, at::kLong);
    std::int64_t* row = batch.ids_BT.data_ptr<std::int64_t>();
    for (const std::int64_t index : indices)
        for (const Tokens& tokens : items[static_cast<std::size_t>(index)]) {
            std::ranges::copy(tokens, row);
            row += longest;
        }
    batch.ids_BT = batch.ids_BT.to(device);
    return batch;
}

Result<void> checkItems(const std::vector<std::vector<Tokens>>& items, const models::ModelShape& shape,
                        const HeadShape& head)
{
    const std::size_t sequences = head.kind == HeadKind::Compare ? static_cast<std::size_t>(head.classes) : 1;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string where = "Item " + std::to_string(i + 1);
        if (items[i].size() != sequences)
            return badInput(where + " has " + std::to_string(items[i].size()) + " sequences and the head reads " +
                            std::to_string(sequences) + "; check the task's kind.");
        for (const Tokens& tokens : items[i]) {
            if (tokens.empty()) return badInput(where + " has an empty sequence; leave it out.");
            if (tokens.size() > static_cast<std::size_t>(shape.maxPositions))
                return badInput(where + " has " + std::to_string(tokens.size()) + " tokens and the model takes " +
                                std::to_string(shape.maxPositions) + "; lower the task's token limit.");
            const auto [least, most] = std::ranges::minmax_element(tokens);
            if (*least < 0 || *most >= shape.vocabularySize)
                return badInput(where + " has a token outside the vocabulary of " +
                                std::to_string(shape.vocabularySize) +
                                "; use the tokenizer that the model was made for.");
        }
    }
    return {};
}

TaskHead::TaskHead(const HeadShape& shape, std::int64_t width, std::uint64_t seed) : m_shape(shape)
{
    const bool classify = shape.kind == HeadKind::Classify;
    m_weight = at::empty({classify ? shape.classes : 1, width});
    models::fillNormal({"score.weight", m_weight}, seed, 0.02);
    // A bias shared by all sequences of a comparison would cancel out.
    if (classify && shape.bias) m_bias = at::zeros({shape.classes});
}

at::Tensor TaskHead::features(const models::Decoder& decoder, const SequenceBatch& batch) const
{
    const at::Tensor hidden_BTD = decoder.hidden(batch.ids_BT);
    if (m_shape.readout == Readout::Mean)
        return batch.equalLengths ? hidden_BTD.mean(1)
                                  : hidden_BTD.mul(meanWeights(batch).to(hidden_BTD.device())).sum(1);
    if (batch.equalLengths) return hidden_BTD.select(1, hidden_BTD.size(1) - 1);
    return hidden_BTD.reshape({-1, hidden_BTD.size(2)}).index_select(0, lastRows(batch).to(hidden_BTD.device()));
}

at::Tensor TaskHead::logits(const at::Tensor& features_BD) const
{
    return scores(features_BD).view({-1, m_shape.classes});
}

at::Tensor TaskHead::scores(const at::Tensor& features_BD) const
{
    return at::linear(features_BD, m_weight, m_bias);
}

void TaskHead::moveTo(at::Device device)
{
    for (at::Tensor tensor : parameters())
        tensor.set_data(tensor.to(device));
}

std::vector<at::Tensor> TaskHead::parameters() const
{
    return m_bias.defined() ? std::vector{m_weight, m_bias} : std::vector{m_weight};
}

std::vector<models::NamedTensor> TaskHead::named() const
{
    std::vector<models::NamedTensor> all{{"score.weight", m_weight}};
    if (m_bias.defined()) all.push_back({"score.bias", m_bias});
    return all;
}

at::Tensor softCrossEntropy(const at::Tensor& logits_NK, const at::Tensor& targets_NK)
{
    return at::log_softmax(logits_NK, 1).mul(targets_NK).sum().mul(-1.0 / static_cast<double>(logits_NK.size(0)));
}

} // namespace gradus::engine
