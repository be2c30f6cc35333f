// SPDX-License-Identifier: GPL-3.0-or-later
// Loops that the compiler makes vectors of: no branch but choices of values, and sums in lanes.
#include "models/row_math.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace gradus::models {

namespace {

constexpr std::int64_t kLanes = 16;

/// e^x within 2e-7 of itself; beyond what a float can hold, its ends. Cephes' polynomial (expf).
inline float exponential(float x)
{
    x = x > 88.0F ? 88.0F : x;
    x = x < -87.0F ? -87.0F : x;
    // Adding 1.5 x 2^23 rounds to a whole number, which then stands in the lowest bits.
    const float shifted = x * 1.44269504088896341F + 12582912.0F;
    const float whole = shifted - 12582912.0F;
    const float r = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    return (p * r * r + r + 1.0F) * std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) + 127U) << 23);
}

/// Sum of term(i), i < count, in lanes.
template <typename Term>
inline float summed(std::int64_t count, const Term& term)
{
    float lanes[kLanes] = {};
    const std::int64_t whole = count / kLanes * kLanes;
    for (std::int64_t i = 0; i < whole; i += kLanes)
        for (std::int64_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += term(i + lane);
    for (std::int64_t i = whole; i < count; ++i)
        lanes[i - whole] += term(i);
    for (std::int64_t half = kLanes / 2; half > 0; half /= 2)
        for (std::int64_t lane = 0; lane < half; ++lane)
            lanes[lane] += lanes[lane + half];
    return lanes[0];
}

} // namespace

void normRow(const float* x, std::int64_t width, const float* weight, bool lessOne, double epsilon, float* y)
{
    const float mean = summed(width, [x](std::int64_t i) { return x[i] * x[i]; }) / static_cast<float>(width);
    const float scale = 1 / std::sqrt(mean + static_cast<float>(epsilon));
    const float shift = lessOne ? 1 : 0;
    for (std::int64_t i = 0; i < width; ++i)
        y[i] = (weight[i] + shift) * (x[i] * scale);
}

void turnRow(const float* x, std::int64_t size, const float* cosine, const float* sine, std::int64_t pairs, float* y)
{
    for (std::int64_t i = 0; i < pairs; ++i)
        y[i] = x[i] * cosine[i] - x[i + pairs] * sine[i];
    for (std::int64_t i = 0; i < pairs; ++i)
        y[i + pairs] = x[i + pairs] * cosine[i] + x[i] * sine[i];
    std::copy(x + 2 * pairs, x + size, y + 2 * pairs);
}

void gateRow(const float* x, std::int64_t width, Gate gate, float* y)
{
    const float* up = x + width;
    if (gate == Gate::Silu) {
        for (std::int64_t i = 0; i < width; ++i)
            y[i] = x[i] / (1 + exponential(-x[i])) * up[i];
        return;
    }
    // x (1 + tanh u) / 2 is x / (1 + exp(-2 u)).
    constexpr float kTwice = -1.5957691216057308F; // -2 sqrt(2 / pi)
    for (std::int64_t i = 0; i < width; ++i)
        y[i] = x[i] / (1 + exponential(kTwice * (x[i] + 0.044715F * x[i] * x[i] * x[i]))) * up[i];
}

void softmaxRow(float* x, std::int64_t count, float scale, const bool* seen)
{
    if (seen != nullptr)
        for (std::int64_t i = 0; i < count; ++i)
            x[i] = seen[i] ? x[i] : -std::numeric_limits<float>::infinity();
    float most = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = 0; i < count; ++i)
        most = x[i] > most ? x[i] : most;
    for (std::int64_t i = 0; i < count; ++i) {
        const float power = exponential((x[i] - most) * scale);
        x[i] = x[i] == -std::numeric_limits<float>::infinity() ? 0 : power;
    }
    const float share = 1 / summed(count, [x](std::int64_t i) { return x[i]; });
    for (std::int64_t i = 0; i < count; ++i)
        x[i] *= share;
}

} // namespace gradus::models
