// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/row_dots.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gradus::models {

namespace {

constexpr std::int64_t kLanes = 16;
using Floats = float __attribute__((vector_size(kLanes * 4)));
using Words = std::uint32_t __attribute__((vector_size(kLanes * 4)));
static_assert(std::endian::native == std::endian::little, "pairs of weights are told apart by their place in a word");
constexpr std::int64_t kBlock = 2 * kLanes;
constexpr std::int64_t kAhead = 2048; ///< bytes: what is read next is asked for so much before it is needed

#define GRADUS_INLINE [[gnu::always_inline]] inline

/// A block of weights in two vectors, as the rows of x lie.
GRADUS_INLINE void load(const float* weight, Floats& one, Floats& other)
{
    std::memcpy(&one, weight, sizeof(one));
    std::memcpy(&other, weight + kLanes, sizeof(other));
}
GRADUS_INLINE void load(const std::uint16_t* weight, Floats& even, Floats& odd)
{
    Words pairs;
    std::memcpy(&pairs, weight, sizeof(pairs));
    even = reinterpret_cast<Floats>(pairs << 16);
    odd = reinterpret_cast<Floats>(pairs & 0xffff0000U);
}

GRADUS_INLINE float widened(float weight)
{
    return weight;
}
GRADUS_INLINE float widened(std::uint16_t weight)
{
    return std::bit_cast<float>(std::uint32_t{weight} << 16);
}

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

/// One row of the weight with Count rows of x. Rows are read one after the other and not side by side: memory then
/// gives twice as much. A sum waits for the one before it, so that there are two of each. Inlined into a caller for
/// each width of vectors.
template <int Count, typename Weight>
GRADUS_INLINE void row(const float* x, const Weight* weight, std::int64_t inputs, float* y, std::int64_t stride)
{
    Floats sums[Count][2] = {};
    const std::int64_t whole = inputs / kBlock * kBlock;
    for (std::int64_t k = 0; k < whole; k += kBlock) {
        Floats one;
        Floats other;
        load(weight + k, one, other);
        // With so many products to each weight the processor's own reading ahead falls behind.
        if constexpr (Count > 2) __builtin_prefetch(reinterpret_cast<const char*>(weight + k) + kAhead);
#pragma GCC unroll 4
        for (int m = 0; m < Count; ++m) {
            Floats own;
            std::memcpy(&own, x + m * inputs + k, sizeof(own));
            sums[m][0] += one * own;
            std::memcpy(&own, x + m * inputs + k + kLanes, sizeof(own));
            sums[m][1] += other * own;
        }
    }
    for (int m = 0; m < Count; ++m) {
        float sum = sumOf(sums[m][0] + sums[m][1]);
        for (std::int64_t k = whole; k < inputs; ++k)
            sum += widened(weight[k]) * x[m * inputs + k];
        y[m * stride] = sum;
    }
}

template <int Count, typename Weight>
GRADUS_INLINE void rows(const float* x, const Weight* weight, std::int64_t inputs, std::int64_t first,
                        std::int64_t last, float* y, std::int64_t stride)
{
    for (std::int64_t r = first; r < last; ++r)
        row<Count>(x, weight + r * inputs, inputs, y + r, stride);
}

template <typename Weight>
GRADUS_INLINE void anyCount(const float* x, std::int64_t count, const Weight* weight, std::int64_t inputs,
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

/// A vector's width of columns after the other, down all rows. Two sums of each, as above.
template <int Count>
GRADUS_INLINE void sums(const float* shares, const float* of, std::int64_t rows, std::int64_t size, float* y)
{
    const std::int64_t whole = size / kLanes * kLanes;
    for (std::int64_t k = 0; k < whole; k += kLanes) {
        Floats kept[Count][2] = {};
        std::int64_t r = 0;
        for (; r + 2 <= rows; r += 2) {
            Floats even;
            Floats odd;
            std::memcpy(&even, of + r * size + k, sizeof(even));
            std::memcpy(&odd, of + (r + 1) * size + k, sizeof(odd));
#pragma GCC unroll 4
            for (int m = 0; m < Count; ++m) {
                kept[m][0] += even * shares[m * rows + r];
                kept[m][1] += odd * shares[m * rows + r + 1];
            }
        }
        for (int m = 0; m < Count; ++m) {
            Floats sum = kept[m][0] + kept[m][1];
            if (r < rows) {
                Floats last;
                std::memcpy(&last, of + r * size + k, sizeof(last));
                sum += last * shares[m * rows + r];
            }
            std::memcpy(y + m * size + k, &sum, sizeof(sum));
        }
    }
    for (int m = 0; m < Count; ++m)
        for (std::int64_t k = whole; k < size; ++k) {
            float sum = 0;
            for (std::int64_t r = 0; r < rows; ++r)
                sum += shares[m * rows + r] * of[r * size + k];
            y[m * size + k] = sum;
        }
}

GRADUS_INLINE void anySums(const float* shares, std::int64_t count, const float* of, std::int64_t rows,
                           std::int64_t size, float* y)
{
    switch (count) {
    case 1:
        return sums<1>(shares, of, rows, size, y);
    case 2:
        return sums<2>(shares, of, rows, size, y);
    case 3:
        return sums<3>(shares, of, rows, size, y);
    default:
        return sums<kDotRows>(shares, of, rows, size, y);
    }
}

#undef GRADUS_INLINE

using Sums = void (*)(const float*, std::int64_t, const float*, std::int64_t, std::int64_t, float*);

void plainSums(const float* shares, std::int64_t count, const float* of, std::int64_t rows, std::int64_t size, float* y)
{
    anySums(shares, count, of, rows, size, y);
}

template <typename Weight>
using Dots = void (*)(const float*, std::int64_t, const Weight*, std::int64_t, std::int64_t, std::int64_t, float*,
                      std::int64_t);

template <typename Weight>
void plain(const float* x, std::int64_t count, const Weight* weight, std::int64_t inputs, std::int64_t first,
           std::int64_t last, float* y, std::int64_t stride)
{
    anyCount(x, count, weight, inputs, first, last, y, stride);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void sumsWith256Bits(const float* shares, std::int64_t count, const float* of,
                                                 std::int64_t rows, std::int64_t size, float* y)
{
    anySums(shares, count, of, rows, size, y);
}

[[gnu::target("avx512f,avx512bw,avx512vl,fma")]] void sumsWith512Bits(const float* shares, std::int64_t count,
                                                                      const float* of, std::int64_t rows,
                                                                      std::int64_t size, float* y)
{
    anySums(shares, count, of, rows, size, y);
}

template <typename Weight>
[[gnu::target("avx2,fma")]] void with256Bits(const float* x, std::int64_t count, const Weight* weight,
                                             std::int64_t inputs, std::int64_t first, std::int64_t last, float* y,
                                             std::int64_t stride)
{
    anyCount(x, count, weight, inputs, first, last, y, stride);
}

template <typename Weight>
[[gnu::target("avx512f,avx512bw,avx512vl,fma")]] void
with512Bits(const float* x, std::int64_t count, const Weight* weight, std::int64_t inputs, std::int64_t first,
            std::int64_t last, float* y, std::int64_t stride)
{
    anyCount(x, count, weight, inputs, first, last, y, stride);
}
#endif

/// What the processor at hand has the vectors for.
struct Widest
{
    Dots<float> dots;
    Dots<std::uint16_t> narrowDots;
    Sums sums;
};

/// Asked when first needed and not by the loader (ifunc), which sanitizers do not bear.
const Widest& widest()
{
    static const Widest chosen = []() -> Widest {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
            return {with512Bits<float>, with512Bits<std::uint16_t>, sumsWith512Bits};
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            return {with256Bits<float>, with256Bits<std::uint16_t>, sumsWith256Bits};
#endif
        return {plain<float>, plain<std::uint16_t>, plainSums};
    }();
    return chosen;
}

} // namespace

void rowDots(const float* x, std::int64_t count, const float* weight, std::int64_t inputs, std::int64_t first,
             std::int64_t last, float* y, std::int64_t stride)
{
    widest().dots(x, count, weight, inputs, first, last, y, stride);
}

void rowDots(const float* x, std::int64_t count, const std::uint16_t* weight, std::int64_t inputs, std::int64_t first,
             std::int64_t last, float* y, std::int64_t stride)
{
    widest().narrowDots(x, count, weight, inputs, first, last, y, stride);
}

void rowSums(const float* shares, std::int64_t count, const float* of, std::int64_t rows, std::int64_t size, float* y)
{
    widest().sums(shares, count, of, rows, size, y);
}

void spread(const float* x, std::int64_t inputs, float* out)
{
    const std::int64_t whole = inputs / kBlock * kBlock;
    for (std::int64_t k = 0; k < whole; k += kBlock)
        for (std::int64_t i = 0; i < kLanes; ++i) {
            out[k + i] = x[k + 2 * i];
            out[k + kLanes + i] = x[k + 2 * i + 1];
        }
    std::copy(x + whole, x + inputs, out + whole);
}

} // namespace gradus::models
