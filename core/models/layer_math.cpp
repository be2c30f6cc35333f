// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layer_math_impl.h"

#include "models/branch_parts_impl.h"
#include "models/few_rows_impl.h"
#include "models/fused_layers_impl.h"
#include "models/fused_math_impl.h"
#include "models/row_math.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rms_norm.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros.h>

#include <cmath>

namespace gradus::models {

namespace {

constexpr float kPi = 3.14159265358979323846F;

/// Llama 3's stretch: waves longer than the pretrained context divided by low are slowed by factor, shorter than
/// context / high kept, linear in between.
float llama3(float frequency, const RopeScaling& scaling)
{
    const auto factor = static_cast<float>(scaling.factor);
    const auto context = static_cast<float>(scaling.originalPositions);
    const auto low = static_cast<float>(scaling.lowFrequencyFactor);
    const auto high = static_cast<float>(scaling.highFrequencyFactor);
    const float wave = 2 * kPi / frequency;
    if (wave > context / low) return frequency / factor;
    if (wave < context / high) return frequency;
    const float smooth = (context / wave - low) / (high - low);
    return (1 - smooth) * frequency / factor + smooth * frequency;
}

float scaled(float frequency, const RopeScaling& scaling)
{
    if (scaling.kind == RopeScaling::Kind::Linear) return frequency / static_cast<float>(scaling.factor);
    if (scaling.kind == RopeScaling::Kind::Llama3) return llama3(frequency, scaling);
    return frequency;
}

} // namespace

namespace {

RotaryTable tableOf(const ModelShape& shape, double theta, const RopeScaling& scaling)
{
    const int pairs = shape.rotarySize() / 2;
    RotaryTable table{at::empty({shape.maxPositions, pairs}), at::empty({shape.maxPositions, pairs})};
    float* cosine = table.cosine.data_ptr<float>();
    float* sine = table.sine.data_ptr<float>();
    for (int pair = 0; pair < pairs; ++pair) {
        // Single precision on purpose, like the models that were trained with it.
        const float exponent = static_cast<float>(2 * pair) / static_cast<float>(2 * pairs);
        const float frequency = scaled(1.0F / std::pow(static_cast<float>(theta), exponent), scaling);
        for (int position = 0; position < shape.maxPositions; ++position) {
            const float angle = static_cast<float>(position) * frequency;
            cosine[position * pairs + pair] = std::cos(angle);
            sine[position * pairs + pair] = std::sin(angle);
        }
    }
    return table;
}

} // namespace

RotaryTable rotaryTable(const ModelShape& shape)
{
    return tableOf(shape, shape.ropeTheta, shape.ropeScaling);
}

RotaryTable localRotaryTable(const ModelShape& shape)
{
    return tableOf(shape, shape.localRopeTheta, {});
}

RotaryTable rotaryRows(const RotaryTable& table, std::int64_t first, std::int64_t count)
{
    return {table.cosine.narrow(0, first, count).unsqueeze(1), table.sine.narrow(0, first, count).unsqueeze(1)};
}

RotaryTable rotaryRows(const RotaryTable& table, const at::Tensor& positions_BT)
{
    const auto rows = [&](const at::Tensor& part) {
        return part.index_select(0, positions_BT.reshape({-1}))
            .view({positions_BT.size(0), positions_BT.size(1), 1, part.size(1)});
    };
    return {rows(table.cosine), rows(table.sine)};
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon)
{
    // One kernel there; on the CPU libtorch takes it apart, and the order below is the one that transformers has.
    if (x.is_cuda()) return at::rms_norm(x, {weight.size(0)}, weight, epsilon);
    if (x.scalar_type() != at::kFloat) {
        // A mean of squares in half precision would lose most of its digits.
        const at::Tensor wide = x.to(at::kFloat);
        const at::Tensor scale = at::rsqrt(wide.square().mean(-1, true).add(epsilon));
        return weight * (wide * scale).to(x.scalar_type());
    }
    if (!at::GradMode::is_enabled() && isPlain(x) && isPlain(weight))
        return rmsNormOf(x.view({-1, x.size(-1)}), weight, epsilon).out_ND.view(x.sizes());
    const at::Tensor scale = at::rsqrt(x.square().mean(-1, true).add(epsilon));
    return weight * (x * scale);
}

namespace {

/// Norms that leave the mean where it is.
at::Tensor fewNormed(const at::Tensor& x, const Norm& norm)
{
    const std::int64_t width = norm.weight.size(0);
    const at::Tensor whole = x.contiguous();
    at::Tensor y = at::empty_like(whole);
    for (std::int64_t i = 0; i < x.numel(); i += width)
        normRow(whole.const_data_ptr<float>() + i, width, norm.weight.const_data_ptr<float>(), norm.lessOne,
                norm.epsilon, y.mutable_data_ptr<float>() + i);
    return y;
}

at::Tensor fewGated(const at::Tensor& gateUp, Gate gate)
{
    const std::int64_t width = gateUp.size(-1) / 2;
    std::vector<std::int64_t> sizes = gateUp.sizes().vec();
    sizes.back() = width;
    const at::Tensor whole = gateUp.contiguous();
    at::Tensor y = at::empty(sizes, gateUp.options());
    const std::int64_t rows = width > 0 ? y.numel() / width : 0;
    for (std::int64_t row = 0; row < rows; ++row)
        gateRow(whole.const_data_ptr<float>() + row * 2 * width, width, gate,
                y.mutable_data_ptr<float>() + row * width);
    return y;
}

/// Rows of the tables go to all heads of a position: [T, 1, P] or [B, T, 1, P].
at::Tensor fewRotated(const at::Tensor& x_BTHd, const RotaryTable& rows)
{
    const std::int64_t positions = x_BTHd.size(1);
    const std::int64_t heads = x_BTHd.size(2);
    const std::int64_t size = x_BTHd.size(3);
    const std::int64_t pairs = rows.cosine.size(-1);
    const bool ofEachRow = rows.cosine.dim() == 4;
    at::Tensor y_BTHd = at::empty(x_BTHd.sizes(), x_BTHd.options());
    float* y = y_BTHd.mutable_data_ptr<float>();
    for (std::int64_t b = 0; b < x_BTHd.size(0); ++b)
        for (std::int64_t t = 0; t < positions; ++t) {
            const std::int64_t row = ((ofEachRow ? b * positions : 0) + t) * pairs;
            const float* x = x_BTHd.const_data_ptr<float>() + b * x_BTHd.stride(0) + t * x_BTHd.stride(1);
            for (std::int64_t h = 0; h < heads; ++h, y += size)
                turnRow(x + h * x_BTHd.stride(2), size, rows.cosine.const_data_ptr<float>() + row,
                        rows.sine.const_data_ptr<float>() + row, pairs, y);
        }
    return y_BTHd;
}

} // namespace

Norm Norm::make(std::int64_t width, bool withBias, double epsilon)
{
    return {at::ones({width}), withBias ? at::zeros({width}) : at::Tensor(), epsilon, false};
}

Norm Norm::makeLessOne(std::int64_t width, double epsilon)
{
    return {at::zeros({width}), {}, epsilon, true};
}

at::Tensor Norm::operator()(const at::Tensor& x) const
{
    if (!bias.defined() && isFew(x)) return fewNormed(x, *this);
    if (lessOne) {
        // The sum is made in single precision and rounded with the product, as transformers does.
        if (x.scalar_type() == at::kFloat) return rmsNorm(x, weight + 1, epsilon);
        return rmsNorm(x.to(at::kFloat), weight.to(at::kFloat) + 1, epsilon).to(x.scalar_type());
    }
    return bias.defined() ? at::layer_norm(x, {weight.size(0)}, weight, bias, epsilon) : rmsNorm(x, weight, epsilon);
}

at::Tensor rotate(const at::Tensor& x_BTHd, const RotaryTable& rows)
{
    if (isFew(x_BTHd) && x_BTHd.stride(3) == 1 && rows.cosine.is_contiguous() && rows.sine.is_contiguous())
        return fewRotated(x_BTHd, rows);
    const std::int64_t pairs = rows.cosine.size(-1);
    const std::int64_t rest = x_BTHd.size(3) - 2 * pairs;
    const at::Tensor first = x_BTHd.narrow(3, 0, pairs);
    const at::Tensor second = x_BTHd.narrow(3, pairs, pairs);
    const at::Tensor turnedFirst = first * rows.cosine - second * rows.sine;
    const at::Tensor turnedSecond = second * rows.cosine + first * rows.sine;
    if (rest == 0) return at::cat({turnedFirst, turnedSecond}, 3);
    return at::cat({turnedFirst, turnedSecond, x_BTHd.narrow(3, 2 * pairs, rest)}, 3);
}

at::Tensor swiGlu(const at::Tensor& gateUp)
{
    if (isFew(gateUp)) return fewGated(gateUp, Gate::Silu);
    if (at::GradMode::is_enabled() || fusible(gateUp)) return fusedSwiGlu(gateUp);
    const std::int64_t width = gateUp.size(-1) / 2;
    return at::silu(gateUp.narrow(-1, 0, width)) * gateUp.narrow(-1, width, width);
}

at::Tensor geGlu(const at::Tensor& gateUp)
{
    if (isFew(gateUp)) return fewGated(gateUp, Gate::GeluTanh);
    const std::int64_t width = gateUp.size(-1) / 2;
    return at::gelu(gateUp.narrow(-1, 0, width), "tanh") * gateUp.narrow(-1, width, width);
}

} // namespace gradus::models
