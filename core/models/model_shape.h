// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of a decoder: what config.json says, in the field's names. No tensors here.
#pragma once

#include <cstdint>

namespace gradus::models {

/// A Qwen2-type decoder: RMSNorm, rotary positions, grouped-query attention with QKV bias, SwiGLU.
struct ModelShape
{
    int vocabularySize = 0;
    int hiddenSize = 0;
    int layers = 0;
    int heads = 1;
    int keyValueHeads = 1;
    int intermediateSize = 0;
    int maxPositions = 512;
    double ropeTheta = 10000.0;
    double normEpsilon = 1e-6;
    bool tiedEmbeddings = true;
    bool qkvBias = true;

    std::int64_t parameters() const; ///< embeddings counted once when tied; heads for tasks not counted
    friend bool operator==(const ModelShape&, const ModelShape&) = default;
};

/// The house's rung of that width and depth: head dimension 8 or more, 2:1 grouped queries where heads allow,
/// intermediate size 8/3 x width rounded up to 8.
ModelShape rungShape(int width, int layers, int vocabularySize, int maxPositions);

} // namespace gradus::models
