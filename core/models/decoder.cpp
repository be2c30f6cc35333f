// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/decoder_impl.h"

#include "base/text.h"
#include "models/adapter_targets_impl.h"
#include "models/few_rows_impl.h"
#include "models/huge_pages.h"
#include "models/linear_impl.h"
#include "models/recomputed_impl.h"
#include "models/weights_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>

namespace gradus::models {

namespace {

bool closesResidual(const std::string& name)
{
    for (const char* end : {"o_proj.weight", "down_proj.weight", "attention.dense.weight", "dense_4h_to_h.weight"})
        if (name.ends_with(end)) return true;
    return false;
}

std::shared_ptr<Block> makeBlock(const ModelShape& shape, int layer)
{
    switch (shape.family) {
    case Family::Gemma:
        return makeGemmaBlock(shape, layer);
    case Family::NeoX:
        return makeNeoxBlock(shape);
    case Family::Recurrent:
        return makeRecurrentBlock(shape);
    case Family::Convolutional:
        return makeConvolutionalBlock(shape, layer);
    case Family::Llama:
        break;
    }
    return makeLlamaBlock(shape);
}

/// Gives these tensors places one after the other in HugePages, each at 64 bytes as libtorch has them; what they held
/// is lost. The memory of a tensor that is given up goes back though others stay.
void placeTogether(const std::vector<at::Tensor>& tensors, at::ScalarType type)
{
    constexpr std::size_t kAligned = 64;
    const auto bytesOf = [type](const at::Tensor& tensor) {
        const std::size_t bytes = static_cast<std::size_t>(tensor.numel()) * at::elementSize(type);
        return (bytes + kAligned - 1) / kAligned * kAligned;
    };
    std::size_t all = 0;
    for (const at::Tensor& tensor : tensors)
        all += bytesOf(tensor);
    const std::shared_ptr<const HugePages> pages = HugePages::make(all);
    if (pages == nullptr) throw std::bad_alloc();
    std::byte* next = pages->data();
    for (at::Tensor tensor : tensors) {
        const std::size_t bytes = bytesOf(tensor);
        tensor.set_data(at::from_blob(
            next, tensor.sizes(), [pages, bytes](void* data) { pages->giveBack(static_cast<std::byte*>(data), bytes); },
            type));
        next += bytes;
    }
}

LayerCache emptyCache(const ModelShape& shape, int layer, std::int64_t batch, std::int64_t positions,
                      const at::TensorOptions& options)
{
    if (shape.family == Family::Recurrent)
        return {.keys = {}, .values = {}, .state = at::zeros({batch, shape.hiddenSize}, options)};
    if (shape.family == Family::Convolutional)
        return {.keys = {}, .values = {}, .state = at::zeros({batch, reachOf(layer), shape.hiddenSize}, options)};
    const std::vector<std::int64_t> sizes{batch, shape.keyValueHeads, positions, shape.headSize()};
    return {.keys = at::empty(sizes, options), .values = at::empty(sizes, options), .state = {}};
}

} // namespace

Decoder::Decoder(const ModelShape& shape)
    : m_shape(shape), m_rotary(rotaryTable(shape)), m_embedding(at::empty({shape.vocabularySize, shape.hiddenSize})),
      m_norm(shape.family == Family::Gemma
                 ? Norm::makeLessOne(shape.hiddenSize, shape.normEpsilon)
                 : Norm::make(shape.hiddenSize, shape.family == Family::NeoX, shape.normEpsilon))
{
    if (shape.hasLocalLayers()) m_localRotary = localRotaryTable(shape);
    if (!shape.tiedEmbeddings) m_output = at::empty({shape.vocabularySize, shape.hiddenSize});
    for (int i = 0; i < shape.layers; ++i)
        m_layers.push_back(makeBlock(shape, i));
}

Decoder::Decoder(const ModelShape& shape, std::uint64_t seed) : Decoder(shape)
{
    const double residual = 1.0 / std::sqrt(2.0 * std::max(1, shape.layers));
    for (const NamedTensor& parameter : named()) {
        if (parameter.tensor.dim() != 2) continue;
        const double deviation = 1.0 / std::sqrt(static_cast<double>(parameter.tensor.size(1)));
        fillNormal(parameter, seed, closesResidual(parameter.name) ? deviation * residual : deviation);
    }
}

Decoder Decoder::uninitialised(const ModelShape& shape)
{
    return Decoder(shape);
}

Pass Decoder::passOf(const at::Tensor& positions_BT) const
{
    Pass pass{.rows = rotaryRows(m_rotary, positions_BT), .past = 0, .mask = {}};
    if (m_localRotary.cosine.defined()) pass.localRows = rotaryRows(m_localRotary, positions_BT);
    return pass;
}

Pass Decoder::passOf(std::int64_t past, std::int64_t positions) const
{
    Pass pass{.rows = rotaryRows(m_rotary, past, positions), .past = past, .mask = {}};
    if (m_localRotary.cosine.defined()) pass.localRows = rotaryRows(m_localRotary, past, positions);
    return pass;
}

at::Tensor Decoder::embedded(const at::Tensor& ids_BT) const
{
    // The type of the norms is the type of what flows; that of the matrices may be narrower.
    const at::Tensor x_BTD = at::embedding(m_embedding, ids_BT).to(m_norm.weight.scalar_type());
    if (m_shape.family != Family::Gemma) return x_BTD;
    // Rounded to the type of the weights first, as transformers does.
    return x_BTD * at::full({}, std::sqrt(static_cast<double>(m_shape.hiddenSize)), x_BTD.options());
}

at::Tensor Decoder::run(const at::Tensor& ids_BT, Pass pass, DecoderCache* cache, const std::vector<int>& layers,
                        std::vector<at::Tensor>* taps) const
{
    const LoopScope loops(m_loops);
    if (m_localRotary.cosine.defined())
        pass.localMask = windowMask(pass, ids_BT.size(1), m_shape.slidingWindow, ids_BT.device());
    at::Tensor x_BTD = embedded(ids_BT);
    const auto tap = [&](int layer) {
        if (taps != nullptr && std::ranges::find(layers, layer) != layers.end()) taps->push_back(x_BTD);
    };
    tap(0);
    const bool recompute = m_recompute && cache == nullptr && at::GradMode::is_enabled();
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (recompute)
            x_BTD = recomputed(
                x_BTD, [layer = m_layers[i], pass](const at::Tensor& x) { return layer->forward(x, pass, nullptr); });
        else
            x_BTD = m_layers[i]->forward(x_BTD, pass, cache != nullptr ? &cache->layers[i] : nullptr);
        tap(static_cast<int>(i) + 1);
    }
    return m_norm(x_BTD);
}

