// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/row_loops.h"

#include <algorithm>
#include <cmath>

namespace gradus::models {

namespace {

#define GRADUS_LOOP [[gnu::always_inline]] static inline void run
#define GRADUS_FREE _Pragma("GCC ivdep")

/// A loop compiled for each width of vectors. Contraction is off (CMakeLists): a product is rounded before it is added.
template <typename Loop, typename... Arguments>
void plain(Arguments... arguments)
{
    Loop::run(arguments...);
}
#if defined(__x86_64__)
template <typename Loop, typename... Arguments>
[[gnu::target("avx2")]] void with256Bits(Arguments... arguments)
{
    Loop::run(arguments...);
}
template <typename Loop, typename... Arguments>
[[gnu::target("avx512f,avx512vl,prefer-vector-width=512")]] void with512Bits(Arguments... arguments)
{
    Loop::run(arguments...);
}
#endif

/// Asked when first needed and not by the loader (ifunc), which sanitizers do not bear.
template <typename Loop, typename... Arguments>
void widest(Arguments... arguments)
{
    using Compiled = void (*)(Arguments...);
    static const Compiled chosen = []() -> Compiled {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
            return with512Bits<Loop, Arguments...>;
        if (__builtin_cpu_supports("avx2")) return with256Bits<Loop, Arguments...>;
#endif
        return plain<Loop, Arguments...>;
    }();
    chosen(arguments...);
}

struct Squares
{
    GRADUS_LOOP(const float* x, std::int64_t count, float* out)
    {
        GRADUS_FREE
        for (std::int64_t i = 0; i < count; ++i)
            out[i] = x[i] * x[i];
    }
};

struct Norms
{
    GRADUS_LOOP(const NormRows& norm, std::int64_t first, std::int64_t last, float* y)
    {
        const std::int64_t width = norm.width;
        for (std::int64_t row = first; row < last; ++row) {
            const float scale = norm.scales[row];
            const float* x = norm.x + row * width;
            const float* weight = norm.weight;
            float* out = y + row * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i)
                out[i] = weight[i] * (x[i] * scale);
        }
    }
};

struct NormParts
{
    GRADUS_LOOP(const NormRows& norm, const float* byY, std::int64_t first, std::int64_t last, float* forWeight,
                float* forScales)
    {
        const std::int64_t width = norm.width;
        for (std::int64_t row = first; row < last; ++row) {
            const float scale = norm.scales[row];
            const float* x = norm.x + row * width;
            const float* weight = norm.weight;
            const float* by = byY + row * width;
            float* weights = forWeight + row * width;
            float* scales = forScales + row * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i) {
                weights[i] = by[i] * (x[i] * scale);
                scales[i] = by[i] * weight[i] * x[i];
            }
        }
    }
};

struct NormGradients
{
    GRADUS_LOOP(const NormRows& norm, const float* around, const float* byY, const float* byScales, std::int64_t first,
                std::int64_t last, float* byX)
    {
        const std::int64_t width = norm.width;
        for (std::int64_t row = first; row < last; ++row) {
            const float scale = norm.scales[row];
            const float byMean = byScales[row] * -0.5F * (scale * scale * scale) / static_cast<float>(width);
            const float* x = norm.x + row * width;
            const float* weight = norm.weight;
            const float* beside = around + row * width;
            const float* by = byY + row * width;
            float* out = byX + row * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i)
                out[i] = beside[i] + by[i] * weight[i] * scale + byMean * (2 * x[i]);
        }
    }
};

struct SwiGluProducts
{
    GRADUS_LOOP(const float* byY, const float* up, const float* silu, std::int64_t width, std::int64_t first,
                std::int64_t last, float* byUp, float* bySilu)
    {
        for (std::int64_t row = first; row < last; ++row) {
            const float* by = byY + row * width;
            const float* ups = up + row * 2 * width;
            const float* silus = silu + row * width;
            float* outUp = byUp + row * 2 * width;
            float* outSilu = bySilu + row * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i) {
                outUp[i] = by[i] * silus[i];
                outSilu[i] = by[i] * ups[i];
            }
        }
    }
};

/// Known numbers of turns are unrolled: half a head is mostly less than two vectors.
template <std::int64_t Pairs, int Sign>
[[gnu::always_inline]] inline void turnHead(const float* from, const float* cosine, const float* sine,
                                            std::int64_t pairs, float* to)
{
    const std::int64_t count = Pairs > 0 ? Pairs : pairs;
    GRADUS_FREE
    for (std::int64_t i = 0; i < count; ++i) {
        const float one = from[i];
        const float other = from[count + i];
        if constexpr (Sign > 0) {
            to[i] = one * cosine[i] - other * sine[i];
            to[count + i] = other * cosine[i] + one * sine[i];
        } else {
            to[i] = one * cosine[i] + other * sine[i];
            to[count + i] = other * cosine[i] - one * sine[i];
        }
    }
}

