// SPDX-License-Identifier: GPL-3.0-or-later
// From token sequences to the logits of a task: padded batches, the read-out, and the linear head.
#pragma once

#include "engine/tuning.h"
#include "models/decoder_impl.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

// Shape letters: N items, S sequences of an item, B = N x S sequences, T positions, D width, K classes.
namespace gradus::engine {

/// Sequences of a few items, padded to the right.
struct SequenceBatch
{
    at::Tensor ids_BT; ///< int64
    std::vector<std::int64_t> lengths;
    bool equalLengths = true;
    std::int64_t realTokens = 0;
};
/// The items named, their ids on that device.
SequenceBatch packSequences(const std::vector<std::vector<Tokens>>& items, std::span<const std::int64_t> indices,
                            at::Device device);

/// Empty if the decoder and the head can read these items, else bad input that names the item.
Result<void> checkItems(const std::vector<std::vector<Tokens>>& items, const models::ModelShape& shape,
                        const HeadShape& head);

/// Weights under the names score.weight ([K or 1, D]) and, for Classify, score.bias ([K]).
class TaskHead final
{
public:
    /// Weights with deviation 0.02 from (seed, name), so that fresh opinions are near even; bias 0.
    TaskHead(const HeadShape& shape, std::int64_t width, std::uint64_t seed);

    const HeadShape& shape() const { return m_shape; }
    /// The read-out of every sequence: [B, D].
    at::Tensor features(const models::Decoder& decoder, const SequenceBatch& batch) const;
    /// [B, D] -> [N, K].
    at::Tensor logits(const at::Tensor& features_BD) const;
    /// [B, D] -> [B, K], or [B, 1] of a Compare head: one row a sequence.
    at::Tensor scores(const at::Tensor& features_BD) const;
    void moveTo(at::Device device); ///< in place, for all copies

    std::vector<at::Tensor> parameters() const;
    std::vector<models::NamedTensor> named() const;

private:
    HeadShape m_shape;
    at::Tensor m_weight;
    at::Tensor m_bias;
};

/// Mean over items of the cross-entropy against soft targets, in nats: logits_NK, targets_NK.
at::Tensor softCrossEntropy(const at::Tensor& logits_NK, const at::Tensor& targets_NK);

} // namespace gradus::engine
