// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/weight_update_impl.h"

#include "models/fused_math_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

namespace gradus::engine {

WeightUpdate::~WeightUpdate()
{
    for (Pair& pair : m_pairs)
        for (at::Tensor* tensor : {&pair.leaf, &pair.master}) {
            tensor->set_requires_grad(false);
            tensor->mutable_grad() = at::Tensor();
        }
}

void WeightUpdate::add(const std::string& name, const std::vector<at::Tensor>& leaves, double rateScale,
                       double weightDecay)
{
    std::vector<at::Tensor> masters;
    std::vector<at::Tensor> images;
    for (const at::Tensor& leaf : leaves) {
        leaf.set_requires_grad(true);
        const bool wide = leaf.scalar_type() == at::kFloat;
        masters.push_back(wide ? leaf : leaf.detach().to(at::kFloat).set_requires_grad(true));
        images.push_back(wide ? at::Tensor() : leaf);
        m_pairs.push_back({name + "." + std::to_string(m_pairs.size()), leaf, masters.back()});
    }
    m_optimizer.add(name, masters, rateScale, weightDecay, images);
}

void WeightUpdate::gather(bool last)
{
    const at::NoGradGuard noGrad;
    for (Pair& pair : m_pairs) {
        if (pair.leaf.is_same(pair.master)) continue; // backward passes add up there by themselves
        at::Tensor& fresh = pair.leaf.mutable_grad();
        if (!fresh.defined()) continue;
        at::Tensor& sum = pair.master.mutable_grad();
        if (last && !sum.defined() && models::fusible(pair.leaf)) continue;
        if (sum.defined())
            sum.add_(fresh);
        else
            sum = fresh.to(at::kFloat);
        fresh = at::Tensor();
    }
}

double WeightUpdate::norm() const
{
    return m_optimizer.gradientNorm();
}

void WeightUpdate::apply(double rate, double factor)
{
    m_optimizer.step(rate, factor);
}

std::vector<models::NamedTensor> WeightUpdate::weights() const
{
    std::vector<models::NamedTensor> all;
    for (const Pair& pair : m_pairs)
        all.push_back({"weight." + pair.name, pair.master.detach()});
    return all;
}

std::vector<models::NamedTensor> WeightUpdate::state() const
{
    std::vector<models::NamedTensor> all = weights();
    for (const AdamWGroup& group : m_optimizer.groups())
        for (std::size_t i = 0; i < group.parameters.size(); ++i) {
            const std::string name = "adamw." + group.name + "." + std::to_string(i);
            all.push_back({name + ".exp_avg", group.firstMoments[i]});
            all.push_back({name + ".exp_avg_sq", group.secondMoments[i]});
        }
    return all;
}

void WeightUpdate::restored(std::int64_t steps)
{
    m_optimizer.setSteps(steps);
    spread();
}

void WeightUpdate::spread()
{
    const at::NoGradGuard noGrad;
    for (Pair& pair : m_pairs)
        if (!pair.leaf.is_same(pair.master)) pair.leaf.copy_(pair.master);
}

} // namespace gradus::engine
