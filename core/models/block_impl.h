// SPDX-License-Identifier: GPL-3.0-or-later
// One layer of a decoder, whatever its family, and what a pass through it needs to know.
#pragma once

#include "models/layer_math_impl.h"
#include "models/model_shape.h"
#include "models/projection_impl.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Shape letters: B sequences, T new positions, S positions kept, D width, H query heads, G key-value heads, d head
// size.
namespace gradus::models {

/// What a layer keeps of the positions seen so far.
struct LayerCache
{
    at::Tensor keys; ///< attention: [B, G, S, d], allocated for the longest sequence
    at::Tensor values;
    at::Tensor state = {}; ///< recurrent: hidden state [B, D]; convolutional: the last normed inputs [B, reach, D]
};

/// What is the same in every layer of one call.
struct Pass
{
    RotaryTable rows;         ///< of the new positions
    std::int64_t past = 0;    ///< positions already in the caches
    at::Tensor mask;          ///< bool [B, 1, T, past + T], true where a position may look; undefined: all up to itself
    at::Tensor starts = {};   ///< sequences end to end: where each begins and the last ends, int32; mask undefined
    std::int64_t longest = 0; ///< with starts: positions of the longest sequence
    RotaryTable localRows = {}; ///< as rows, of local layers; undefined where a model has none
    at::Tensor localMask = {};  ///< as mask, of local layers
};

class Block
{
public:
    virtual ~Block() = default;
    /// x_BTD -> [B, T, D]. cache is null when nothing is kept.
    virtual at::Tensor forward(const at::Tensor& x_BTD, const Pass& pass, LayerCache* cache) const = 0;
    /// Leaves, in a fixed order; adapters not among them.
    virtual void appendParameters(std::vector<at::Tensor>& all) const = 0;
    virtual void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const = 0;
    virtual std::vector<Projection*> projections() = 0;
};

std::shared_ptr<Block> makeLlamaBlock(const ModelShape& shape);
std::shared_ptr<Block> makeNeoxBlock(const ModelShape& shape);
std::shared_ptr<Block> makeGemmaBlock(const ModelShape& shape, int layer);
std::shared_ptr<Block> makeRecurrentBlock(const ModelShape& shape);
/// layer: 0-based; it looks back reachOf(layer) positions.
std::shared_ptr<Block> makeConvolutionalBlock(const ModelShape& shape, int layer);

/// Positions before its own that a convolutional layer sees.
std::int64_t reachOf(int layer);

/// float [B, T, 1], 1 at the new positions that are real and 0 at padding on the left; undefined without padding. For
/// layers that pass on a state instead of looking back through the mask.
at::Tensor realPositions(const Pass& pass, std::int64_t positions);

/// Softmax attention of turned queries and keys and of values, all [B, T, heads, d] -> [B, T, H x d]; new keys and
/// values join the cache. Products are multiplied by scale, 1 / sqrt(d) where none is given.
at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const Pass& pass,
                  LayerCache* cache, std::optional<double> scale = std::nullopt);

/// pass.mask for layers in which a position sees the last `window` positions, its own included (0: all). Left as it is
/// where no position has more before it.
at::Tensor windowMask(const Pass& pass, std::int64_t positions, std::int64_t window, const at::Device& device);

} // namespace gradus::models
