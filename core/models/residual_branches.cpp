// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/residual_branches_impl.h"

#include "models/branch_parts_impl.h"
#include "models/row_loops.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_sdp_choice.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <optional>

namespace gradus::models {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct FeedForward final : torch::autograd::Function<FeedForward>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x_BTD, const at::Tensor& norm_D,
                              const at::Tensor& gateUp, const at::Tensor& down, double epsilon)
    {
        const NormedRows normed = rmsNormOf(asRows(x_BTD), norm_D, epsilon);
        const at::Tensor both = productOf(normed.out_ND, gateUp, {});
        const std::int64_t width = both.size(1) / 2;
        const at::Tensor silu = at::silu(both.narrow(1, 0, width));
        const at::Tensor inner = at::mul(silu, both.narrow(1, width, width));
        context->save_for_backward({x_BTD, norm_D, gateUp, down, normed.scales_N1, normed.out_ND, both, silu, inner});
        return residualSum(x_BTD, productOf(inner, down, {}));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list kept = context->get_saved_variables();
        const at::Tensor& both = kept[6];
        const std::int64_t width = both.size(1) / 2;
        const at::Tensor above = asRows(gradients.front().contiguous());
        const at::Tensor byInner = at::mm(above, kept[3]);
        const at::Tensor byDown = byWeightOf(above, kept[8]);
        const at::Tensor byBoth = at::empty_like(both);
        const at::Tensor bySilu = at::empty_like(byInner);
        overRows(both.size(0), width,
                 [by = byInner.const_data_ptr<float>(), up = both.const_data_ptr<float>() + width,
                  silu = kept[7].const_data_ptr<float>(), width, byUp = byBoth.data_ptr<float>() + width,
                  out = bySilu.data_ptr<float>()](std::int64_t first, std::int64_t last) {
                     swiGluProducts(by, up, silu, width, first, last, byUp, out);
                 });
        at::Tensor byGate = byBoth.narrow(1, 0, width);
        at::silu_backward_out(byGate, bySilu, both.narrow(1, 0, width));
        const at::Tensor byNormed = at::mm(byBoth, kept[2]);
        const at::Tensor byGateUp = byWeightOf(byBoth, kept[5]);
        const NormGradient by = rmsNormGradient(asRows(kept[0]), kept[1], kept[4], above, byNormed);
        return {by.byX_ND.view(kept[0].sizes()), by.byWeight_D, byGateUp, byDown, at::Tensor()};
    }
};

Scattered scattered(const at::Tensor& heads_BHTd)
{
    return {.data = heads_BHTd.const_data_ptr<float>(),
            .batch = heads_BHTd.stride(0),
            .position = heads_BHTd.stride(2),
            .head = heads_BHTd.stride(1)};
}

/// As rows are read: the numbers of a head beside each other.
at::Tensor inHeads(const at::Tensor& heads_BHTd)
{
    return heads_BHTd.stride(3) == 1 ? heads_BHTd : heads_BHTd.contiguous();
}

