// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/recomputed_impl.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <memory>

namespace gradus::models {

namespace {

using Layer = std::function<at::Tensor(const at::Tensor&)>;

struct Holder final : torch::CustomClassHolder
{
    explicit Holder(Layer given) : layer(std::move(given)) {}
    Layer layer;
};

struct Recompute final : torch::autograd::Function<Recompute>
{
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x_BTD,
                              const c10::intrusive_ptr<Holder>& holder)
    {
        context->save_for_backward({x_BTD});
        context->saved_data["layer"] = at::IValue::make_capsule(holder);
        const at::NoGradGuard noGrad;
        return holder->layer(x_BTD);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients)
    {
        const at::Tensor x_BTD = context->get_saved_variables().front().detach().set_requires_grad(true);
        const auto holder = c10::static_intrusive_pointer_cast<Holder>(context->saved_data["layer"].toCapsule());
        at::Tensor y_BTD;
        {
            const at::AutoGradMode recording(true);
            y_BTD = holder->layer(x_BTD);
        }
        torch::autograd::backward({y_BTD}, {gradients.front()});
        return {x_BTD.grad(), at::Tensor()};
    }
};

} // namespace

at::Tensor recomputed(const at::Tensor& x_BTD, std::function<at::Tensor(const at::Tensor&)> layer)
{
    // A frozen body's first layer is given what records nothing; its adapters would then be left out.
    const at::Tensor recording = x_BTD.requires_grad() ? x_BTD : x_BTD.detach().set_requires_grad(true);
    return Recompute::apply(recording, c10::make_intrusive<Holder>(std::move(layer)));
}

} // namespace gradus::models
