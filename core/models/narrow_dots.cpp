// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/narrow_dots.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gradus::models {

namespace {

constexpr std::int64_t kLanes = 16;
using Floats = float __attribute__((vector_size(kLanes * 4)));
using Words = std::uint32_t __attribute__((vector_size(kLanes * 4)));
static_assert(std::endian::native == std::endian::little, "pairs of weights are told apart by their place in a word");
constexpr std::int64_t kSpread = 2 * kLanes;
constexpr std::int64_t kAhead = 1024; ///< weights: what is read next is asked for so much before it is needed

#define GRADUS_INLINE [[gnu::always_inline]] inline

/// Halves onto each other: a chain of sums, or a loop, would take as long as a row.
GRADUS_INLINE float sumOf(const Floats& lanes)
{
    using Half = float __attribute__((vector_size(kLanes * 2)));
    using Quarter = float __attribute__((vector_size(kLanes)));
    Half halves[2];
    std::memcpy(halves, &lanes, sizeof(halves));
    const Half half = halves[0] + halves[1];
    Quarter quarters[2];
    std::memcpy(quarters, &half, sizeof(quarters));
    const Quarter quarter = quarters[0] + quarters[1];
    return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

/// One row of the weight with Count rows of x, which spread() made. Rows are read one after the other and not side by
/// side: memory then gives twice as much. A sum waits for the one before it, so that even and odd places have their
/// own. Inlined into a caller for each width of vectors.
template <int Count>
GRADUS_INLINE void row(const float* x, const std::uint16_t* weight, std::int64_t inputs, float* y, std::int64_t stride)
{
    Floats sums[Count][2] = {};
    const std::int64_t whole = inputs / kSpread * kSpread;
    for (std::int64_t k = 0; k < whole; k += kSpread) {
        Words pairs;
        std::memcpy(&pairs, weight + k, sizeof(pairs));
        // With so many products to each weight the processor's own reading ahead falls behind.
        if constexpr (Count > 2) __builtin_prefetch(weight + k + kAhead);
        const auto even = reinterpret_cast<Floats>(pairs << 16);
        const auto odd = reinterpret_cast<Floats>(pairs & 0xffff0000U);
#pragma GCC unroll 4
        for (int m = 0; m < Count; ++m) {
            Floats own;
            std::memcpy(&own, x + m * inputs + k, sizeof(own));
            sums[m][0] += even * own;
            std::memcpy(&own, x + m * inputs + k + kLanes, sizeof(own));
            sums[m][1] += odd * own;
        }
    }
    for (int m = 0; m < Count; ++m) {
        float sum = sumOf(sums[m][0] + sums[m][1]);
        for (std::int64_t k = whole; k < inputs; ++k)
            sum += std::bit_cast<float>(std::uint32_t{weight[k]} << 16) * x[m * inputs + k];
        y[m * stride] = sum;
    }
}

template <int Count>
GRADUS_INLINE void rows(const float* x, const std::uint16_t* weight, std::int64_t inputs, std::int64_t first,
                        std::int64_t last, float* y, std::int64_t stride)
{
    for (std::int64_t r = first; r < last; ++r)
        row<Count>(x, weight + r * inputs, inputs, y + r, stride);
}

GRADUS_INLINE void anyCount(const float* x, std::int64_t count, const std::uint16_t* weight, std::int64_t inputs,
                            std::int64_t first, std::int64_t last, float* y, std::int64_t stride)
{
    switch (count) {
    case 1:
        return rows<1>(x, weight, inputs, first, last, y, stride);
    case 2:
        return rows<2>(x, weight, inputs, first, last, y, stride);
    case 3:
        return rows<3>(x, weight, inputs, first, last, y, stride);
    default:
        return rows<kDotRows>(x, weight, inputs, first, last, y, stride);
    }
}

#undef GRADUS_INLINE

using Dots = void (*)(const float*, std::int64_t, const std::uint16_t*, std::int64_t, std::int64_t, std::int64_t,
                      float*, std::int64_t);

void plain(const float* x, std::int64_t count, const std::uint16_t* weight, std::int64_t inputs, std::int64_t first,
           std::int64_t last, float* y, std::int64_t stride)
{
    anyCount(x, count, weight, inputs, first, last, y, stride);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void with256Bits(const float* x, std::int64_t count, const std::uint16_t* weight,
                                             std::int64_t inputs, std::int64_t first, std::int64_t last, float* y,
                                             std::int64_t stride)
{
    anyCount(x, count, weight, inputs, first, last, y, stride);
}

[[gnu::target("avx512f,avx512bw,avx512vl,fma")]] void with512Bits(const float* x, std::int64_t count,
                                                                  const std::uint16_t* weight, std::int64_t inputs,
                                                                  std::int64_t first, std::int64_t last, float* y,
                                                                  std::int64_t stride)
{
    anyCount(x, count, weight, inputs, first, last, y, stride);
}
#endif

/// Asked when first needed and not by the loader (ifunc), which sanitizers do not bear.
Dots widest()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return with512Bits;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return with256Bits;
#endif
    return plain;
}

} // namespace

void spread(const float* x, std::int64_t inputs, float* out)
{
    const std::int64_t whole = inputs / kSpread * kSpread;
    for (std::int64_t k = 0; k < whole; k += kSpread)
        for (std::int64_t i = 0; i < kLanes; ++i) {
            out[k + i] = x[k + 2 * i];
            out[k + kLanes + i] = x[k + 2 * i + 1];
        }
    std::copy(x + whole, x + inputs, out + whole);
}

void narrowDots(const float* x, std::int64_t count, const std::uint16_t* weight, std::int64_t inputs,
                std::int64_t first, std::int64_t last, float* y, std::int64_t stride)
{
    static const Dots dots = widest();
    dots(x, count, weight, inputs, first, last, y, stride);
}

} // namespace gradus::models