template <std::int64_t Pairs>
struct Turns
{
    GRADUS_LOOP(const HeadRows& heads, const float* packed, std::int64_t first, std::int64_t last, float* turned,
                float* values)
    {
        const std::int64_t pairs = heads.size / 2;
        const std::int64_t all = heads.turning * heads.size;
        const std::int64_t rest = heads.groups * heads.size;
        for (std::int64_t row = first; row < last; ++row) {
            const float* from = packed + row * (all + rest);
            const float* cosine = heads.cosine + row % heads.positions * pairs;
            const float* sine = heads.sine + row % heads.positions * pairs;
            for (std::int64_t head = 0; head < heads.turning; ++head)
                turnHead<Pairs, 1>(from + head * heads.size, cosine, sine, pairs,
                                   turned + row * all + head * heads.size);
            std::copy_n(from + all, rest, values + row * rest);
        }
    }
};

template <std::int64_t Pairs>
struct TurnsBack
{
    GRADUS_LOOP(const HeadRows& heads, const Scattered& from, std::int64_t count, std::int64_t at, std::int64_t first,
                std::int64_t last, float* packed)
    {
        const std::int64_t pairs = heads.size / 2;
        const std::int64_t width = (heads.turning + heads.groups) * heads.size;
        for (std::int64_t row = first; row < last; ++row) {
            const std::int64_t position = row % heads.positions;
            const float* own = from.data + row / heads.positions * from.batch + position * from.position;
            for (std::int64_t head = 0; head < count; ++head)
                turnHead<Pairs, -1>(own + head * from.head, heads.cosine + position * pairs,
                                    heads.sine + position * pairs, pairs,
                                    packed + row * width + (at + head) * heads.size);
        }
    }
};

struct GateSums
{
    GRADUS_LOOP(const GateRows& unit, float* gates)
    {
        const std::int64_t width = unit.width;
        for (std::int64_t row = 0; row < unit.rows; ++row) {
            const float* input = unit.input + row * unit.inputStride;
            const float* held = unit.held + row * 3 * width;
            float* out = gates + row * 2 * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < 2 * width; ++i)
                out[i] = input[i] + held[i];
        }
    }
};

struct FreshSums
{
    GRADUS_LOOP(const GateRows& unit, const float* gates, float* fresh)
    {
        const std::int64_t width = unit.width;
        for (std::int64_t row = 0; row < unit.rows; ++row) {
            const float* input = unit.input + row * unit.inputStride + 2 * width;
            const float* held = unit.held + row * 3 * width + 2 * width;
            const float* reset = gates + row * 2 * width;
            float* out = fresh + row * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i)
                out[i] = input[i] + reset[i] * held[i];
        }
    }
};

struct NextStates
{
    GRADUS_LOOP(const GateRows& unit, const float* gates, const float* fresh, const float* before, float* state,
                float* out, std::int64_t outStride)
    {
        const std::int64_t width = unit.width;
        for (std::int64_t row = 0; row < unit.rows; ++row) {
            const float* update = gates + row * 2 * width + width;
            const float* own = fresh + row * width;
            const float* past = before + row * width;
            float* next = state + row * width;
            float* copy = out + row * outStride;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i)
                copy[i] = next[i] = own[i] + update[i] * (past[i] - own[i]);
        }
    }
};

struct StateParts
{
    GRADUS_LOOP(const GateRows& unit, const StateGradient& gradient, const float* gates, const float* fresh,
                const float* before, float* byUpdate, float* byFresh)
    {
        const std::int64_t width = unit.width;
        for (std::int64_t row = 0; row < unit.rows; ++row) {
            const float* above = gradient.above + row * gradient.aboveStride;
            const float* product = gradient.byProduct + row * width;
            const float* update = gates + row * 2 * width + width;
            const float* own = fresh + row * width;
            const float* past = before + row * width;
            float* later = gradient.later + row * width;
            float* outUpdate = byUpdate + row * width;
            float* outFresh = byFresh + row * width;
            const bool last = gradient.last;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i) {
                const float whole = last ? above[i] : above[i] + later[i] + product[i];
                const float kept = whole * update[i];
                outUpdate[i] = whole * (past[i] - own[i]);
                outFresh[i] = whole - kept;
                later[i] = kept;
            }
        }
    }
};

struct GateParts
{
    // Autograd adds the parts of a split tensor as whole tensors, zeros elsewhere: minus zero becomes zero by that.
    GRADUS_LOOP(const GateRows& unit, const float* gates, const float* byUpdate, const float* bySum, float* byInput,
                float* byHeld)
    {
        const std::int64_t width = unit.width;
        for (std::int64_t row = 0; row < unit.rows; ++row) {
            const float* held = unit.held + row * 3 * width + 2 * width;
            const float* reset = gates + row * 2 * width;
            const float* update = reset + width;
            const float* forUpdate = byUpdate + row * width;
            const float* sum = bySum + row * width;
            float* inputs = byInput + row * unit.inputStride;
            float* helds = byHeld + row * 3 * width;
            GRADUS_FREE
            for (std::int64_t i = 0; i < width; ++i) {
                const float byReset = (sum[i] * held[i] + 0.0F) * (1 - reset[i]) * reset[i] + 0.0F;
                const float byUpdated = (forUpdate[i] + 0.0F) * (1 - update[i]) * update[i] + 0.0F;
                inputs[i] = helds[i] = byReset;
                inputs[width + i] = helds[width + i] = byUpdated;
                inputs[2 * width + i] = sum[i] + 0.0F;
                helds[2 * width + i] = sum[i] * reset[i] + 0.0F;
            }
        }
    }
};