at::Tensor Decoder::hidden(const at::Tensor& ids_BT) const
{
    return run(ids_BT, passOf(0, ids_BT.size(1)), nullptr, {}, nullptr);
}

at::Tensor Decoder::hidden(const at::Tensor& ids_BT, const at::Tensor& positions_BT, const at::Tensor& starts,
                           std::int64_t longest) const
{
    Pass pass = passOf(positions_BT);
    pass.starts = starts;
    pass.longest = longest;
    return run(ids_BT, std::move(pass), nullptr, {}, nullptr);
}

bool Decoder::takesEndToEnd() const
{
    const bool attention = m_shape.family == Family::Llama || m_shape.family == Family::NeoX;
    const std::int64_t head = m_shape.headSize();
    return attention && head % 8 == 0 && head <= 256 && m_embedding.is_cuda() &&
           m_embedding.scalar_type() == at::kBFloat16;
}

at::Tensor Decoder::hidden(const at::Tensor& ids_BT, const std::vector<int>& layers,
                           std::vector<at::Tensor>& taps) const
{
    return run(ids_BT, passOf(0, ids_BT.size(1)), nullptr, layers, &taps);
}

at::Tensor Decoder::next(const at::Tensor& ids_BT, DecoderCache& cache, const at::Tensor& positions_BT,
                         const at::Tensor& mask) const
{
    Pass pass = positions_BT.defined() ? passOf(positions_BT) : passOf(cache.length, ids_BT.size(1));
    pass.past = cache.length;
    pass.mask = mask;
    if (const std::int64_t count = ids_BT.size(1); !mask.defined() && count > 1 && cache.length > 0) {
        const at::TensorOptions options = at::TensorOptions(at::kLong).device(ids_BT.device());
        const at::Tensor column = at::arange(cache.length + count, options).unsqueeze(0);
        const at::Tensor row = at::arange(cache.length, cache.length + count, options).unsqueeze(1);
        pass.mask = column.le(row).unsqueeze(0).unsqueeze(0);
    }
    const at::Tensor hidden = run(ids_BT, std::move(pass), &cache, {}, nullptr);
    cache.length += ids_BT.size(1);
    return hidden;
}

DecoderCache Decoder::cache(std::int64_t batch, std::int64_t positions) const
{
    DecoderCache made;
    for (int layer = 0; layer < m_shape.layers; ++layer)
        made.layers.push_back(
            emptyCache(m_shape, layer, batch, positions, m_norm.weight.options().requires_grad(false)));
    return made;
}

