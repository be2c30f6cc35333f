// SPDX-License-Identifier: GPL-3.0-or-later
// log p of chosen tokens, without the logits of all positions in memory at once.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

// Shape letters: R positions that are asked, D width, V vocabulary.
namespace gradus::engine {

/// log softmax(hidden W')[target] of every row: [R], float. hidden_RD and weight_VD may be float or bfloat16.
/// Differentiable. Logits are held whole while they have at most mostLogits numbers; beyond it they are made a few rows
/// at a time and once more for the gradient, which costs one product more and keeps rows x V numbers out of memory.
at::Tensor tokenLogs(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
                     std::int64_t mostLogits);

/// Their sum, 0-d. On a GPU the gradient is made while the logits are there, so that nothing is computed twice.
at::Tensor summedTokenLogs(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
                           std::int64_t mostLogits);

/// Logits that may be whole: 64 MiB of floats on a CPU; on a GPU, whose products want many rows, 2 GiB of bfloat16.
std::int64_t mostLogits(const at::Device& device);

} // namespace gradus::engine
