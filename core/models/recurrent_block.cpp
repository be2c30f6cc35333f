// SPDX-License-Identifier: GPL-3.0-or-later
// x + output(GRU(norm(x))), then x + SwiGLU(norm(x)). The unit is that of Cho et al. (arXiv 1406.1078) in the form that
// PyTorch and cuDNN compute: the reset gate acts on the product with the state, so that one product a step serves all
// three gates. A state passed from position to position is its only way to hear of earlier ones.
#include "models/block_impl.h"
#include "models/residual_branches_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>

namespace gradus::models {

namespace {

class RecurrentBlock final : public Block
{
public:
    explicit RecurrentBlock(const ModelShape& shape)
        : m_width(shape.hiddenSize), m_inputNorm(Norm::make(m_width, false, shape.normEpsilon)),
          m_postNorm(Norm::make(m_width, false, shape.normEpsilon)), m_input({{"recurrent.input_reset", m_width},
                                                                              {"recurrent.input_update", m_width},
                                                                              {"recurrent.input_new", m_width}},
                                                                             m_width, true),
          m_state({{"recurrent.state_reset", m_width},
                   {"recurrent.state_update", m_width},
                   {"recurrent.state_new", m_width}},
                  m_width, true),
          m_output({{"recurrent.o_proj", m_width}}, m_width, false),
          m_gateUp({{"mlp.gate_proj", shape.intermediateSize}, {"mlp.up_proj", shape.intermediateSize}}, m_width,
                   false),
          m_down({{"mlp.down_proj", m_width}}, shape.intermediateSize, false)
    {
    }

    at::Tensor forward(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const override
    {
        if (isOneBranch(x_BTD, pass, cache, {&m_input, &m_state, &m_output, &m_gateUp, &m_down}))
            return feedForwardBranch(recurrentBranch(x_BTD, m_inputNorm, m_input, m_state, m_output), m_postNorm,
                                     m_gateUp, m_down);
        const at::Tensor mixed = x_BTD + m_output(recur(m_inputNorm(x_BTD), pass, cache));
        return mixed + m_down(swiGlu(m_gateUp(m_postNorm(mixed))));
    }

    void appendParameters(std::vector<at::Tensor>& all) const override
    {
        for (const at::Tensor& tensor :
             {m_inputNorm.weight, m_input.weight(), m_input.bias(), m_state.weight(), m_state.bias(), m_output.weight(),
              m_postNorm.weight, m_gateUp.weight(), m_down.weight()})
            all.push_back(tensor);
    }

    void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const override
    {
        all.push_back({prefix + "input_layernorm.weight", m_inputNorm.weight});
        m_input.appendNamed(all, prefix);
        m_state.appendNamed(all, prefix);
        m_output.appendNamed(all, prefix);
        all.push_back({prefix + "post_attention_layernorm.weight", m_postNorm.weight});
        m_gateUp.appendNamed(all, prefix);
        m_down.appendNamed(all, prefix);
    }

    std::vector<Projection*> projections() override { return {&m_input, &m_state, &m_output, &m_gateUp, &m_down}; }

private:
    /// The state after every position: [B, T, D].
    at::Tensor recur(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const
    {
        const std::int64_t positions = x_BTD.size(1);
        const at::Tensor inputs = m_input(x_BTD);
        const at::Tensor real_BT1 = realPositions(pass, positions);
        at::Tensor state_BD =
            cache != nullptr ? cache->state.clone() : at::zeros({x_BTD.size(0), m_width}, x_BTD.options());
        std::vector<at::Tensor> states;
        states.reserve(static_cast<std::size_t>(positions));
        for (std::int64_t t = 0; t < positions; ++t) {
            state_BD = after(inputs.select(1, t), state_BD);
            // Before a row's first real position its state is what it is at the beginning: zero.
            if (real_BT1.defined()) state_BD = state_BD * real_BT1.select(1, t);
            states.push_back(state_BD);
        }
        if (cache != nullptr) cache->state.copy_(state_BD);
        return at::stack(states, 1);
    }

    at::Tensor after(const at::Tensor& input_B3D, const at::Tensor& state_BD) const
    {
        const at::Tensor held_B3D = m_state(state_BD);
        const at::Tensor gates = at::sigmoid(input_B3D.narrow(1, 0, 2 * m_width) + held_B3D.narrow(1, 0, 2 * m_width));
        const at::Tensor fresh = at::tanh(input_B3D.narrow(1, 2 * m_width, m_width) +
                                          gates.narrow(1, 0, m_width) * held_B3D.narrow(1, 2 * m_width, m_width));
        return fresh + gates.narrow(1, m_width, m_width) * (state_BD - fresh);
    }

    std::int64_t m_width;
    Norm m_inputNorm;
    Norm m_postNorm;
    Projection m_input; ///< reset, update, new: [3 D, D]
    Projection m_state;
    Projection m_output;
    Projection m_gateUp;
    Projection m_down;
};

} // namespace

std::shared_ptr<Block> makeRecurrentBlock(const ModelShape& shape)
{
    return std::make_shared<RecurrentBlock>(shape);
}

} // namespace gradus::models
