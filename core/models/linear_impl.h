// SPDX-License-Identifier: GPL-3.0-or-later
// Linear layers, where a text is written on a CPU: one token more reads every weight once, so that what counts is how
// fast they are read and how many bytes they are.
#pragma once

#include <ATen/core/Tensor.h>

namespace gradus::models {

/// x W' + b: x [..., inputs], weight [rows, inputs], bias [rows] or undefined. On the CPU, of float x:
/// - a bfloat16 weight, as published checkpoints hold them, is widened as it is read, which is exact, and all sums are
///   float; no gradient is recorded;
/// - a float weight without gradients meets a few rows of x in a loop of our own, which reads it as fast as memory
/// goes. Either differs from libtorch's product of the (widened) weight in the order of its sums alone. All else:
/// at::linear.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

} // namespace gradus::models
