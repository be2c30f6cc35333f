// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/linear_impl.h"

#include "models/row_dots.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace gradus::models {

namespace {

constexpr std::int64_t kFewRows = 16; ///< up to here reading the weight costs more than the products
constexpr std::int64_t kWidened = std::int64_t{1}
                                  << 18;               ///< floats of a part of the weight that is widened at once: 1 MB
constexpr std::int64_t kGrain = std::int64_t{1} << 16; ///< weights that are worth a thread

/// x [count, inputs] as rowDots reads it for such weights; kept owns what had to be laid anew.
const float* laidOut(const float* x, std::int64_t /*count*/, std::int64_t /*inputs*/, const float* /*weight*/,
                     std::unique_ptr<float[]>& /*kept*/)
{
    return x;
}
const float* laidOut(const float* x, std::int64_t count, std::int64_t inputs, const std::uint16_t* /*weight*/,
                     std::unique_ptr<float[]>& kept)
{
    kept = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(count * inputs));
    for (std::int64_t m = 0; m < count; ++m)
        spread(x + m * inputs, inputs, kept.get() + m * inputs);
    return kept.get();
}

/// x [..., inputs] and y [..., rows] in one piece.
template <typename Weight>
void few(const at::Tensor& x, const Weight* weight, at::Tensor& y)
{
    const std::int64_t inputs = x.size(-1);
    const std::int64_t count = inputs > 0 ? x.numel() / inputs : 0;
    const std::int64_t rows = y.size(-1);
    std::unique_ptr<float[]> kept;
    const float* const laid = laidOut(x.const_data_ptr<float>(), count, inputs, weight, kept);
    float* const out = y.mutable_data_ptr<float>();
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, inputs)),
                     [&](std::int64_t first, std::int64_t last) {
                         // What one pass has read stands in the cache for the rows of x that are left.
                         constexpr std::int64_t kStep = 16;
                         for (std::int64_t r = first; r < last; r += kStep)
                             for (std::int64_t m = 0; m < count; m += kDotRows)
                                 rowDots(laid + m * inputs, std::min(kDotRows, count - m), weight, inputs, r,
                                         std::min(r + kStep, last), out + m * rows, rows);
                     });
}

void many(const at::Tensor& x_ND, const at::Tensor& weight, at::Tensor& y)
{
    const std::int64_t rows = weight.size(0);
    const std::int64_t step = std::max<std::int64_t>(1, kWidened / std::max<std::int64_t>(1, weight.size(1)));
    for (std::int64_t first = 0; first < rows; first += step) {
        const std::int64_t count = std::min(step, rows - first);
        at::Tensor part = y.narrow(1, first, count);
        at::mm_out(part, x_ND, weight.narrow(0, first, count).to(at::kFloat).t());
    }
}

} // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias)
{
    const bool narrow = weight.scalar_type() == at::kBFloat16;
    if (!weight.is_cpu() || x.scalar_type() != at::kFloat || (!narrow && weight.scalar_type() != at::kFloat))
        return at::linear(x, weight, bias);
    const bool fewRows = x.numel() <= kFewRows * x.size(-1);
    // Under a NoGradGuard alone layers are recomputed and judged, and must say to the bit what training says.
    if (!narrow && (!fewRows || !c10::InferenceMode::is_enabled())) return at::linear(x, weight, bias);
    const at::NoGradGuard noGrad;
    const at::Tensor input = x.contiguous();
    const at::Tensor whole = weight.contiguous();
    std::vector<std::int64_t> sizes = x.sizes().vec();
    sizes.back() = weight.size(0);
    at::Tensor y = at::empty(sizes, x.options().requires_grad(false));
    if (!narrow)
        few(input, whole.const_data_ptr<float>(), y);
    else if (fewRows)
        few(input, reinterpret_cast<const std::uint16_t*>(whole.const_data_ptr<at::BFloat16>()), y);
    else {
        at::Tensor y_NR = y.view({-1, y.size(-1)});
        many(input.view({-1, x.size(-1)}), whole, y_NR);
    }
    if (bias.defined()) y.add_(bias);
    return y;
}

} // namespace gradus::models
