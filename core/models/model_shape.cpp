// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_shape.h"

#include <algorithm>

namespace gradus::models {

const char* architectureOf(Family family)
{
    return family == Family::Recurrent ? "recurrent" : family == Family::Convolutional ? "convolutional" : "attention";
}

Result<Family> familyOf(const std::string& architecture)
{
    for (const Family family : {Family::Llama, Family::Recurrent, Family::Convolutional})
        if (architecture == architectureOf(family)) return family;
    return badInput("There is no architecture \"" + architecture.substr(0, 60) +
                    "\"; use attention, recurrent or convolutional.");
}

int ModelShape::rotarySize() const
{
    return static_cast<int>(headSize() * rotaryShare) / 2 * 2;
}

int ModelShape::longestSequence() const
{
    return slidingWindow > 0 && family != Family::Gemma ? std::min(slidingWindow, maxPositions) : maxPositions;
}

bool ModelShape::hasLocalLayers() const
{
    return std::ranges::find(localLayers, true) != localLayers.end();
}

std::int64_t ModelShape::parameters() const
{
    const std::int64_t width = hiddenSize;
    const std::int64_t head = headSize();
    const std::int64_t qkvRows = (heads + 2LL * keyValueHeads) * head;
    const std::int64_t inner = heads * head;
    const std::int64_t embeddings = width * vocabularySize * (tiedEmbeddings ? 1 : 2);
    std::int64_t attention = qkvRows * width + (qkvBias ? qkvRows : 0) + width * inner + (outputBias ? width : 0);
    if (qkNorm) attention += 2 * head;
    if (family == Family::NeoX) {
        const std::int64_t feedForward = 2 * width * intermediateSize + intermediateSize + width;
        return embeddings + layers * (attention + feedForward + 4 * width) + 2 * width;
    }
    if (family == Family::Recurrent) attention = 7 * width * width + 6 * width;
    if (family == Family::Convolutional) attention = (2 * kConvolutionTaps + 1) * width * width + 2 * width;
    const std::int64_t feedForward = 3 * width * intermediateSize;
    const std::int64_t norms = family == Family::Gemma ? 4 : 2;
    return embeddings + layers * (attention + feedForward + norms * width) + width;
}

std::int64_t ModelShape::adapterParameters(int rank) const
{
    const std::int64_t width = hiddenSize;
    const std::int64_t queries = std::int64_t{heads} * headSize();
    const std::int64_t keys = std::int64_t{keyValueHeads} * headSize();
    // A pair of matrices a projection: inputs x rank and rank x outputs. NeoX has query, key and value in one.
    const std::int64_t projections = family == Family::NeoX ? (width + queries + 2 * keys) + (queries + width)
                                                            : 2 * (width + queries) + 2 * (width + keys);
    return std::int64_t{layers} * rank * projections;
}

namespace {

Error badShape(const std::string& what)
{
    return badInput("The model's shape cannot be built: " + what + ".");
}

} // namespace

Result<void> checkShape(const ModelShape& shape)
{
    constexpr int kMost = 1 << 24;
    constexpr int kWidest = 1 << 20; // products of two widths and the layers are counted in 64 bits
    const auto outside = [](int value, int most) { return value < 1 || value > most; };
    if (outside(shape.vocabularySize, kMost)) return badShape("the vocabulary must have 1 to 16,777,216 tokens");
    if (outside(shape.hiddenSize, kWidest)) return badShape("the width must be 1 to 1,048,576");
    if (shape.layers < 0 || shape.layers > 4096) return badShape("there must be 0 to 4096 layers");
    if (outside(shape.intermediateSize, kWidest)) return badShape("the intermediate size must be 1 to 1,048,576");
    if (outside(shape.maxPositions, kMost)) return badShape("the positions must be 1 to 16,777,216");
    if (outside(shape.heads, kWidest)) return badShape("there must be 1 to 1,048,576 heads");
    if (shape.headDimension == 0 && shape.hiddenSize % shape.heads != 0)
        return badShape("the width " + std::to_string(shape.hiddenSize) + " is not a multiple of its " +
                        std::to_string(shape.heads) + " heads");
    if (shape.headSize() < 2 || shape.headSize() % 2 != 0 || shape.headSize() > 65536)
        return badShape("the head dimension must be even");
    if (std::int64_t{shape.headSize()} * shape.heads > kWidest)
        return badShape("the heads together must be at most 1,048,576 wide");
    if (!(shape.rotaryShare > 0 && shape.rotaryShare <= 1) || shape.rotarySize() < 2)
        return badShape("the share of a head that turns must be above 0 and at most 1");
    if (shape.keyValueHeads < 1 || shape.heads % shape.keyValueHeads != 0)
        return badShape("the heads must be a multiple of the key-value heads");
    if (shape.family == Family::NeoX && shape.keyValueHeads != shape.heads)
        return badShape("GPT-NeoX has as many key-value heads as heads");
    if (shape.family == Family::Gemma && shape.localLayers.size() != static_cast<std::size_t>(shape.layers))
        return badShape("each layer must be said to be local or not (layer_types)");
    if (!(shape.localRopeTheta > 0) || !(shape.queryScalar >= 0))
        return badShape("the rotary base of local layers must be above 0 and query_pre_attn_scalar not below it");
    if (!(shape.ropeTheta > 0) || !(shape.normEpsilon > 0) || !(shape.ropeScaling.factor > 0))
        return badShape("the rotary base, its factor and the norm's epsilon must be above 0");
    if (shape.ropeScaling.kind == RopeScaling::Kind::Llama3 &&
        (!(shape.ropeScaling.lowFrequencyFactor > 0) || shape.ropeScaling.originalPositions < 1 ||
         !(shape.ropeScaling.highFrequencyFactor > shape.ropeScaling.lowFrequencyFactor)))
        return badShape("the rotary scaling's high_freq_factor must be above its low_freq_factor, and that above 0");
    return {};
}

ModelShape rungShape(int width, int layers, int vocabularySize, int maxPositions, Family family)
{
    // Heads of 8 at least, four of them from width 32 on, and never more than 64 wide. The head dimension stays even,
    // because rotary positions turn pairs.
    int heads = width >= 256 ? width / 64 : width >= 32 ? 4 : width >= 16 ? 2 : 1;
    while (heads > 1 && width % (2 * heads) != 0)
        --heads;
    ModelShape shape;
    shape.vocabularySize = vocabularySize;
    shape.hiddenSize = width;
    shape.layers = layers;
    shape.heads = heads;
    shape.keyValueHeads = heads % 2 == 0 ? heads / 2 : heads;
    shape.intermediateSize = std::max(8, (8 * width / 3 + 7) / 8 * 8);
    shape.maxPositions = maxPositions;
    shape.family = family;
    if (shape.attends()) return shape;
    // No heads and no turning: one head of the whole width keeps the shape's checks and its file the same.
    shape.heads = shape.keyValueHeads = 1;
    shape.modelType = std::string("gradus_") + architectureOf(family);
    return shape;
}

} // namespace gradus::models
