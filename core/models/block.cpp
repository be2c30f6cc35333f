// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/block_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/scaled_dot_product_attention.h>

namespace gradus::models {

at::Tensor realPositions(const Pass& pass, std::int64_t positions)
{
    if (!pass.mask.defined()) return {};
    // The last position is real in every row (padding is on the left), so its row of the mask tells who else is.
    const at::Tensor seen = pass.mask.select(1, 0).select(1, positions - 1).narrow(1, pass.past, positions);
    return seen.to(at::kFloat).unsqueeze(2);
}

at::Tensor windowMask(const Pass& pass, std::int64_t positions, std::int64_t window, const at::Device& device)
{
    const std::int64_t total = pass.past + positions;
    if (window == 0 || total <= window) return pass.mask;
    const auto whole = at::TensorOptions().dtype(at::kLong).device(device);
    const at::Tensor column = at::arange(total, whole).unsqueeze(0);
    const at::Tensor row = at::arange(pass.past, total, whole).unsqueeze(1);
    const at::Tensor near = column.le(row).logical_and(column.gt(row - window)).unsqueeze(0).unsqueeze(0);
    return pass.mask.defined() ? near.logical_and(pass.mask) : near;
}

namespace {

/// Sequences end to end in one row: each position sees the earlier ones of its own sequence.
at::Tensor attendEndToEnd(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const Pass& pass)
{
    const at::Tensor mixed =
        std::get<0>(at::_flash_attention_forward(query.squeeze(0), key.squeeze(0), value.squeeze(0), pass.starts,
                                                 pass.starts, pass.longest, pass.longest, 0.0, true, false));
    return mixed.reshape({1, query.size(1), query.size(2) * query.size(3)});
}

} // namespace

at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const Pass& pass,
                  LayerCache* cache, std::optional<double> scale)
{
    if (pass.starts.defined()) return attendEndToEnd(query, key, value, pass);
    const std::int64_t positions = query.size(1);
    const bool grouped = query.size(2) != key.size(2);
    at::Tensor keys = key.transpose(1, 2);
    at::Tensor values = value.transpose(1, 2);
    if (cache != nullptr) {
        cache->keys.narrow(2, pass.past, positions).copy_(keys);
        cache->values.narrow(2, pass.past, positions).copy_(values);
        keys = cache->keys.narrow(2, 0, pass.past + positions);
        values = cache->values.narrow(2, 0, pass.past + positions);
    }
    // A single new position sees everything kept; only a longer run needs to be told what comes later.
    const bool causal = !pass.mask.defined() && positions > 1;
    const std::optional<at::Tensor> mask = pass.mask.defined() ? std::optional(pass.mask) : std::nullopt;
    const at::Tensor mixed =
        at::scaled_dot_product_attention(query.transpose(1, 2), keys, values, mask, 0.0, causal, scale, grouped);
    return mixed.transpose(1, 2).reshape({query.size(0), positions, query.size(2) * query.size(3)});
}

} // namespace gradus::models
