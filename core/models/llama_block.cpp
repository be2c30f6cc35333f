// SPDX-License-Identifier: GPL-3.0-or-later
// x + attention(norm(x)), then x + SwiGLU(norm(x)). Query, key and value are one packed matrix, and so are gate and up:
// fewer and larger products, the same numbers.
#include "models/block_impl.h"
#include "models/branch_parts_impl.h"
#include "models/fused_layers_impl.h"
#include "models/fused_math_impl.h"
#include "models/residual_branches_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

namespace gradus::models {

namespace {

class LlamaBlock final : public Block
{
public:
    explicit LlamaBlock(const ModelShape& shape)
        : m_heads(shape.heads), m_groups(shape.keyValueHeads), m_headSize(shape.headSize()),
          m_inputNorm(Norm::make(shape.hiddenSize, false, shape.normEpsilon)),
          m_postNorm(Norm::make(shape.hiddenSize, false, shape.normEpsilon)),
          m_qkv({{"self_attn.q_proj", m_heads * m_headSize},
                 {"self_attn.k_proj", m_groups * m_headSize},
                 {"self_attn.v_proj", m_groups * m_headSize}},
                shape.hiddenSize, shape.qkvBias),
          m_output({{"self_attn.o_proj", shape.hiddenSize}}, m_heads * m_headSize, shape.outputBias),
          m_gateUp({{"mlp.gate_proj", shape.intermediateSize}, {"mlp.up_proj", shape.intermediateSize}},
                   shape.hiddenSize, false),
          m_down({{"mlp.down_proj", shape.hiddenSize}}, shape.intermediateSize, false)
    {
        if (!shape.qkNorm) return;
        m_queryNorm = Norm::make(m_headSize, false, shape.normEpsilon);
        m_keyNorm = Norm::make(m_headSize, false, shape.normEpsilon);
    }

    at::Tensor forward(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const override
    {
        if (isOneBranch(x_BTD, pass, cache, {&m_qkv, &m_output, &m_gateUp, &m_down}) && attendsByFlash() &&
            !m_queryNorm.weight.defined() && !m_output.bias().defined() && pass.rows.cosine.dim() == 3)
            return feedForwardBranch(attentionBranch(x_BTD, m_inputNorm, m_qkv, m_output, m_heads, m_groups, pass.rows),
                                     m_postNorm, m_gateUp, m_down);
        const at::Tensor mixed = x_BTD + m_output(attention(m_inputNorm(x_BTD), pass, cache));
        return mixed + m_down(swiGlu(m_gateUp(m_postNorm(mixed))));
    }

    void appendParameters(std::vector<at::Tensor>& all) const override
    {
        for (const at::Tensor& tensor :
             {m_inputNorm.weight, m_qkv.weight(), m_qkv.bias(), m_queryNorm.weight, m_keyNorm.weight, m_output.weight(),
              m_output.bias(), m_postNorm.weight, m_gateUp.weight(), m_down.weight()})
            if (tensor.defined()) all.push_back(tensor);
    }

    void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const override
    {
        all.push_back({prefix + "input_layernorm.weight", m_inputNorm.weight});
        m_qkv.appendNamed(all, prefix);
        if (m_queryNorm.weight.defined()) {
            all.push_back({prefix + "self_attn.q_norm.weight", m_queryNorm.weight});
            all.push_back({prefix + "self_attn.k_norm.weight", m_keyNorm.weight});
        }
        m_output.appendNamed(all, prefix);
        all.push_back({prefix + "post_attention_layernorm.weight", m_postNorm.weight});
        m_gateUp.appendNamed(all, prefix);
        m_down.appendNamed(all, prefix);
    }

    std::vector<Projection*> projections() override { return {&m_qkv, &m_output, &m_gateUp, &m_down}; }

private:
    at::Tensor attention(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const
    {
        const at::Tensor packed = m_qkv(x_BTD);
        if (!m_queryNorm.weight.defined() && (at::GradMode::is_enabled() || fusible(packed))) {
            const TurnedHeads turned = fusedHeads(packed, m_heads, m_groups, pass.rows);
            return attend(turned.query, turned.key, turned.value, pass, cache);
        }
        const at::Tensor qkv = packed.view({x_BTD.size(0), x_BTD.size(1), m_heads + 2 * m_groups, m_headSize});
        const at::Tensor value = qkv.narrow(2, m_heads + m_groups, m_groups);
        if (m_queryNorm.weight.defined()) {
            const at::Tensor query = rotate(m_queryNorm(qkv.narrow(2, 0, m_heads)), pass.rows);
            const at::Tensor key = rotate(m_keyNorm(qkv.narrow(2, m_heads, m_groups)), pass.rows);
            return attend(query, key, value, pass, cache);
        }
        if (isPlain(packed) && pass.rows.cosine.dim() == 3) {
            const auto [turned, values] = headsApart(packed, m_heads, m_groups, pass.rows.cosine, pass.rows.sine);
            return attend(turned.narrow(2, 0, m_heads), turned.narrow(2, m_heads, m_groups), values, pass, cache);
        }
        // Queries and keys turn alike, so one call turns both.
        const at::Tensor turned = rotate(qkv.narrow(2, 0, m_heads + m_groups), pass.rows);
        return attend(turned.narrow(2, 0, m_heads), turned.narrow(2, m_heads, m_groups), value, pass, cache);
    }

    std::int64_t m_heads;
    std::int64_t m_groups;
    std::int64_t m_headSize;
    Norm m_inputNorm;
    Norm m_postNorm;
    Norm m_queryNorm; ///< weight undefined without qkNorm
    Norm m_keyNorm;
    Projection m_qkv;
    Projection m_output;
    Projection m_gateUp;
    Projection m_down;
};

} // namespace

std::shared_ptr<Block> makeLlamaBlock(const ModelShape& shape)
{
    return std::make_shared<LlamaBlock>(shape);
}

} // namespace gradus::models
