// SPDX-License-Identifier: GPL-3.0-or-later
// x + output(gated convolution(norm(x))), then x + SwiGLU(norm(x)). The convolution reads its own position and those
// 2^layer and 2 x 2^layer before it (dilated as in WaveNet, arXiv 1609.03499) and is gated (arXiv 1612.08083): what
// lies further back than all layers reach together cannot be heard of at all.
#include "models/block_impl.h"
#include "models/residual_branches_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

namespace gradus::models {

namespace {

class ConvolutionalBlock final : public Block
{
public:
    ConvolutionalBlock(const ModelShape& shape, int layer)
        : m_width(shape.hiddenSize), m_reach(reachOf(layer)),
          m_inputNorm(Norm::make(m_width, false, shape.normEpsilon)),
          m_postNorm(Norm::make(m_width, false, shape.normEpsilon)),
          m_gateValue({{"convolution.gate_proj", m_width}, {"convolution.value_proj", m_width}},
                      kConvolutionTaps * m_width, true),
          m_output({{"convolution.o_proj", m_width}}, m_width, false),
          m_gateUp({{"mlp.gate_proj", shape.intermediateSize}, {"mlp.up_proj", shape.intermediateSize}}, m_width,
                   false),
          m_down({{"mlp.down_proj", m_width}}, shape.intermediateSize, false)
    {
    }

    at::Tensor forward(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const override
    {
        const at::Tensor mixed = x_BTD + m_output(swiGlu(m_gateValue(neighbours(m_inputNorm(x_BTD), pass, cache))));
        if (isOneBranch(mixed, pass, cache, {&m_gateUp, &m_down}))
            return feedForwardBranch(mixed, m_postNorm, m_gateUp, m_down);
        return mixed + m_down(swiGlu(m_gateUp(m_postNorm(mixed))));
    }

    void appendParameters(std::vector<at::Tensor>& all) const override
    {
        for (const at::Tensor& tensor : {m_inputNorm.weight, m_gateValue.weight(), m_gateValue.bias(),
                                         m_output.weight(), m_postNorm.weight, m_gateUp.weight(), m_down.weight()})
            all.push_back(tensor);
    }

    void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const override
    {
        all.push_back({prefix + "input_layernorm.weight", m_inputNorm.weight});
        m_gateValue.appendNamed(all, prefix);
        m_output.appendNamed(all, prefix);
        all.push_back({prefix + "post_attention_layernorm.weight", m_postNorm.weight});
        m_gateUp.appendNamed(all, prefix);
        m_down.appendNamed(all, prefix);
    }

    std::vector<Projection*> projections() override { return {&m_gateValue, &m_output, &m_gateUp, &m_down}; }

private:
    /// Every position beside the earlier ones that it reads, furthest first: [B, T, taps x D]. Zeros before the start.
    at::Tensor neighbours(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const
    {
        const std::int64_t positions = x_BTD.size(1);
        const at::Tensor real_BT1 = realPositions(pass, positions);
        const at::Tensor inputs = real_BT1.defined() ? x_BTD * real_BT1 : x_BTD;
        const at::Tensor before =
            cache != nullptr ? cache->state.clone() : at::zeros({x_BTD.size(0), m_reach, m_width}, x_BTD.options());
        const at::Tensor all = at::cat({before, inputs}, 1);
        if (cache != nullptr) cache->state.copy_(all.narrow(1, positions, m_reach));
        const std::int64_t stride = m_reach / (kConvolutionTaps - 1);
        std::vector<at::Tensor> taps;
        for (std::int64_t tap = 0; tap < kConvolutionTaps; ++tap)
            taps.push_back(all.narrow(1, tap * stride, positions));
        return at::cat(taps, 2);
    }

    std::int64_t m_width;
    std::int64_t m_reach;
    Norm m_inputNorm;
    Norm m_postNorm;
    Projection m_gateValue; ///< [2 D, taps x D]
    Projection m_output;
    Projection m_gateUp;
    Projection m_down;
};

} // namespace

std::int64_t reachOf(int layer)
{
    constexpr int kCycle = 8; // then the strides begin again, as WaveNet's do
    return (kConvolutionTaps - 1) * (std::int64_t{1} << (layer % kCycle));
}

std::shared_ptr<Block> makeConvolutionalBlock(const ModelShape& shape, int layer)
{
    return std::make_shared<ConvolutionalBlock>(shape, layer);
}

} // namespace gradus::models
