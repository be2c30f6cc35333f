// SPDX-License-Identifier: GPL-3.0-or-later
// The two halves of a layer, x + branch(norm(x)), each with its gradient as a whole: single precision on a CPU, nothing
// kept or masked. The numbers are those of layer_math and of autograd to the bit: products are the same calls of
// libtorch's, sums over rows too, and what lies between them is row_loops. What is spared is some forty operators a
// layer, their intermediate tensors and their nodes.
#pragma once

#include "models/block_impl.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace gradus::models {

/// Whether a branch over x may be one of these: x records gradients and so do the weights of the projections (an
/// adapted one's do not), and nothing but x decides what a position sees.
bool isOneBranch(const at::Tensor& x_BTD, const Pass& pass, const LayerCache* cache,
                 std::initializer_list<const Projection*> projections);

/// x + down(swiGlu(gateUp(norm(x)))); projections without bias.
at::Tensor feedForwardBranch(const at::Tensor& x_BTD, const Norm& norm, const Projection& gateUp,
                             const Projection& down);

/// x + output(attend(turned heads of qkv(norm(x)))); rows span whole heads, output without bias.
at::Tensor attentionBranch(const at::Tensor& x_BTD, const Norm& norm, const Projection& qkv, const Projection& output,
                           std::int64_t heads, std::int64_t groups, const RotaryTable& rows);
/// Whether libtorch would attend with the kernel that attentionBranch calls.
bool attendsByFlash();

/// x + output(states of a gated recurrent unit over input(norm(x))); output without bias.
at::Tensor recurrentBranch(const at::Tensor& x_BTD, const Norm& norm, const Projection& input, const Projection& state,
                           const Projection& output);

} // namespace gradus::models
