// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fused_layers_impl.h"

#include "models/fused_math_impl.h"

#include <torch/csrc/autograd/custom_function.h>

namespace gradus::models {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct SwiGlu final : torch::autograd::Function<SwiGlu>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gateUp)
    {
        context->save_for_backward({gateUp});
        std::vector<std::int64_t> sizes = gateUp.sizes().vec();
        sizes.back() /= 2;
        return swigluForward(gateUp.view({-1, gateUp.size(-1)})).view(sizes);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor gateUp = context->get_saved_variables().front();
        const at::Tensor upstream = gradients.front().contiguous();
        return {swigluBackward(gateUp.view({-1, gateUp.size(-1)}), upstream).view(gateUp.sizes())};
    }
};

struct Heads final : torch::autograd::Function<Heads>
{
    static variable_list forward(AutogradContext* context, const at::Tensor& packed_BTW, const at::Tensor& cosine,
                                 const at::Tensor& sine, std::int64_t heads, std::int64_t groups)
    {
        context->save_for_backward({cosine, sine});
        context->saved_data["sizes"] = packed_BTW.sizes().vec();
        const ApartHeads apart = turnedApart(packed_BTW.view({-1, packed_BTW.size(2)}), cosine, sine, heads, groups);
        const auto shaped = [&](const at::Tensor& part) {
            return part.view({packed_BTW.size(0), packed_BTW.size(1), part.size(1), part.size(2)});
        };
        return {shaped(apart.queries), shaped(apart.keys), shaped(apart.values)};
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto tables = context->get_saved_variables();
        const auto shaped = [](const at::Tensor& part) {
            return part.contiguous().view({-1, part.size(2), part.size(3)});
        };
        const at::Tensor byPacked =
            turnedBack({.queries = shaped(gradients[0]), .keys = shaped(gradients[1]), .values = shaped(gradients[2])},
                       tables[0], tables[1]);
        return {byPacked.view(context->saved_data["sizes"].toIntVector()), at::Tensor(), at::Tensor(), at::Tensor(),
                at::Tensor()};
    }
};

} // namespace

at::Tensor fusedSwiGlu(const at::Tensor& gateUp)
{
    return SwiGlu::apply(gateUp);
}

TurnedHeads fusedHeads(const at::Tensor& packed, std::int64_t heads, std::int64_t groups, const RotaryTable& rows)
{
    const variable_list apart = Heads::apply(packed, rows.cosine.contiguous(), rows.sine.contiguous(), heads, groups);
    return {.query = apart[0], .key = apart[1], .value = apart[2]};
}

} // namespace gradus::models
