// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-NeoX: attention and feed-forward both read the layer's input and are added to it together (or one after the other
// where the model says so). One matrix makes query, key and value, head by head.
#include "models/block_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/relu.h>

namespace gradus::models {

namespace {

class NeoxBlock final : public Block
{
public:
    explicit NeoxBlock(const ModelShape& shape)
        : m_heads(shape.heads), m_headSize(shape.headSize()), m_parallel(shape.parallelResidual),
          m_activation(shape.activation), m_inputNorm(Norm::make(shape.hiddenSize, true, shape.normEpsilon)),
          m_postNorm(Norm::make(shape.hiddenSize, true, shape.normEpsilon)),
          m_qkv({{"attention.query_key_value", 3 * m_heads * m_headSize}}, shape.hiddenSize, shape.qkvBias),
          m_output({{"attention.dense", shape.hiddenSize}}, m_heads * m_headSize, shape.outputBias),
          m_up({{"mlp.dense_h_to_4h", shape.intermediateSize}}, shape.hiddenSize, true),
          m_down({{"mlp.dense_4h_to_h", shape.hiddenSize}}, shape.intermediateSize, true)
    {
    }

    at::Tensor forward(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const override
    {
        const at::Tensor mixed = m_output(attention(m_inputNorm(x_BTD), pass, cache));
        if (m_parallel) return feedForward(m_postNorm(x_BTD)) + mixed + x_BTD;
        const at::Tensor between = mixed + x_BTD;
        return feedForward(m_postNorm(between)) + between;
    }

    void appendParameters(std::vector<at::Tensor>& all) const override
    {
        for (const at::Tensor& tensor :
             {m_inputNorm.weight, m_inputNorm.bias, m_qkv.weight(), m_qkv.bias(), m_output.weight(), m_output.bias(),
              m_postNorm.weight, m_postNorm.bias, m_up.weight(), m_up.bias(), m_down.weight(), m_down.bias()})
            if (tensor.defined()) all.push_back(tensor);
    }

    void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const override
    {
        all.push_back({prefix + "input_layernorm.weight", m_inputNorm.weight});
        all.push_back({prefix + "input_layernorm.bias", m_inputNorm.bias});
        m_qkv.appendNamed(all, prefix);
        m_output.appendNamed(all, prefix);
        all.push_back({prefix + "post_attention_layernorm.weight", m_postNorm.weight});
        all.push_back({prefix + "post_attention_layernorm.bias", m_postNorm.bias});
        m_up.appendNamed(all, prefix);
        m_down.appendNamed(all, prefix);
    }

    std::vector<Projection*> projections() override { return {&m_qkv, &m_output, &m_up, &m_down}; }

private:
    at::Tensor attention(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const
    {
        const at::Tensor qkv = m_qkv(x_BTD).view({x_BTD.size(0), x_BTD.size(1), m_heads, 3 * m_headSize});
        const at::Tensor query = rotate(qkv.narrow(3, 0, m_headSize), pass.rows);
        const at::Tensor key = rotate(qkv.narrow(3, m_headSize, m_headSize), pass.rows);
        return attend(query, key, qkv.narrow(3, 2 * m_headSize, m_headSize), pass, cache);
    }

    at::Tensor feedForward(const at::Tensor& x_BTD) const
    {
        const at::Tensor up = m_up(x_BTD);
        return m_down(m_activation == "relu" ? at::relu(up)
                                             : at::gelu(up, m_activation == "gelu_new" ? "tanh" : "none"));
    }

    std::int64_t m_heads;
    std::int64_t m_headSize;
    bool m_parallel;
    std::string m_activation;
    Norm m_inputNorm;
    Norm m_postNorm;
    Projection m_qkv;
    Projection m_output;
    Projection m_up;
    Projection m_down;
};

} // namespace

std::shared_ptr<Block> makeNeoxBlock(const ModelShape& shape)
{
    return std::make_shared<NeoxBlock>(shape);
}

} // namespace gradus::models
