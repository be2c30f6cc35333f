// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/decoder_impl.h"

#include "models/weights_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>

#include <cmath>

namespace gradus::models {

namespace {

Error badShape(const std::string& what)
{
    return badInput("The model's shape cannot be built: " + what + ".");
}

} // namespace

Result<void> checkShape(const ModelShape& shape)
{
    constexpr int kMost = 1 << 24;
    const auto outside = [](int value) { return value < 1 || value > kMost; };
    if (outside(shape.vocabularySize)) return badShape("the vocabulary must have 1 to 16,777,216 tokens");
    if (outside(shape.hiddenSize)) return badShape("the width must be 1 to 16,777,216");
    if (shape.layers < 0 || shape.layers > 4096) return badShape("there must be 0 to 4096 layers");
    if (outside(shape.intermediateSize)) return badShape("the intermediate size must be 1 to 16,777,216");
    if (outside(shape.maxPositions)) return badShape("the positions must be 1 to 16,777,216");
    if (shape.heads < 1 || shape.hiddenSize % shape.heads != 0)
        return badShape("the width " + std::to_string(shape.hiddenSize) + " is not a multiple of its " +
                        std::to_string(shape.heads) + " heads");
    if (shape.hiddenSize / shape.heads % 2 != 0) return badShape("the head dimension must be even");
    if (shape.keyValueHeads < 1 || shape.heads % shape.keyValueHeads != 0)
        return badShape("the heads must be a multiple of the key-value heads");
    if (!(shape.ropeTheta > 0) || !(shape.normEpsilon > 0))
        return badShape("the rotary base and the norm's epsilon must be above 0");
    return {};
}

Decoder::Decoder(const ModelShape& shape, std::uint64_t seed)
    : m_shape(shape), m_rotary(rotaryTable(shape.maxPositions, shape.hiddenSize / shape.heads, shape.ropeTheta))
{
    const std::int64_t width = shape.hiddenSize;
    const std::int64_t headSize = width / shape.heads;
    const std::int64_t qkvRows = (shape.heads + 2LL * shape.keyValueHeads) * headSize;
    m_embedding = at::empty({shape.vocabularySize, width});
    m_norm = at::ones({width});
    if (!shape.tiedEmbeddings) m_output = at::empty({shape.vocabularySize, width});
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer;
        layer.inputNorm = at::ones({width});
        layer.qkvWeight = at::empty({qkvRows, width});
        if (shape.qkvBias) layer.qkvBias = at::zeros({qkvRows});
        layer.outputWeight = at::empty({width, width});
        layer.postNorm = at::ones({width});
        layer.gateUpWeight = at::empty({2LL * shape.intermediateSize, width});
        layer.downWeight = at::empty({width, shape.intermediateSize});
        m_layers.push_back(std::move(layer));
    }
    const double residual = 1.0 / std::sqrt(2.0 * std::max(1, shape.layers));
    for (const NamedTensor& parameter : named()) {
        if (parameter.tensor.dim() != 2) continue;
        const bool closesResidual =
            parameter.name.ends_with("o_proj.weight") || parameter.name.ends_with("down_proj.weight");
        const double deviation = 1.0 / std::sqrt(static_cast<double>(parameter.tensor.size(1)));
        fillNormal(parameter, seed, closesResidual ? deviation * residual : deviation);
    }
}

at::Tensor Decoder::attention(const Layer& layer, const at::Tensor& x_BTD) const
{
    const std::int64_t batch = x_BTD.size(0);
    const std::int64_t positions = x_BTD.size(1);
    const std::int64_t heads = m_shape.heads;
    const std::int64_t groups = m_shape.keyValueHeads;
    const std::int64_t headSize = m_shape.hiddenSize / heads;
    const at::Tensor qkv =
        at::linear(x_BTD, layer.qkvWeight, layer.qkvBias).view({batch, positions, heads + 2 * groups, headSize});
    // Queries and keys turn alike, so one call turns both.
    const at::Tensor turned = rotate(qkv.narrow(2, 0, heads + groups), m_rotary);
    const at::Tensor query_BHTd = turned.narrow(2, 0, heads).transpose(1, 2);
    const at::Tensor key_BGTd = turned.narrow(2, heads, groups).transpose(1, 2);
    const at::Tensor value_BGTd = qkv.narrow(2, heads + groups, groups).transpose(1, 2);
    const at::Tensor mixed_BHTd = at::scaled_dot_product_attention(query_BHTd, key_BGTd, value_BGTd, {}, 0.0, true,
                                                                   std::nullopt, heads != groups);
    return at::linear(mixed_BHTd.transpose(1, 2).reshape({batch, positions, heads * headSize}), layer.outputWeight);
}

