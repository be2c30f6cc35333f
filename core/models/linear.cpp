// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/linear_impl.h"

#include "models/row_dots.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>

#include <algorithm>

namespace gradus::models {

namespace {

constexpr std::int64_t kFewRows = 16; ///< up to here reading the weight costs more than the products
constexpr std::int64_t kWidened = std::int64_t{1}
                                  << 18;               ///< floats of a part of the weight that is widened at once: 1 MB
constexpr std::int64_t kGrain = std::int64_t{1} << 16; ///< weights that are worth a thread

/// x [N, inputs] as rowDots reads it for such weights.
at::Tensor laidOut(const at::Tensor& x_ND, const float* /*weight*/)
{
    return x_ND;
}
at::Tensor laidOut(const at::Tensor& x_ND, const std::uint16_t* /*weight*/)
{
    at::Tensor spread_ND = at::empty_like(x_ND);
    const std::int64_t inputs = x_ND.size(1);
    for (std::int64_t m = 0; m < x_ND.size(0); ++m)
        spread(x_ND.const_data_ptr<float>() + m * inputs, inputs, spread_ND.data_ptr<float>() + m * inputs);
    return spread_ND;
}

template <typename Weight>
void few(const at::Tensor& x_ND, const Weight* weight, at::Tensor& y)
{
    const std::int64_t count = x_ND.size(0);
    const std::int64_t inputs = x_ND.size(1);
    const std::int64_t rows = y.size(1);
    const at::Tensor laid_ND = laidOut(x_ND, weight);
    const float* x = laid_ND.const_data_ptr<float>();
    float* out = y.data_ptr<float>();
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, inputs)),
                     [&](std::int64_t first, std::int64_t last) {
                         // What one pass has read stands in the cache for the rows of x that are left.
                         constexpr std::int64_t kStep = 16;
                         for (std::int64_t r = first; r < last; r += kStep)
                             for (std::int64_t m = 0; m < count; m += kDotRows)
                                 rowDots(x + m * inputs, std::min(kDotRows, count - m), weight, inputs, r,
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
    const bool isFew = x.numel() <= kFewRows * x.size(-1);
    if (!narrow && (!isFew || at::GradMode::is_enabled())) return at::linear(x, weight, bias);
    const at::NoGradGuard noGrad;
    const at::Tensor x_ND = x.reshape({-1, x.size(-1)}).contiguous();
    at::Tensor y = at::empty({x_ND.size(0), weight.size(0)}, x.options().requires_grad(false));
    const at::Tensor whole = weight.contiguous();
    if (!narrow)
        few(x_ND, whole.const_data_ptr<float>(), y);
    else if (isFew)
        few(x_ND, reinterpret_cast<const std::uint16_t*>(whole.const_data_ptr<at::BFloat16>()), y);
    else
        many(x_ND, whole, y);
    if (bias.defined()) y.add_(bias);
    std::vector<std::int64_t> sizes = x.sizes().vec();
    sizes.back() = weight.size(0);
    return y.view(sizes);
}

} // namespace gradus::models
