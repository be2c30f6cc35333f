// SPDX-License-Identifier: GPL-3.0-or-later
// What the branches of residual_branches share: a norm and a product with their gradients, as plain functions of rows.
#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>

namespace gradus::models {

/// [B, T, D] -> [B x T, D].
at::Tensor asRows(const at::Tensor& x_BTD);

struct NormedRows
{
    at::Tensor out_ND;
    at::Tensor scales_N1;
};
NormedRows rmsNormOf(const at::Tensor& x_ND, const at::Tensor& weight_D, double epsilon);

struct NormGradient
{
    at::Tensor byX_ND; ///< that of x beside the branch, around_ND, included
    at::Tensor byWeight_D;
};
NormGradient rmsNormGradient(const at::Tensor& x_ND, const at::Tensor& weight_D, const at::Tensor& scales_N1,
                             const at::Tensor& around_ND, const at::Tensor& byOut_ND);

struct HeadsApart
{
    at::Tensor turned_BTHd; ///< queries, then keys
    at::Tensor values_BTGd;
};
/// Packed [B, T, (H + 2 G) d] taken apart, queries and keys turned; rotary rows [T, 1, d / 2].
HeadsApart headsApart(const at::Tensor& packed_BTW, std::int64_t heads, std::int64_t groups, const at::Tensor& cosine,
                      const at::Tensor& sine);

/// Whether plain loops may read it: single precision on a CPU, in one piece.
bool isPlain(const at::Tensor& tensor);

/// x W' + b; bias may be undefined.
at::Tensor productOf(const at::Tensor& x_ND, const at::Tensor& weight, const at::Tensor& bias);
/// Of the same by the weight, in the order in which autograd multiplies.
at::Tensor byWeightOf(const at::Tensor& byY, const at::Tensor& x_ND);
/// Of the same by the bias.
at::Tensor byBiasOf(const at::Tensor& byY);
/// x [B, T, D] + branch [N, D], a new tensor.
at::Tensor residualSum(const at::Tensor& x_BTD, const at::Tensor& branch_ND);

/// Calls work(first, last) over parts of `rows` rows of that many numbers, on the threads in use.
template <typename Work>
void overRows(std::int64_t rows, std::int64_t width, const Work& work)
{
    constexpr std::int64_t kGrain = 32768; // numbers that are worth a thread, as libtorch has it
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, width)), work);
}

} // namespace gradus::models