#undef GRADUS_FREE
#undef GRADUS_LOOP

} // namespace

void squareAll(const float* x, std::int64_t count, float* out)
{
    widest<Squares>(x, count, out);
}

void scalesOfSums(float* sums, std::int64_t rows, std::int64_t width, double epsilon)
{
    for (std::int64_t row = 0; row < rows; ++row)
        sums[row] = 1 / std::sqrt(sums[row] / static_cast<float>(width) + static_cast<float>(epsilon));
}

void normRows(const NormRows& norm, std::int64_t first, std::int64_t last, float* y)
{
    widest<Norms, const NormRows&>(norm, first, last, y);
}

void normParts(const NormRows& norm, const float* byY, std::int64_t first, std::int64_t last, float* forWeight,
               float* forScales)
{
    widest<NormParts, const NormRows&>(norm, byY, first, last, forWeight, forScales);
}

void normGradient(const NormRows& norm, const float* around, const float* byY, const float* byScales,
                  std::int64_t first, std::int64_t last, float* byX)
{
    widest<NormGradients, const NormRows&>(norm, around, byY, byScales, first, last, byX);
}

void swiGluProducts(const float* byY, const float* up, const float* silu, std::int64_t width, std::int64_t first,
                    std::int64_t last, float* byUp, float* bySilu)
{
    widest<SwiGluProducts>(byY, up, silu, width, first, last, byUp, bySilu);
}

void turnRows(const HeadRows& heads, const float* packed, std::int64_t first, std::int64_t last, float* turned,
              float* values)
{
    switch (heads.size) {
    case 8:
        return widest<Turns<4>, const HeadRows&>(heads, packed, first, last, turned, values);
    case 16:
        return widest<Turns<8>, const HeadRows&>(heads, packed, first, last, turned, values);
    case 64:
        return widest<Turns<32>, const HeadRows&>(heads, packed, first, last, turned, values);
    default:
        return widest<Turns<0>, const HeadRows&>(heads, packed, first, last, turned, values);
    }
}

void turnRowsBack(const HeadRows& heads, const Scattered& from, std::int64_t count, std::int64_t at, std::int64_t first,
                  std::int64_t last, float* packed)
{
    switch (heads.size) {
    case 8:
        return widest<TurnsBack<4>, const HeadRows&, const Scattered&>(heads, from, count, at, first, last, packed);
    case 16:
        return widest<TurnsBack<8>, const HeadRows&, const Scattered&>(heads, from, count, at, first, last, packed);
    case 64:
        return widest<TurnsBack<32>, const HeadRows&, const Scattered&>(heads, from, count, at, first, last, packed);
    default:
        return widest<TurnsBack<0>, const HeadRows&, const Scattered&>(heads, from, count, at, first, last, packed);
    }
}

void packRowsBack(const HeadRows& heads, const Scattered& from, std::int64_t count, std::int64_t at, std::int64_t first,
                  std::int64_t last, float* packed)
{
    const std::int64_t width = (heads.turning + heads.groups) * heads.size;
    for (std::int64_t row = first; row < last; ++row) {
        const float* own = from.data + row / heads.positions * from.batch + row % heads.positions * from.position;
        for (std::int64_t head = 0; head < count; ++head)
            std::copy_n(own + head * from.head, heads.size, packed + row * width + (at + head) * heads.size);
    }
}

void gateSums(const GateRows& unit, float* gates)
{
    widest<GateSums, const GateRows&>(unit, gates);
}

void freshSums(const GateRows& unit, const float* gates, float* fresh)
{
    widest<FreshSums, const GateRows&>(unit, gates, fresh);
}

void nextState(const GateRows& unit, const float* gates, const float* fresh, const float* before, float* state,
               float* out, std::int64_t outStride)
{
    widest<NextStates, const GateRows&>(unit, gates, fresh, before, state, out, outStride);
}

void stateParts(const GateRows& unit, const StateGradient& gradient, const float* gates, const float* fresh,
                const float* before, float* byUpdate, float* byFresh)
{
    widest<StateParts, const GateRows&, const StateGradient&>(unit, gradient, gates, fresh, before, byUpdate, byFresh);
}

void gateParts(const GateRows& unit, const float* gates, const float* byUpdate, const float* bySum, float* byInput,
               float* byHeld)
{
    widest<GateParts, const GateRows&>(unit, gates, byUpdate, bySum, byInput, byHeld);
}

} // namespace gradus::models
