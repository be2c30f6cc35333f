// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of a decoder: what config.json says, in the field's names. No tensors here.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::models {

/// How a layer is built.
enum class Family
{
    Llama, ///< RMSNorm, rotary positions, grouped queries, SwiGLU: Qwen2, Qwen3, Llama, Mistral, SmolLM
    Gemma, ///< RMSNorm by 1 + weight before and after each part, GELU-gated, some layers with a window: Gemma 3 (text)
    NeoX,  ///< LayerNorm with bias, partial rotary positions, GELU, parallel residual: GPT-NeoX, Pythia
    Recurrent,     ///< the house's own: a gated recurrent unit (GRU) in the place of attention, else as Llama
    Convolutional, ///< the house's own: a gated causal convolution, dilated by depth, in that place, else as Llama
};

/// "attention", "recurrent" or "convolutional": how positions hear of one another, as experiments name it.
const char* architectureOf(Family family);
/// The family in which the house builds rungs of that architecture; bad input names the three.
Result<Family> familyOf(const std::string& architecture);

/// How rotary frequencies are stretched beyond the length that the model was pretrained on.
struct RopeScaling
{
    enum class Kind
    {
        None,
        Linear, ///< every frequency divided by factor
        Llama3, ///< low frequencies divided by factor, high ones kept, a ramp between
    };
    Kind kind = Kind::None;
    double factor = 1;
    double lowFrequencyFactor = 1;
    double highFrequencyFactor = 4;
    int originalPositions = 8192;
    friend bool operator==(const RopeScaling&, const RopeScaling&) = default;
};

/// Defaults are those of the house's own rungs: a Qwen2.
struct ModelShape
{
    Family family = Family::Llama;
    int vocabularySize = 0;
    int hiddenSize = 0;
    int layers = 0;
    int heads = 1;
    int keyValueHeads = 1;
    int headDimension = 0; ///< 0: hiddenSize / heads
    int intermediateSize = 0;
    int maxPositions = 512;
    double ropeTheta = 10000.0;
    RopeScaling ropeScaling;
    double rotaryShare = 1; ///< share of a head's dimensions that turn
    double normEpsilon = 1e-6;
    bool tiedEmbeddings = true;
    bool qkvBias = true;
    bool outputBias = false; ///< of o_proj
    bool qkNorm = false;     ///< RMSNorm over each head's query and key
    int slidingWindow = 0;   ///< 0: none; but for Gemma, longer sequences are refused
    std::vector<bool> localLayers =
        {}; ///< Gemma, one a layer: sees its last slidingWindow positions, the own one included
    double localRopeTheta = 10000.0; ///< Gemma: rotary base of local layers, which no scaling stretches
    double queryScalar = 0;          ///< Gemma: attention is divided by its root; 0: headSize()
    bool parallelResidual = true;    ///< NeoX
    std::string activation = "gelu"; ///< NeoX: "gelu" | "gelu_new" | "relu"
    std::string modelType = "qwen2"; ///< config.json's model_type

    bool attends() const { return family != Family::Recurrent && family != Family::Convolutional; }
    int headSize() const { return headDimension > 0 ? headDimension : heads > 0 ? hiddenSize / heads : 0; }
    int rotarySize() const; ///< dimensions of a head that turn; even
    bool hasLocalLayers() const;
    /// Sequences up to here: positions, or the sliding window when that is shorter and of all layers.
    int longestSequence() const;
    std::int64_t parameters() const; ///< embeddings counted once when tied; heads for tasks not counted
    /// Of a LoRA adapter of that rank on the attention's projections; only where it attends.
    std::int64_t adapterParameters(int rank) const;
    friend bool operator==(const ModelShape&, const ModelShape&) = default;
};

/// Empty if a decoder of that shape can exist, else bad input that names the field.
Result<void> checkShape(const ModelShape& shape);

/// The house's rung of that width and depth: head dimension 8 or more, 2:1 grouped queries where heads allow,
/// intermediate size 8/3 x width rounded up to 8. Other architectures have the same width, layers and feed-forward, and
/// somewhat more parameters: seven width x width matrices a layer in the place of attention's three.
ModelShape rungShape(int width, int layers, int vocabularySize, int maxPositions, Family family = Family::Llama);

/// Of the convolution: inputs at these many positions, 2^layer apart, so that deeper layers look back further.
inline constexpr int kConvolutionTaps = 3;

} // namespace gradus::models
