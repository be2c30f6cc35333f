// SPDX-License-Identifier: GPL-3.0-or-later
// Activation checkpointing (Chen et al., arXiv 1604.06174): a layer whose inside is forgotten after the forward pass
// and computed again for the backward pass. The same numbers, one more forward pass, and one activation a layer kept.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace gradus::models {

/// layer(x_BTD) with its gradients, keeping x_BTD alone. layer must give the same numbers when it is called again and
/// is kept until the backward pass; gradients of its leaves arrive in their grad().
at::Tensor recomputed(const at::Tensor& x_BTD, std::function<at::Tensor(const at::Tensor&)> layer);

} // namespace gradus::models
