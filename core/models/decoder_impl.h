// SPDX-License-Identifier: GPL-3.0-or-later
// The one Qwen2-type decoder of the house, from a few thousand parameters to real checkpoints.
#pragma once

#include "base/result.h"
#include "models/layer_math_impl.h"
#include "models/model_shape.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

// Shape letters: B sequences, T positions, D width, H query heads, G key-value heads, V vocabulary.
namespace gradus::models {

/// A parameter under its Hugging Face name; a view into the decoder's storage where several are kept packed.
struct NamedTensor
{
    std::string name;
    at::Tensor tensor;
};

/// Empty if a decoder of that shape can exist, else bad input that names the field.
Result<void> checkShape(const ModelShape& shape);

/// Weights and forward pass, single precision. Query, key and value are one packed matrix, and so are gate and up:
/// fewer and larger products, the same numbers. Copies share weights; one thread at a time.
class Decoder final
{
public:
    /// Weights drawn from (seed, Hugging Face name): matrices with deviation 1/sqrt(inputs), o_proj and down_proj
    /// further divided by sqrt(2 x layers) so that depth does not blow up the residual stream, embeddings
    /// 1/sqrt(width), biases 0, norms 1. shape must have passed checkShape.
    Decoder(const ModelShape& shape, std::uint64_t seed);

    const ModelShape& shape() const { return m_shape; }

    /// ids_BT int64 -> hidden states after the final norm [B, T, D]. Padding goes to the right and needs no mask: no
    /// real position sees a later one.
    at::Tensor hidden(const at::Tensor& ids_BT) const;
    /// [..., D] -> [..., V].
    at::Tensor logits(const at::Tensor& hidden) const;

    /// Leaves to optimise, in a fixed order. requiresGradients turns recording on or off for all.
    std::vector<at::Tensor> parameters() const;
    void requiresGradients(bool wanted);
    /// Views under Hugging Face names, for reading and writing weights; writing into them needs a no-grad guard.
    std::vector<NamedTensor> named() const;

private:
    struct Layer
    {
        at::Tensor inputNorm;    // [D]
        at::Tensor qkvWeight;    // [(H + 2 G) x head, D]
        at::Tensor qkvBias;      // [(H + 2 G) x head], undefined without bias
        at::Tensor outputWeight; // [D, D]
        at::Tensor postNorm;     // [D]
        at::Tensor gateUpWeight; // [2 x intermediate, D]
        at::Tensor downWeight;   // [D, intermediate]
    };
    at::Tensor attention(const Layer& layer, const at::Tensor& x_BTD) const;

    ModelShape m_shape;
    RotaryTable m_rotary;
    at::Tensor m_embedding; // [V, D]
    at::Tensor m_norm;      // [D]
    at::Tensor m_output;    // [V, D], undefined when tied
    std::vector<Layer> m_layers;
};

} // namespace gradus::models
