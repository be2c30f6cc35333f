// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas of a decoder and its training in one pass over memory each, on CUDA tensors. None records gradients: what
// does is built on these (fused_layers, engine/token_logs). Throw what CudaKernels::launch throws.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

// Shape letters: N rows (positions), I inner width, R rows of logits, V vocabulary, H query heads, G key-value heads,
// d head size, P = d / 2 pairs.
namespace gradus::models {

/// Whether the calls below may be given this tensor: on a GPU whose kernels could be made, float or bfloat16,
/// contiguous, at an address of 16 bytes.
bool fusible(const at::Tensor& tensor);

/// silu(gate) * up of rows [gate, up]: [N, 2 I] -> [N, I].
at::Tensor swigluForward(const at::Tensor& gateUp);
/// Gradient by gateUp, from the one by the result.
at::Tensor swigluBackward(const at::Tensor& gateUp, const at::Tensor& upstream);

/// Heads of positions, apart: queries [N, H, d], keys and values [N, G, d].
struct ApartHeads
{
    at::Tensor queries;
    at::Tensor keys;
    at::Tensor values;
};
/// Packed [N, (H + 2 G) d] taken apart, queries and keys turned by the rows [period, P] of the tables; position n takes
/// row n mod period.
ApartHeads turnedApart(const at::Tensor& packed, const at::Tensor& cosine, const at::Tensor& sine, std::int64_t heads,
                       std::int64_t groups);
/// The inverse, which is also what takes gradients back.
at::Tensor turnedBack(const ApartHeads& apart, const at::Tensor& cosine, const at::Tensor& sine);

/// log softmax(logits)[target] of every row, and the log of its sum of exponentials; both float [R].
void tokenLogs(const at::Tensor& logits_RV, const at::Tensor& targets_R, const at::Tensor& logs_R,
               const at::Tensor& sums_R);
/// Overwrites the logits with the gradient of upstream_R . log softmax(logits)[target].
void tokenGradient(const at::Tensor& logits_RV, const at::Tensor& targets_R, const at::Tensor& sums_R,
                   const at::Tensor& upstream_R);

/// One step of AdamW: its numbers.
struct AdamWStep
{
    double factor = 1; ///< on the gradient
    double rate = 0;
    double decay = 0;
    std::int64_t count = 1; ///< of this step, from 1
};
/// Updates weight, first and second moment (float) from a gradient of the image's type and rounds the weight into the
/// image. beta 0.9 and 0.999, epsilon 1e-8.
void adamw(const at::Tensor& image, const at::Tensor& weight, const at::Tensor& gradient, const at::Tensor& first,
           const at::Tensor& second, const AdamWStep& step);

} // namespace gradus::models
