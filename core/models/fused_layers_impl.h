// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a layer that record their own gradient. On a GPU one kernel forward and one back, and nothing kept that the
// kernel can do without: the numbers of layer_math, rounded less often. On a CPU the numbers of layer_math to the bit.
#pragma once

#include "models/layer_math_impl.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace gradus::models {

/// silu(gate) * up: [..., 2 I] -> [..., I].
at::Tensor fusedSwiGlu(const at::Tensor& gateUp);

/// Queries [B, T, H, d] and keys [B, T, G, d], turned, and values [B, T, G, d].
struct TurnedHeads
{
    at::Tensor query;
    at::Tensor key;
    at::Tensor value;
};
/// Takes packed [B, T, (H + 2 G) d] apart; rows span whole heads.
TurnedHeads fusedHeads(const at::Tensor& packed, std::int64_t heads, std::int64_t groups, const RotaryTable& rows);

} // namespace gradus::models
