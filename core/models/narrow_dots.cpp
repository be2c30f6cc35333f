// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/narrow_dots.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gradus::models {

namespace {

constexpr std::int64_t kLanes = 16;
constexpr int kTogether = 4; ///< rows of the weight that share what was loaded of x
using Floats = float __attribute__((vector_size(kLanes * 4)));
using Words = std::uint32_t __attribute__((vector_size(kLanes * 4)));
static_assert(std::endian::native == std::endian::little, "pairs of weights are told apart by their place in a word");
constexpr std::int64_t kSpread = 2 * kLanes;
constexpr std::int64_t kAhead = 4096; ///< weights: what is read next is asked for so much before it is needed

#define GRADUS_INLINE [[gnu::always_inline]] inline

GRADUS_INLINE float sumOf(const Floats& lanes)
{
    float sums[kLanes];
    std::memcpy(sums, &lanes, sizeof(sums));
    for (std::int64_t half = kLanes / 2; half > 0; half /= 2) // a tree: a chain of sums would take as long as a row
        for (std::int64_t i = 0; i < half; ++i)
            sums[i] += sums[i + half];
    return sums[0];
}

/// Rows rows of the weight with Count rows of x, which spread() made. Inlined into a caller for each width of vectors.
template <int Rows, int Count>
GRADUS_INLINE void block(const float* x, const std::uint16_t* weight, std::int64_t inputs, float* y,
                         std::int64_t stride)
{
    Floats sums[Rows][Count] = {};
    const std::int64_t whole = inputs / kSpread * kSpread;
    for (std::int64_t k = 0; k < whole; k += kSpread) {
        Floats even[Rows];
        Floats odd[Rows];
        for (int r = 0; r < Rows; ++r) {
            Words pairs;
            std::memcpy(&pairs, weight + r * inputs + k, sizeof(pairs));
            __builtin_prefetch(weight + r * inputs + k + kAhead);
            const Words low = pairs << 16;
            const Words high = pairs & 0xffff0000U;
            std::memcpy(&even[r], &low, sizeof(low));
            std::memcpy(&odd[r], &high, sizeof(high));
        }
        for (int m = 0; m < Count; ++m) {
            Floats own[2];
            std::memcpy(own, x + m * inputs + k, sizeof(own));
            for (int r = 0; r < Rows; ++r) {
                sums[r][m] += even[r] * own[0];
                sums[r][m] += odd[r] * own[1];
            }
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int m = 0; m < Count; ++m) {
            float sum = sumOf(sums[r][m]);
            for (std::int64_t k = whole; k < inputs; ++k)
                sum += std::bit_cast<float>(std::uint32_t{weight[r * inputs + k]} << 16) * x[m * inputs + k];
            y[m * stride + r] = sum;
        }
}

template <int Count>
GRADUS_INLINE void rows(const float* x, const std::uint16_t* weight, std::int64_t inputs, std::int64_t first,
                        std::int64_t last, float* y, std::int64_t stride)
{
    std::int64_t r = first;
    for (; r + kTogether <= last; r += kTogether)
        block<kTogether, Count>(x, weight + r * inputs, inputs, y + r, stride);
    for (; r < last; ++r)
        block<1, Count>(x, weight + r * inputs, inputs, y + r, stride);
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
