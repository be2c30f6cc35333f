// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_shape.h"

#include <algorithm>

namespace gradus::models {

std::int64_t ModelShape::parameters() const
{
    const std::int64_t width = hiddenSize;
    const std::int64_t headSize = heads > 0 ? hiddenSize / heads : 0;
    const std::int64_t qkvRows = (heads + 2LL * keyValueHeads) * headSize;
    const std::int64_t attention = qkvRows * width + (qkvBias ? qkvRows : 0) + width * heads * headSize;
    const std::int64_t feedForward = 3 * width * intermediateSize;
    const std::int64_t embeddings = width * vocabularySize * (tiedEmbeddings ? 1 : 2);
    return embeddings + layers * (attention + feedForward + 2 * width) + width;
}

ModelShape rungShape(int width, int layers, int vocabularySize, int maxPositions)
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
    return shape;
}

} // namespace gradus::models
