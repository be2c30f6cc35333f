// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layer_math_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/silu.h>

#include <cmath>

namespace gradus::models {

RotaryTable rotaryTable(int maxPositions, int headSize, double theta)
{
    const int pairs = headSize / 2;
    RotaryTable table{at::empty({maxPositions, pairs}), at::empty({maxPositions, pairs})};
    float* cosine = table.cosine_TP.data_ptr<float>();
    float* sine = table.sine_TP.data_ptr<float>();
    for (int pair = 0; pair < pairs; ++pair) {
        // Single precision on purpose, like the models that were trained with it.
        const float exponent = static_cast<float>(2 * pair) / static_cast<float>(headSize);
        const float frequency = 1.0F / std::pow(static_cast<float>(theta), exponent);
        for (int position = 0; position < maxPositions; ++position) {
            const float angle = static_cast<float>(position) * frequency;
            cosine[position * pairs + pair] = std::cos(angle);
            sine[position * pairs + pair] = std::sin(angle);
        }
    }
    return table;
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon)
{
    const at::Tensor scale = at::rsqrt(x.square().mean(-1, true).add(epsilon));
    return weight * (x * scale);
}

at::Tensor rotate(const at::Tensor& x_BTHD, const RotaryTable& table)
{
    const std::int64_t positions = x_BTHD.size(1);
    const std::int64_t pairs = x_BTHD.size(3) / 2;
    const at::Tensor cosine = table.cosine_TP.narrow(0, 0, positions).unsqueeze(1); // [T, 1, P]
    const at::Tensor sine = table.sine_TP.narrow(0, 0, positions).unsqueeze(1);
    const at::Tensor first = x_BTHD.narrow(3, 0, pairs);
    const at::Tensor second = x_BTHD.narrow(3, pairs, pairs);
    return at::cat({first * cosine - second * sine, second * cosine + first * sine}, 3);
}

at::Tensor swiGlu(const at::Tensor& gateUp)
{
    const std::int64_t width = gateUp.size(-1) / 2;
    return at::silu(gateUp.narrow(-1, 0, width)) * gateUp.narrow(-1, width, width);
}

} // namespace gradus::models