at::Tensor Decoder::hidden(const at::Tensor& ids_BT) const
{
    at::Tensor x_BTD = at::embedding(m_embedding, ids_BT);
    for (const Layer& layer : m_layers) {
        x_BTD = x_BTD + attention(layer, rmsNorm(x_BTD, layer.inputNorm, m_shape.normEpsilon));
        const at::Tensor gateUp = at::linear(rmsNorm(x_BTD, layer.postNorm, m_shape.normEpsilon), layer.gateUpWeight);
        x_BTD = x_BTD + at::linear(swiGlu(gateUp), layer.downWeight);
    }
    return rmsNorm(x_BTD, m_norm, m_shape.normEpsilon);
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const
{
    return at::linear(hidden, m_output.defined() ? m_output : m_embedding);
}

std::vector<at::Tensor> Decoder::parameters() const
{
    std::vector<at::Tensor> all{m_embedding};
    for (const Layer& layer : m_layers)
        for (const at::Tensor& tensor : {layer.inputNorm, layer.qkvWeight, layer.qkvBias, layer.outputWeight,
                                         layer.postNorm, layer.gateUpWeight, layer.downWeight})
            if (tensor.defined()) all.push_back(tensor);
    all.push_back(m_norm);
    if (m_output.defined()) all.push_back(m_output);
    return all;
}

void Decoder::requiresGradients(bool wanted)
{
    for (at::Tensor& parameter : parameters()) {
        parameter.set_requires_grad(wanted);
        if (!wanted) parameter.mutable_grad() = at::Tensor();
    }
}

std::vector<NamedTensor> Decoder::named() const
{
    const at::NoGradGuard views; // a recorded view could not be written into
    const std::int64_t headSize = m_shape.hiddenSize / m_shape.heads;
    const std::int64_t queryRows = m_shape.heads * headSize;
    const std::int64_t keyRows = m_shape.keyValueHeads * headSize;
    std::vector<NamedTensor> all{{"model.embed_tokens.weight", m_embedding}};
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer& layer = m_layers[i];
        const std::string prefix = "model.layers." + std::to_string(i) + ".";
        const auto addThree = [&](const at::Tensor& packed, const std::string& kind) {
            all.push_back({prefix + "self_attn.q_proj." + kind, packed.narrow(0, 0, queryRows)});
            all.push_back({prefix + "self_attn.k_proj." + kind, packed.narrow(0, queryRows, keyRows)});
            all.push_back({prefix + "self_attn.v_proj." + kind, packed.narrow(0, queryRows + keyRows, keyRows)});
        };
        all.push_back({prefix + "input_layernorm.weight", layer.inputNorm});
        addThree(layer.qkvWeight, "weight");
        if (layer.qkvBias.defined()) addThree(layer.qkvBias, "bias");
        all.push_back({prefix + "self_attn.o_proj.weight", layer.outputWeight});
        all.push_back({prefix + "post_attention_layernorm.weight", layer.postNorm});
        all.push_back({prefix + "mlp.gate_proj.weight", layer.gateUpWeight.narrow(0, 0, m_shape.intermediateSize)});
        all.push_back({prefix + "mlp.up_proj.weight",
                       layer.gateUpWeight.narrow(0, m_shape.intermediateSize, m_shape.intermediateSize)});
        all.push_back({prefix + "mlp.down_proj.weight", layer.downWeight});
    }
    all.push_back({"model.norm.weight", m_norm});
    if (m_output.defined()) all.push_back({"lm_head.weight", m_output});
    return all;
}

} // namespace gradus::models