struct Attention final : torch::autograd::Function<Attention>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x_BTD, const at::Tensor& norm_D,
                              const at::Tensor& qkv, const std::optional<at::Tensor>& qkvBias, const at::Tensor& output,
                              const at::Tensor& cosine, const at::Tensor& sine, std::int64_t heads, std::int64_t groups,
                              double epsilon)
    {
        const std::int64_t batch = x_BTD.size(0);
        const std::int64_t positions = x_BTD.size(1);
        const std::int64_t size = qkv.size(0) / (heads + 2 * groups);
        const NormedRows normed = rmsNormOf(asRows(x_BTD), norm_D, epsilon);
        const at::Tensor packed = productOf(normed.out_ND, qkv, qkvBias.value_or(at::Tensor()));
        const auto [turned, values] =
            headsApart(packed.view({batch, positions, packed.size(1)}), heads, groups, cosine, sine);
        const at::Tensor query = turned.narrow(2, 0, heads).transpose(1, 2);
        const at::Tensor key = turned.narrow(2, heads, groups).transpose(1, 2);
        const at::Tensor value = values.transpose(1, 2);
        const auto [mixed, logSums] =
            at::_scaled_dot_product_flash_attention_for_cpu(query, key, value, 0.0, positions > 1);
        const at::Tensor inner = mixed.transpose(1, 2).reshape({batch * positions, heads * size});
        context->save_for_backward({x_BTD, norm_D, qkv, output, normed.scales_N1, normed.out_ND, query, key, value,
                                    mixed, logSums, inner, cosine, sine});
        context->saved_data["bias"] = qkvBias.has_value();
        return residualSum(x_BTD, productOf(inner, output, {}));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list kept = context->get_saved_variables();
        const at::Tensor& query = kept[6];
        const at::Tensor& key = kept[7];
        const std::int64_t batch = query.size(0);
        const std::int64_t heads = query.size(1);
        const std::int64_t positions = query.size(2);
        const std::int64_t size = query.size(3);
        const std::int64_t groups = key.size(1);
        const at::Tensor above = asRows(gradients.front().contiguous());
        const at::Tensor byInner = at::mm(above, kept[3]);
        const at::Tensor byOutput = byWeightOf(above, kept[11]);
        const auto [byQuery, byKey, byValue] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
            byInner.view({batch, positions, heads, size}).transpose(1, 2), query, key, kept[8], kept[9], kept[10], 0.0,
            positions > 1);
        const at::Tensor byPacked = at::empty({batch * positions, (heads + 2 * groups) * size}, above.options());
        const HeadRows rows{.turning = heads + groups,
                            .groups = groups,
                            .size = size,
                            .positions = positions,
                            .cosine = kept[12].const_data_ptr<float>(),
                            .sine = kept[13].const_data_ptr<float>()};
        const at::Tensor queries = inHeads(byQuery);
        const at::Tensor keys = inHeads(byKey);
        const at::Tensor values = inHeads(byValue);
        overRows(byPacked.size(0), byPacked.size(1),
                 [&, out = byPacked.data_ptr<float>()](std::int64_t first, std::int64_t last) {
                     turnRowsBack(rows, scattered(queries), heads, 0, first, last, out);
                     turnRowsBack(rows, scattered(keys), groups, heads, first, last, out);
                     packRowsBack(rows, scattered(values), groups, heads + groups, first, last, out);
                 });
        const at::Tensor byNormed = at::mm(byPacked, kept[2]);
        const at::Tensor byQkv = byWeightOf(byPacked, kept[5]);
        const at::Tensor byBias = context->saved_data["bias"].toBool() ? byBiasOf(byPacked) : at::Tensor();
        const NormGradient by = rmsNormGradient(asRows(kept[0]), kept[1], kept[4], above, byNormed);
        return {by.byX_ND.view(kept[0].sizes()),
                by.byWeight_D,
                byQkv,
                byBias,
                byOutput,
                at::Tensor(),
                at::Tensor(),
                at::Tensor(),
                at::Tensor(),
                at::Tensor()};
    }
};

} // namespace

bool isOneBranch(const at::Tensor& x_BTD, const Pass& pass, const LayerCache* cache,
                 std::initializer_list<const Projection*> projections)
{
    return cache == nullptr && at::GradMode::is_enabled() && isPlain(x_BTD) && x_BTD.dim() == 3 &&
           x_BTD.requires_grad() && !pass.mask.defined() && !pass.starts.defined() &&
           std::ranges::all_of(projections, [](const Projection* projection) {
               const at::Tensor& weight = projection->weight();
               return weight.requires_grad() && isPlain(weight);
           });
}

bool attendsByFlash()
{
    static const bool does = [] {
        const at::Tensor query = at::empty({1, 2, 2, 8});
        const at::Tensor key = at::empty({1, 1, 2, 8});
        constexpr std::int64_t kFlash = 1; // at::SDPBackend::flash_attention
        return at::_fused_sdp_choice(query, key, key, {}, 0.0, true, {}, true) == kFlash;
    }();
    return does;
}

at::Tensor feedForwardBranch(const at::Tensor& x_BTD, const Norm& norm, const Projection& gateUp,
                             const Projection& down)
{
    return FeedForward::apply(x_BTD, norm.weight, gateUp.weight(), down.weight(), norm.epsilon);
}

at::Tensor attentionBranch(const at::Tensor& x_BTD, const Norm& norm, const Projection& qkv, const Projection& output,
                           std::int64_t heads, std::int64_t groups, const RotaryTable& rows)
{
    const std::optional<at::Tensor> bias = qkv.bias().defined() ? std::optional(qkv.bias()) : std::nullopt;
    return Attention::apply(x_BTD, norm.weight, qkv.weight(), bias, output.weight(), rows.cosine, rows.sine, heads,
                            groups, norm.epsilon);
}

} // namespace gradus::models
