// SPDX-License-Identifier: GPL-3.0-or-later
// Gemma 3: x + norm(attention(norm(x))), then x + norm(GeGLU(norm(x))). Queries and keys are normed head by head; local
// layers turn by a base of their own and see a window of positions. Packed as in a Llama block.
#include "models/block_impl.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace gradus::models {

namespace {

class GemmaBlock final : public Block
{
public:
    GemmaBlock(const ModelShape& shape, bool local)
        : m_heads(shape.heads), m_groups(shape.keyValueHeads), m_headSize(shape.headSize()), m_local(local),
          m_scale(1 / std::sqrt(shape.queryScalar > 0 ? shape.queryScalar : shape.headSize())),
          m_inputNorm(Norm::makeLessOne(shape.hiddenSize, shape.normEpsilon)),
          m_attendedNorm(Norm::makeLessOne(shape.hiddenSize, shape.normEpsilon)),
          m_beforeNorm(Norm::makeLessOne(shape.hiddenSize, shape.normEpsilon)),
          m_afterNorm(Norm::makeLessOne(shape.hiddenSize, shape.normEpsilon)),
          m_queryNorm(Norm::makeLessOne(m_headSize, shape.normEpsilon)),
          m_keyNorm(Norm::makeLessOne(m_headSize, shape.normEpsilon)),
          m_qkv({{"self_attn.q_proj", m_heads * m_headSize},
                 {"self_attn.k_proj", m_groups * m_headSize},
                 {"self_attn.v_proj", m_groups * m_headSize}},
                shape.hiddenSize, shape.qkvBias),
          m_output({{"self_attn.o_proj", shape.hiddenSize}}, m_heads * m_headSize, shape.outputBias),
          m_gateUp({{"mlp.gate_proj", shape.intermediateSize}, {"mlp.up_proj", shape.intermediateSize}},
                   shape.hiddenSize, false),
          m_down({{"mlp.down_proj", shape.hiddenSize}}, shape.intermediateSize, false)
    {
    }

    at::Tensor forward(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const override
    {
        const at::Tensor mixed = x_BTD + m_attendedNorm(m_output(attention(m_inputNorm(x_BTD), pass, cache)));
        return mixed + m_afterNorm(m_down(geGlu(m_gateUp(m_beforeNorm(mixed)))));
    }

    void appendParameters(std::vector<at::Tensor>& all) const override
    {
        for (const at::Tensor& tensor : {m_inputNorm.weight, m_qkv.weight(), m_qkv.bias(), m_queryNorm.weight,
                                         m_keyNorm.weight, m_output.weight(), m_output.bias(), m_attendedNorm.weight,
                                         m_beforeNorm.weight, m_gateUp.weight(), m_down.weight(), m_afterNorm.weight})
            if (tensor.defined()) all.push_back(tensor);
    }

    void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const override
    {
        all.push_back({prefix + "input_layernorm.weight", m_inputNorm.weight});
        m_qkv.appendNamed(all, prefix);
        all.push_back({prefix + "self_attn.q_norm.weight", m_queryNorm.weight});
        all.push_back({prefix + "self_attn.k_norm.weight", m_keyNorm.weight});
        m_output.appendNamed(all, prefix);
        all.push_back({prefix + "post_attention_layernorm.weight", m_attendedNorm.weight});
        all.push_back({prefix + "pre_feedforward_layernorm.weight", m_beforeNorm.weight});
        m_gateUp.appendNamed(all, prefix);
        m_down.appendNamed(all, prefix);
        all.push_back({prefix + "post_feedforward_layernorm.weight", m_afterNorm.weight});
    }

    std::vector<Projection*> projections() override { return {&m_qkv, &m_output, &m_gateUp, &m_down}; }

private:
    at::Tensor attention(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const
    {
        Pass seen = pass;
        if (m_local) {
            seen.rows = pass.localRows;
            seen.mask = pass.localMask;
        }
        const at::Tensor qkv = m_qkv(x_BTD).view({x_BTD.size(0), x_BTD.size(1), m_heads + 2 * m_groups, m_headSize});
        const at::Tensor query = rotate(m_queryNorm(qkv.narrow(2, 0, m_heads)), seen.rows);
        const at::Tensor key = rotate(m_keyNorm(qkv.narrow(2, m_heads, m_groups)), seen.rows);
        return attend(query, key, qkv.narrow(2, m_heads + m_groups, m_groups), seen, cache, m_scale);
    }

    std::int64_t m_heads;
    std::int64_t m_groups;
    std::int64_t m_headSize;
    bool m_local;
    double m_scale;
    Norm m_inputNorm;
    Norm m_attendedNorm;
    Norm m_beforeNorm;
    Norm m_afterNorm;
    Norm m_queryNorm;
    Norm m_keyNorm;
    Projection m_qkv;
    Projection m_output;
    Projection m_gateUp;
    Projection m_down;
};

} // namespace

std::shared_ptr<Block> makeGemmaBlock(const ModelShape& shape, int layer)
{
    return std::make_shared<GemmaBlock>(shape, shape.localLayers.at(static_cast<std::size_t>(layer)));
}

} // namespace gradus::models