DecoderCache Decoder::goingOn(const DecoderCache& from, std::int64_t batch, std::int64_t positions) const
{
    DecoderCache made = cache(batch, positions);
    made.length = from.length;
    for (std::size_t i = 0; i < made.layers.size() && from.length > 0; ++i) {
        LayerCache& to = made.layers[i];
        const LayerCache& before = from.layers[i];
        if (before.state.defined()) {
            to.state.copy_(before.state);
            continue;
        }
        to.keys.narrow(2, 0, from.length).copy_(before.keys.narrow(2, 0, from.length));
        to.values.narrow(2, 0, from.length).copy_(before.values.narrow(2, 0, from.length));
    }
    return made;
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const
{
    return linear(hidden, outputWeight(), {});
}

std::vector<at::Tensor> Decoder::parameters() const
{
    std::vector<at::Tensor> all;
    for (const NamedTensor& adapter : adapters())
        all.push_back(adapter.tensor);
    return all.empty() ? body() : all;
}

std::vector<at::Tensor> Decoder::body() const
{
    std::vector<at::Tensor> all{m_embedding};
    for (const auto& layer : m_layers)
        layer->appendParameters(all);
    all.push_back(m_norm.weight);
    if (m_norm.bias.defined()) all.push_back(m_norm.bias);
    if (m_output.defined()) all.push_back(m_output);
    return all;
}

void Decoder::requiresGradients(bool wanted)
{
    for (at::Tensor& parameter : parameters()) {
        parameter.set_requires_grad(wanted);
        if (!wanted) parameter.mutable_grad() = at::Tensor();
    }
}

void Decoder::place(at::Device device, at::ScalarType type)
{
    const auto options = at::TensorOptions().device(device).dtype(type);
    for (at::Tensor& tensor : body())
        tensor.set_data(at::empty(tensor.sizes(), options));
    for (at::Tensor* table : {&m_rotary.cosine, &m_rotary.sine, &m_localRotary.cosine, &m_localRotary.sine})
        if (table->defined()) *table = table->to(options);
}

void Decoder::placeToRead(at::ScalarType type)
{
    std::vector<at::Tensor> matrices{m_embedding};
    if (m_output.defined()) matrices.push_back(m_output);
    for (const auto& layer : m_layers)
        for (const Projection* projection : layer->projections())
            matrices.push_back(projection->weight());
    placeTogether(matrices, type);
    readInLoops(true);
}

void Decoder::convert(at::Device device, at::ScalarType type)
{
    std::vector<at::Tensor> all = body();
    for (const NamedTensor& adapter : adapters())
        all.push_back(adapter.tensor);
    for (const RotaryTable& table : {m_rotary, m_localRotary})
        if (table.cosine.defined()) all.insert(all.end(), {table.cosine, table.sine});
    // The tensors stay the same objects, so that whoever holds one sees it change.
    for (at::Tensor& tensor : all)
        tensor.set_data(tensor.to(device, type));
}

std::string Decoder::layerPrefix(std::size_t index) const
{
    return (m_shape.family == Family::NeoX ? "gpt_neox.layers." : "model.layers.") + std::to_string(index) + ".";
}

std::vector<NamedTensor> Decoder::named() const
{
    const bool neox = m_shape.family == Family::NeoX;
    std::vector<NamedTensor> all{{neox ? "gpt_neox.embed_in.weight" : "model.embed_tokens.weight", m_embedding}};
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        m_layers[i]->appendNamed(all, layerPrefix(i));
    all.push_back({neox ? "gpt_neox.final_layer_norm.weight" : "model.norm.weight", m_norm.weight});
    if (m_norm.bias.defined()) all.push_back({"gpt_neox.final_layer_norm.bias", m_norm.bias});
    if (m_output.defined()) all.push_back({neox ? "embed_out.weight" : "lm_head.weight", m_output});
    return all;
}

Result<void> Decoder::attachAdapters(const AdapterOptions& options)
{
    if (options.rank < 1 || options.rank > 4096 || !(options.alpha > 0))
        return badInput("An adapter needs a rank of 1 to 4096 and an alpha above 0.");
    const std::string such = "; name modules such as " + usualTargets(m_shape).front() + ".";
    if (options.targets.empty()) return badInput("The adapter has no target module" + such);
    const std::vector<std::string> all = modulesOf(*this);
    for (const std::string& target : options.targets)
        if (std::ranges::none_of(all, [&](const std::string& module) { return isTarget(module, {target}); }))
            return badInput("The adapter's target module \"" + visible(target, 120) + "\" is not in a " +
                            m_shape.modelType + " model" + such);
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        for (Projection* projection : m_layers[i]->projections())
            projection->attachAdapters(layerPrefix(i), options.targets, options.rank, options.alpha / options.rank,
                                       options.seed);
    return {};
}

std::vector<NamedTensor> Decoder::adapters() const
{
    std::vector<NamedTensor> all;
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        for (const Projection* projection : m_layers[i]->projections())
            projection->appendAdapters(all, "base_model.model." + layerPrefix(i));
    return all;
}

void Decoder::mergeAdapters()
{
    for (const auto& layer : m_layers)
        for (Projection* projection : layer->projections())
            projection->mergeAdapters();
}

} // namespace gradus::models
