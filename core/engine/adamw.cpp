// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adamw_impl.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/zeros_like.h>

#include <utility>

namespace gradus::engine {

void AdamW::add(const std::string& name, const std::vector<at::Tensor>& parameters, double rateScale,
                double weightDecay)
{
    AdamWGroup matrices{.name = name + ".matrix", .rateScale = rateScale, .weightDecay = weightDecay};
    AdamWGroup vectors{.name = name + ".vector", .rateScale = rateScale, .weightDecay = 0};
    for (const at::Tensor& parameter : parameters) {
        AdamWGroup& group = parameter.dim() >= 2 ? matrices : vectors;
        group.parameters.push_back(parameter);
        const at::Tensor values = parameter.detach();
        group.firstMoments.push_back(at::zeros_like(values));
        group.secondMoments.push_back(at::zeros_like(values));
    }
    for (AdamWGroup* group : {&matrices, &vectors})
        if (!group->parameters.empty()) m_groups.push_back(std::move(*group));
    setSteps(m_steps);
}

void AdamW::setSteps(std::int64_t steps)
{
    m_steps = steps;
    const at::Device device = m_groups.empty() ? at::Device(at::kCPU) : m_groups.front().parameters.front().device();
    m_stepTensor = at::scalar_tensor(static_cast<double>(steps), at::TensorOptions().dtype(at::kFloat).device(device));
}

void AdamW::step(double rate)
{
    const at::NoGradGuard noGrad;
    ++m_steps;
    m_stepTensor.fill_(static_cast<double>(m_steps));
    for (AdamWGroup& group : m_groups) {
        std::vector<at::Tensor> parameters;
        std::vector<at::Tensor> gradients;
        std::vector<at::Tensor> first;
        std::vector<at::Tensor> second;
        for (std::size_t i = 0; i < group.parameters.size(); ++i) {
            at::Tensor& gradient = group.parameters[i].mutable_grad();
            if (!gradient.defined()) continue;
            parameters.push_back(group.parameters[i]);
            gradients.push_back(std::exchange(gradient, at::Tensor()));
            first.push_back(group.firstMoments[i]);
            second.push_back(group.secondMoments[i]);
        }
        const std::vector<at::Tensor> counts(parameters.size(), m_stepTensor);
        at::_fused_adamw_(parameters, gradients, first, second, {}, counts, rate * group.rateScale, 0.9, 0.999,
                          group.weightDecay, 1e-8, false, false);
    }
}

} // namespace gradus::engine
