// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adamw_impl.h"

#include "models/fused_math_impl.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>

#include <optional>
#include <utility>

namespace gradus::engine {

void AdamW::add(const std::string& name, const std::vector<at::Tensor>& parameters, double rateScale,
                double weightDecay, const std::vector<at::Tensor>& images)
{
    AdamWGroup matrices{.name = name + ".matrix", .rateScale = rateScale, .weightDecay = weightDecay};
    AdamWGroup vectors{.name = name + ".vector", .rateScale = rateScale, .weightDecay = 0};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const at::Tensor& parameter = parameters[i];
        AdamWGroup& group = parameter.dim() >= 2 ? matrices : vectors;
        group.parameters.push_back(parameter);
        group.images.push_back(images.empty() ? at::Tensor() : images[i]);
        const at::Tensor values = parameter.detach();
        group.firstMoments.push_back(at::zeros_like(values));
        group.secondMoments.push_back(at::zeros_like(values));
    }
    for (AdamWGroup* group : {&matrices, &vectors})
        if (!group->parameters.empty()) m_groups.push_back(std::move(*group));
    setSteps(m_steps);
}

double AdamW::gradientNorm() const
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> norms;
    for (const AdamWGroup& group : m_groups)
        for (std::size_t i = 0; i < group.parameters.size(); ++i) {
            at::Tensor gradient = group.parameters[i].grad();
            if (!gradient.defined() && group.images[i].defined()) gradient = group.images[i].grad();
            if (gradient.defined())
                norms.push_back(at::linalg_vector_norm(gradient, 2, std::nullopt, false, at::kFloat));
        }
    return norms.empty() ? 0 : at::linalg_vector_norm(at::stack(norms)).item<double>();
}

double clipFactor(double norm, double clip)
{
    return clip > 0 && norm > clip ? clip / (norm + 1e-6) : 1;
}

void AdamW::setSteps(std::int64_t steps)
{
    m_steps = steps;
    const at::Device device = m_groups.empty() ? at::Device(at::kCPU) : m_groups.front().parameters.front().device();
    m_stepTensor = at::scalar_tensor(static_cast<double>(steps), at::TensorOptions().dtype(at::kFloat).device(device));
}

namespace {

/// What a step changes through libtorch's kernel.
struct Listed
{
    std::vector<at::Tensor> parameters;
    std::vector<at::Tensor> gradients;
    std::vector<at::Tensor> first;
    std::vector<at::Tensor> second;
    std::vector<std::pair<at::Tensor, at::Tensor>> images; ///< image, parameter
};

void list(AdamWGroup& group, std::size_t i, const at::Tensor& gradient, double factor, Listed& listed)
{
    at::Tensor wide = gradient.to(at::kFloat);
    if (factor != 1) wide.mul_(factor);
    listed.parameters.push_back(group.parameters[i]);
    listed.gradients.push_back(wide);
    listed.first.push_back(group.firstMoments[i]);
    listed.second.push_back(group.secondMoments[i]);
    if (group.images[i].defined()) listed.images.emplace_back(group.images[i], group.parameters[i]);
}

} // namespace

void AdamW::step(double rate, double factor)
{
    const at::NoGradGuard noGrad;
    ++m_steps;
    m_stepTensor.fill_(static_cast<double>(m_steps));
    for (AdamWGroup& group : m_groups) {
        Listed listed;
        const models::AdamWStep step{
            .factor = factor, .rate = rate * group.rateScale, .decay = group.weightDecay, .count = m_steps};
        for (std::size_t i = 0; i < group.parameters.size(); ++i) {
            const at::Tensor& image = group.images[i];
            at::Tensor gradient = std::exchange(group.parameters[i].mutable_grad(), at::Tensor());
            if (!gradient.defined() && image.defined()) gradient = std::exchange(image.mutable_grad(), at::Tensor());
            if (!gradient.defined()) continue;
            if (image.defined() && gradient.scalar_type() == image.scalar_type() && models::fusible(image) &&
                models::fusible(gradient))
                models::adamw(image, group.parameters[i], gradient, group.firstMoments[i], group.secondMoments[i],
                              step);
            else
                list(group, i, gradient, factor, listed);
        }
        const std::vector<at::Tensor> counts(listed.parameters.size(), m_stepTensor);
        if (!listed.parameters.empty())
            at::_fused_adamw_(listed.parameters, listed.gradients, listed.first, listed.second, {}, counts, step.rate,
                              0.9, 0.999, group.weightDecay, 1e-8, false, false);
        for (const auto& [image, parameter] : listed.images)
            image.copy_(parameter);
    }
}

} // namespace gradus::engine
