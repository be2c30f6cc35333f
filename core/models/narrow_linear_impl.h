// SPDX-License-Identifier: GPL-3.0-or-later
// Linear layers on a CPU whose weights stay in bfloat16, as published checkpoints hold them. One token more of a text
// reads every weight once, so that half the bytes are half the time.
#pragma once

#include <ATen/core/Tensor.h>

namespace gradus::models {

/// x W' + b: x [..., inputs], weight [rows, inputs], bias [rows] or undefined. Float x with a bfloat16 weight on the
/// CPU: the weight is widened as it is read, which is exact, and all sums are float, so that the result is that of the
/// widened weight but for the order of its sums; no gradient is recorded. All else: at::linear.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

} // namespace gradus::models
