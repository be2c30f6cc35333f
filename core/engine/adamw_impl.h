// SPDX-License-Identifier: GPL-3.0-or-later
// Decoupled weight decay Adam: libtorch's fused kernel, one call for each group, or our own where a model computes with
// rounded images of its weights on a GPU.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::engine {

/// Parameters that share a rate and a decay, with their moments. All float, same device.
struct AdamWGroup
{
    std::string name;     ///< names the moments in checkpoints
    double rateScale = 1; ///< on the step's rate
    double weightDecay = 0;
    std::vector<at::Tensor> parameters = {};
    std::vector<at::Tensor> firstMoments = {};
    std::vector<at::Tensor> secondMoments = {};
    std::vector<at::Tensor> images = {}; ///< what the model computes with; undefined where that is the parameter
};

/// Optimiser state for leaf tensors that record gradients. One thread at a time.
class AdamW final
{
public:
    /// Matrices decay by weightDecay; norms and biases do not. Moments start at zero.
    /// images: one a parameter, or none at all; bfloat16, and rounded anew from the parameter at every step.
    void add(const std::string& name, const std::vector<at::Tensor>& parameters, double rateScale, double weightDecay,
             const std::vector<at::Tensor>& images = {});

    /// One update with beta 0.9 and 0.999, epsilon 1e-8 and the gradients times factor, which are dropped then.
    /// A gradient is the parameter's, or else its image's. Parameters that the loss did not reach (a language head
    /// under a task head) stay as they are.
    void step(double rate, double factor = 1);

    /// Euclidean norm of all gradients together, before any rate; not a number where one of them is none.
    double gradientNorm() const;

    std::int64_t steps() const { return m_steps; }
    void setSteps(std::int64_t steps); ///< after the moments were restored
    const std::vector<AdamWGroup>& groups() const { return m_groups; }

private:
    std::vector<AdamWGroup> m_groups;
    at::Tensor m_stepTensor; ///< 0-d; every parameter's count is the same
    std::int64_t m_steps = 0;
};

/// What a gradient of that norm is multiplied by to be no longer than clip; 1 where it is not, or clip is 0.
double clipFactor(double norm, double clip);

} // namespace gradus::engine
