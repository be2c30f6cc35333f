// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fused_layers_impl.h"

#include "models/fused_math_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <ATen/ops/sub.h>
#include <torch/csrc/autograd/custom_function.h>

namespace gradus::models {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// On a CPU the operators are the ones that autograd would call, in its order, so that the numbers are the same to the
/// bit. What is spared is its treatment of parts: a gradient of zeros as large as the whole for each, and their sums.
at::Tensor half(const at::Tensor& whole, std::int64_t which)
{
    const std::int64_t width = whole.size(-1) / 2;
    return whole.narrow(-1, which * width, width);
}

/// As kernels read it: in one piece, at 16 bytes.
at::Tensor ready(const at::Tensor& gradient)
{
    const at::Tensor whole = gradient.contiguous();
    return fusible(whole) ? whole : whole.clone();
}

struct SwiGlu final : torch::autograd::Function<SwiGlu>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gateUp)
    {
        if (fusible(gateUp)) {
            context->save_for_backward({gateUp});
            std::vector<std::int64_t> sizes = gateUp.sizes().vec();
            sizes.back() /= 2;
            return swigluForward(gateUp.view({-1, gateUp.size(-1)})).view(sizes);
        }
        const at::Tensor silu = at::silu(half(gateUp, 0));
        context->save_for_backward({gateUp, silu});
        return silu * half(gateUp, 1);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list kept = context->get_saved_variables();
        const at::Tensor& gateUp = kept[0];
        if (kept.size() == 1) {
            const at::Tensor byGateUp = swigluBackward(gateUp.view({-1, gateUp.size(-1)}), ready(gradients.front()));
            return {byGateUp.view(gateUp.sizes())};
        }
        const at::Tensor byGateUp = at::empty_like(gateUp);
        at::Tensor byGate = half(byGateUp, 0);
        at::Tensor byUp = half(byGateUp, 1);
        at::silu_backward_out(byGate, gradients.front() * half(gateUp, 1), half(gateUp, 0));
        at::mul_out(byUp, gradients.front(), kept[1]);
        return {byGateUp};
    }
};

/// The pairs (i, i + P) of every head turned into `to`; sign -1 turns back. Both [B, T, heads, 2 P].
void turnInto(const at::Tensor& to, const at::Tensor& from, const RotaryTable& rows, int sign)
{
    const at::Tensor first = half(from, 0);
    const at::Tensor second = half(from, 1);
    at::Tensor toFirst = half(to, 0);
    at::Tensor toSecond = half(to, 1);
    if (sign > 0) {
        at::sub_out(toFirst, first * rows.cosine, second * rows.sine);
        at::add_out(toSecond, second * rows.cosine, first * rows.sine);
    } else {
        at::add_out(toFirst, first * rows.cosine, second * rows.sine);
        at::sub_out(toSecond, second * rows.cosine, first * rows.sine);
    }
}

struct Heads final : torch::autograd::Function<Heads>
{
    static variable_list forward(AutogradContext* context, const at::Tensor& packed_BTW, const at::Tensor& cosine,
                                 const at::Tensor& sine, std::int64_t heads, std::int64_t groups)
    {
        context->save_for_backward({cosine, sine});
        context->saved_data["sizes"] = packed_BTW.sizes().vec();
        context->saved_data["fused"] = fusible(packed_BTW);
        const std::int64_t batch = packed_BTW.size(0);
        const std::int64_t positions = packed_BTW.size(1);
        if (fusible(packed_BTW)) {
            const ApartHeads apart =
                turnedApart(packed_BTW.view({-1, packed_BTW.size(2)}), cosine, sine, heads, groups);
            const auto shaped = [&](const at::Tensor& part) {
                return part.view({batch, positions, part.size(1), part.size(2)});
            };
            return {shaped(apart.queries), shaped(apart.keys), shaped(apart.values)};
        }
        const std::int64_t size = packed_BTW.size(2) / (heads + 2 * groups);
        const at::Tensor all = packed_BTW.view({batch, positions, heads + 2 * groups, size});
        const at::Tensor turned =
            at::empty({batch, positions, heads + groups, size}, packed_BTW.options().requires_grad(false));
        turnInto(turned, all.narrow(2, 0, heads + groups), {cosine, sine}, 1);
        return {turned.narrow(2, 0, heads), turned.narrow(2, heads, groups),
                all.narrow(2, heads + groups, groups).contiguous()};
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto tables = context->get_saved_variables();
        const auto sizes = context->saved_data["sizes"].toIntVector();
        at::Tensor byPacked;
        if (context->saved_data["fused"].toBool()) {
            const auto shaped = [](const at::Tensor& part) {
                return ready(part).view({-1, part.size(2), part.size(3)});
            };
            byPacked = turnedBack(
                {.queries = shaped(gradients[0]), .keys = shaped(gradients[1]), .values = shaped(gradients[2])},
                tables[0], tables[1]);
        } else {
            const std::int64_t heads = gradients[0].size(2);
            const std::int64_t groups = gradients[1].size(2);
            byPacked = at::empty({sizes[0], sizes[1], heads + 2 * groups, gradients[0].size(3)},
                                 gradients[0].options().requires_grad(false));
            turnInto(byPacked.narrow(2, 0, heads), gradients[0], {tables[0], tables[1]}, -1);
            turnInto(byPacked.narrow(2, heads, groups), gradients[1], {tables[0], tables[1]}, -1);
            byPacked.narrow(2, heads + groups, groups).copy_(gradients[2]);
        }
        return {byPacked.view(sizes), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

} // namespace

at::Tensor fusedSwiGlu(const at::Tensor& gateUp)
{
    return SwiGlu::apply(gateUp);
}

TurnedHeads fusedHeads(const at::Tensor& packed, std::int64_t heads, std::int64_t groups, const RotaryTable& rows)
{
    const variable_list apart = Heads::apply(packed, rows.cosine, rows.sine, heads, groups);
    return {.query = apart[0], .key = apart[1], .value = apart[2]};
}

} // namespace gradus::models
