// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/branch_parts_impl.h"

#include "models/row_loops.h"

#include <ATen/ops/add.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>

namespace gradus::models {

at::Tensor asRows(const at::Tensor& x_BTD)
{
    return x_BTD.view({-1, x_BTD.size(-1)});
}

NormedRows rmsNormOf(const at::Tensor& x_ND, const at::Tensor& weight_D, double epsilon)
{
    const std::int64_t rows = x_ND.size(0);
    const std::int64_t width = x_ND.size(1);
    const auto options = x_ND.options().requires_grad(false);
    NormedRows made{.out_ND = at::empty({rows, width}, options), .scales_N1 = at::empty({rows, 1}, options)};
    const float* x = x_ND.const_data_ptr<float>();
    auto* out = made.out_ND.data_ptr<float>();
    overRows(rows, width, [=](std::int64_t first, std::int64_t last) {
        squareAll(x + first * width, (last - first) * width, out + first * width);
    });
    // Sums have an order of their own: libtorch's.
    at::sum_out(made.scales_N1, made.out_ND, at::IntArrayRef{1}, true);
    auto* scales = made.scales_N1.data_ptr<float>();
    scalesOfSums(scales, rows, width, epsilon);
    const NormRows norm{.x = x, .scales = scales, .weight = weight_D.const_data_ptr<float>(), .width = width};
    overRows(rows, width, [=](std::int64_t first, std::int64_t last) { normRows(norm, first, last, out); });
    return made;
}

NormGradient rmsNormGradient(const at::Tensor& x_ND, const at::Tensor& weight_D, const at::Tensor& scales_N1,
                             const at::Tensor& around_ND, const at::Tensor& byOut_ND)
{
    const std::int64_t rows = x_ND.size(0);
    const std::int64_t width = x_ND.size(1);
    const auto options = x_ND.options().requires_grad(false);
    const at::Tensor forWeight_ND = at::empty({rows, width}, options);
    at::Tensor forScales_ND = at::empty({rows, width}, options);
    const NormRows norm{.x = x_ND.const_data_ptr<float>(),
                        .scales = scales_N1.const_data_ptr<float>(),
                        .weight = weight_D.const_data_ptr<float>(),
                        .width = width};
    const float* by = byOut_ND.const_data_ptr<float>();
    auto* weights = forWeight_ND.data_ptr<float>();
    auto* scales = forScales_ND.data_ptr<float>();
    overRows(rows, width,
             [=](std::int64_t first, std::int64_t last) { normParts(norm, by, first, last, weights, scales); });
    const at::Tensor byScales_N1 = at::sum(forScales_ND, at::IntArrayRef{1}, true);
    NormGradient made{.byX_ND = forScales_ND,
                      .byWeight_D = at::sum(forWeight_ND, at::IntArrayRef{0}, true).view({width})};
    const float* around = around_ND.const_data_ptr<float>();
    const float* sums = byScales_N1.const_data_ptr<float>();
    overRows(rows, width,
             [=](std::int64_t first, std::int64_t last) { normGradient(norm, around, by, sums, first, last, scales); });
    return made;
}

HeadsApart headsApart(const at::Tensor& packed_BTW, std::int64_t heads, std::int64_t groups, const at::Tensor& cosine,
                      const at::Tensor& sine)
{
    const std::int64_t batch = packed_BTW.size(0);
    const std::int64_t positions = packed_BTW.size(1);
    const std::int64_t size = packed_BTW.size(2) / (heads + 2 * groups);
    const auto options = packed_BTW.options().requires_grad(false);
    HeadsApart made{.turned_BTHd = at::empty({batch, positions, heads + groups, size}, options),
                    .values_BTGd = at::empty({batch, positions, groups, size}, options)};
    const HeadRows rows{.turning = heads + groups,
                        .groups = groups,
                        .size = size,
                        .positions = positions,
                        .cosine = cosine.const_data_ptr<float>(),
                        .sine = sine.const_data_ptr<float>()};
    const float* from = packed_BTW.const_data_ptr<float>();
    auto* turned = made.turned_BTHd.data_ptr<float>();
    auto* values = made.values_BTGd.data_ptr<float>();
    overRows(batch * positions, packed_BTW.size(2),
             [=](std::int64_t first, std::int64_t last) { turnRows(rows, from, first, last, turned, values); });
    return made;
}

bool isPlain(const at::Tensor& tensor)
{
    return tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.is_contiguous();
}

at::Tensor productOf(const at::Tensor& x_ND, const at::Tensor& weight, const at::Tensor& bias)
{
    return bias.defined() ? at::addmm(bias, x_ND, weight.t()) : at::mm(x_ND, weight.t());
}

at::Tensor byWeightOf(const at::Tensor& byY, const at::Tensor& x_ND)
{
    return at::mm(byY.t(), x_ND);
}

at::Tensor byBiasOf(const at::Tensor& byY)
{
    return at::sum(byY, at::IntArrayRef{0}, true).view({byY.size(1)});
}

at::Tensor residualSum(const at::Tensor& x_BTD, const at::Tensor& branch_ND)
{
    return at::add(x_BTD, branch_ND.view(x_BTD.sizes()));
}

} // namespace gradus::models
