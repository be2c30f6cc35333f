// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder of the house, from a few thousand parameters to real checkpoints, in every family that we load.
#pragma once

#include "base/result.h"
#include "models/adapter_config.h"
#include "models/block_impl.h"
#include "models/model_shape.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

// Shape letters: B sequences, T positions, D width, V vocabulary.
namespace gradus::models {

/// What every layer keeps of a batch that is being continued.
struct DecoderCache
{
    std::vector<LayerCache> layers;
    std::int64_t length = 0; ///< positions filled
};

/// Weights and forward pass, single precision on a CPU. Copies share weights; one thread at a time.
class Decoder final
{
public:
    /// Weights drawn from (seed, Hugging Face name): matrices with deviation 1/sqrt(inputs), those that close a
    /// residual branch further divided by sqrt(2 x layers) so that depth does not blow up the residual stream,
    /// embeddings 1/sqrt(width), biases 0, norms 1. shape must have passed checkShape.
    Decoder(const ModelShape& shape, std::uint64_t seed);
    /// The same tensors with undefined numbers in the matrices, to be read from a file.
    static Decoder uninitialised(const ModelShape& shape);

    const ModelShape& shape() const { return m_shape; }

    /// ids_BT int64 -> hidden states after the final norm [B, T, D]. Padding goes to the right and needs no mask: no
    /// real position sees a later one.
    at::Tensor hidden(const at::Tensor& ids_BT) const;
    /// The same of sequences that lie end to end in one row [1, all tokens]: positions_BT is every token's place in its
    /// own sequence, starts int32 [sequences + 1] where each begins and the last ends, longest the longest one. Only
    /// where takesEndToEnd().
    at::Tensor hidden(const at::Tensor& ids_BT, const at::Tensor& positions_BT, const at::Tensor& starts,
                      std::int64_t longest) const;
    /// On a GPU in bfloat16, where attention layers have a kernel for it: no number is spent on padding then.
    bool takesEndToEnd() const;
    /// As hidden(ids_BT), and the residual stream after each of these layers (0: the embeddings) is appended to taps.
    at::Tensor hidden(const at::Tensor& ids_BT, const std::vector<int>& layers, std::vector<at::Tensor>& taps) const;
    /// The next positions of a batch whose earlier ones are in the cache. positions_BT and mask as in Pass; both
    /// undefined when no sequence is padded.
    at::Tensor next(const at::Tensor& ids_BT, DecoderCache& cache, const at::Tensor& positions_BT,
                    const at::Tensor& mask) const;
    DecoderCache cache(std::int64_t batch, std::int64_t positions) const;
    /// A cache with room for so many positions whose rows go on from those of `from`, or all from its only one.
    DecoderCache goingOn(const DecoderCache& from, std::int64_t batch, std::int64_t positions) const;
    /// [..., D] -> [..., V].
    at::Tensor logits(const at::Tensor& hidden) const;
    /// What logits() multiplies by: [V, D].
    const at::Tensor& outputWeight() const { return m_output.defined() ? m_output : m_embedding; }

    /// Layers of passes that record gradients keep their input alone and are computed again when it is their turn.
    void recomputeLayers(bool wanted) { m_recompute = wanted; }
    /// Gives all matrices of an uninitialised decoder their place; their numbers are undefined still.
    void place(at::Device device, at::ScalarType type);
    /// The same on the CPU for reading, as where texts are written: the matrices lie together in HugePages, in float
    /// or, at half the memory and the time of a token, in bfloat16; what flows between them is float. Of bfloat16
    /// convert(at::kCPU, at::kFloat) makes what tuning needs, and gives their memory back matrix by matrix.
    void placeToRead(at::ScalarType matrices);
    /// Passes of few rows without gradients, as where texts are written on a CPU, go through loops of our own instead
    /// of operators that take longer to call than to compute. Sums then have another order: what the built-in world's
    /// figures were made with stays with the operators. placeToRead() turns it on.
    void readInLoops(bool wanted) { m_loops = wanted; }
    /// Moves and rounds all weights, of all copies, in place. Not while gradients are recorded.
    void convert(at::Device device, at::ScalarType type);
    at::Device device() const { return m_embedding.device(); }

    /// Leaves to optimise, in a fixed order: the adapters where there are any (the body is frozen then), else the body.
    std::vector<at::Tensor> parameters() const;
    /// Turns recording on or off for these leaves.
    void requiresGradients(bool wanted);
    /// The same leaves under their names: what tuning changes.
    std::vector<NamedTensor> tuned() const { return adapted() ? adapters() : named(); }
    /// Views under Hugging Face names, for reading and writing weights; writing into them needs a no-grad guard.
    std::vector<NamedTensor> named() const;

    /// Bad input when no module has one of those names. All copies get them.
    Result<void> attachAdapters(const AdapterOptions& options);
    bool adapted() const { return !adapters().empty(); }
    /// Adapter matrices under PEFT's names ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight").
    std::vector<NamedTensor> adapters() const;
    void mergeAdapters(); ///< folds them into the weights

private:
    explicit Decoder(const ModelShape& shape);
    std::vector<at::Tensor> body() const;                ///< its leaves, adapters not among them
    at::Tensor embedded(const at::Tensor& ids_BT) const; ///< [B, T, D], before the first layer
    at::Tensor run(const at::Tensor& ids_BT, Pass pass, DecoderCache* cache, const std::vector<int>& layers,
                   std::vector<at::Tensor>* taps) const;
    std::string layerPrefix(std::size_t index) const;
    Pass passOf(const at::Tensor& positions_BT) const;            ///< of tokens at any positions, nothing kept
    Pass passOf(std::int64_t past, std::int64_t positions) const; ///< of the next positions of every row

    ModelShape m_shape;
    RotaryTable m_rotary;
    RotaryTable m_localRotary; // undefined without local layers
    at::Tensor m_embedding;    // [V, D]
    Norm m_norm;
    at::Tensor m_output; // [V, D], undefined when tied
    std::vector<std::shared_ptr<Block>> m_layers;
    bool m_recompute = false;
    bool m_loops = false;
};

} // namespace gradus::models
