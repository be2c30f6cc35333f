// SPDX-License-Identifier: GPL-3.0-or-later
// The elementwise arithmetic of a layer and of its gradient in one pass over memory each; plain numbers, no tensor
// library. Every element goes through the operations that libtorch's operators would do, in their order and each
// rounded, so that results are theirs to the bit. Uses the widest vectors of the processor at hand; any thread.
#pragma once

#include <cstdint>

namespace gradus::models {

void squareAll(const float* x, std::int64_t count, float* out);

/// sums of squares of rows of that width -> 1 / sqrt(mean + epsilon), in place.
void scalesOfSums(float* sums, std::int64_t rows, std::int64_t width, double epsilon);

/// Rows of an RMSNorm: y = weight (x scale), a scale a row.
struct NormRows
{
    const float* x;
    const float* scales;
    const float* weight;
    std::int64_t width;
};
void normRows(const NormRows& norm, std::int64_t first, std::int64_t last, float* y);
/// What sums over rows to the weight's gradient, and over a row to its scale's.
void normParts(const NormRows& norm, const float* byY, std::int64_t first, std::int64_t last, float* forWeight,
               float* forScales);
/// (around + by way of the product) + by way of the scale; byScales is normParts' second, summed over each row.
void normGradient(const NormRows& norm, const float* around, const float* byY, const float* byScales,
                  std::int64_t first, std::int64_t last, float* byX);

/// Of SwiGLU, in rows of `width`; up and byUp stand in rows of twice that. byUp = byY silu, bySilu = byY up.
void swiGluProducts(const float* byY, const float* up, const float* silu, std::int64_t width, std::int64_t first,
                    std::int64_t last, float* byUp, float* bySilu);

/// Queries, keys and values of all heads in rows [position, head, size], and rotary rows of `positions` positions.
struct HeadRows
{
    std::int64_t turning; ///< heads that turn: queries, then keys
    std::int64_t groups;  ///< those that do not: values
    std::int64_t size;    ///< of a head: as many pairs as half of it
    std::int64_t positions;
    const float* cosine; ///< [positions, size / 2]
    const float* sine;
};
/// Takes packed rows apart: turned [rows, turning, size], values [rows, groups, size].
void turnRows(const HeadRows& heads, const float* packed, std::int64_t first, std::int64_t last, float* turned,
              float* values);
/// Heads of some rows that may lie anywhere: element i of head h of row r is at [batch(r)][position(r)][h] + i.
struct Scattered
{
    const float* data;
    std::int64_t batch;
    std::int64_t position;
    std::int64_t head;
};
/// Turns gradients back into packed rows, from head `at` on.
void turnRowsBack(const HeadRows& heads, const Scattered& from, std::int64_t count, std::int64_t at, std::int64_t first,
                  std::int64_t last, float* packed);
/// The same of those that do not turn.
void packRowsBack(const HeadRows& heads, const Scattered& from, std::int64_t count, std::int64_t at, std::int64_t first,
                  std::int64_t last, float* packed);

/// One step of a gated recurrent unit over `rows` rows of that width: gates are reset, then update.
struct GateRows
{
    std::int64_t rows;
    std::int64_t width;
    const float* input; ///< [rows, 3 width], `inputStride` apart
    std::int64_t inputStride;
    const float* held; ///< [rows, 3 width]
};
void gateSums(const GateRows& unit, float* gates);
void freshSums(const GateRows& unit, const float* gates, float* fresh);
/// state = fresh + update (before - fresh), written to `state` and, `outStride` apart, to `out`.
void nextState(const GateRows& unit, const float* gates, const float* fresh, const float* before, float* state,
               float* out, std::int64_t outStride);
/// What a state's gradient says of the step that made it. above: what the layer says of the state, `aboveStride` apart;
/// later, byHeld: what the next step says, by way of the state itself and of the product with it; null at the last one.
/// later becomes what this step says of the state before it.
struct StateGradient
{
    const float* above;
    std::int64_t aboveStride;
    float* later;
    const float* byProduct;
    bool last;
};
void stateParts(const GateRows& unit, const StateGradient& gradient, const float* gates, const float* fresh,
                const float* before, float* byUpdate, float* byFresh);
/// bySum: gradient of the fresh state before its tanh. byInput rows stand `unit.inputStride` apart.
void gateParts(const GateRows& unit, const float* gates, const float* byUpdate, const float* bySum, float* byInput,
               float* byHeld);

} // namespace gradus::models
