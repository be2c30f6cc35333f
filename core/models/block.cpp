// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/block_impl.h"

#include "models/few_rows_impl.h"
#include "models/row_dots.h"
#include "models/row_math.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include <algorithm>
#include <cmath>

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

/// One new position of each row, on the CPU where texts are written.
bool isStep(const at::Tensor& query, const LayerCache& cache)
{
    return query.size(1) == 1 && isInLoops(query) && cache.keys.scalar_type() == at::kFloat &&
           cache.keys.is_contiguous() && cache.values.is_contiguous();
}

/// Head [d] of row b in [B, 1, heads, d].
const float* headOf(const at::Tensor& heads, std::int64_t b, std::int64_t head)
{
    return heads.const_data_ptr<float>() + b * heads.stride(0) + head * heads.stride(2);
}

/// The heads of a group read its keys and its values together, each once.
at::Tensor attendStep(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const Pass& pass,
                      LayerCache& cache, double scale)
{
    const std::int64_t batch = query.size(0);
    const std::int64_t groups = key.size(2);
    const std::int64_t heads = query.size(2) / groups; // of a group
    const std::int64_t size = query.size(3);
    const std::int64_t room = cache.keys.size(2);
    const std::int64_t total = pass.past + 1;
    const at::Tensor mask = pass.mask.defined() ? pass.mask.contiguous() : at::Tensor(); // [B or 1, 1, 1, total]
    at::Tensor mixed = at::empty({batch, 1, query.size(2) * size}, query.options());
    float* const allKeys = cache.keys.mutable_data_ptr<float>();
    float* const allValues = cache.values.mutable_data_ptr<float>();
    float* const out = mixed.mutable_data_ptr<float>();
    constexpr std::int64_t kGrain = std::int64_t{1} << 16; // products that are worth a thread
    const auto ofGroups = [&](std::int64_t first, std::int64_t last) {
        std::vector<float> shares(static_cast<std::size_t>(std::min(heads, kDotRows) * total));
        for (std::int64_t i = first; i < last; ++i) {
            const std::int64_t b = i / groups;
            const std::int64_t g = i % groups;
            float* const keys = allKeys + i * room * size;
            float* const values = allValues + i * room * size;
            std::copy_n(headOf(key, b, g), size, keys + pass.past * size);
            std::copy_n(headOf(value, b, g), size, values + pass.past * size);
            const bool* seen =
                mask.defined() ? mask.const_data_ptr<bool>() + (mask.size(0) > 1 ? b * total : 0) : nullptr;
            for (std::int64_t h = 0; h < heads; h += kDotRows) {
                const std::int64_t count = std::min(kDotRows, heads - h);
                rowDots(headOf(query, b, g * heads + h), count, keys, size, 0, total, shares.data(), total);
                for (std::int64_t m = 0; m < count; ++m)
                    softmaxRow(shares.data() + m * total, total, static_cast<float>(scale), seen);
                rowSums(shares.data(), count, values, total, size, out + (i * heads + h) * size);
            }
        }
    };
    at::parallel_for(0, batch * groups, std::max<std::int64_t>(1, kGrain / (2 * heads * size * total)), ofGroups);
    return mixed;
}

} // namespace

at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const Pass& pass,
                  LayerCache* cache, std::optional<double> scale)
{
    if (pass.starts.defined()) return attendEndToEnd(query, key, value, pass);
    if (cache != nullptr && isStep(query, *cache))
        return attendStep(query.contiguous(), key, value, pass, *cache,
                          scale.value_or(1 / std::sqrt(static_cast<double>(query.size(3)))));
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
