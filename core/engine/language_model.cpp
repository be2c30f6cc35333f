// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/language_model.h"

#include "engine/batches.h"
#include "engine/device_impl.h"
#include "engine/language_model_impl.h"
#include "engine/numbers.h"
#include "engine/task_head_impl.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "engine/tuned_model_impl.h"
#include "models/adapter_folder_impl.h"
#include "models/folder_weights_impl.h"
#include "models/weights_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace gradus::engine {

namespace {

constexpr const char* kShapeKey = "gradus.shape";
constexpr std::int64_t kScoreTokens = 2048;                  ///< padded tokens whose hidden states are held at once
constexpr std::int64_t kScoreLogits = std::int64_t{1} << 24; ///< floats: a part of the positions meets the vocabulary

Result<void> checkSequences(const std::vector<Tokens>& sequences, std::size_t fewest, std::size_t extra,
                            const models::ModelShape& shape)
{
    const auto longest = static_cast<std::size_t>(shape.longestSequence());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const std::string where = "Sequence " + std::to_string(i + 1);
        const Tokens& tokens = sequences[i];
        if (tokens.size() < fewest)
            return badInput(where + " has " + std::to_string(tokens.size()) + " tokens; it needs " +
                            std::to_string(fewest) + " or more.");
        if (tokens.size() + extra > longest)
            return badInput(where + " would have " + std::to_string(tokens.size() + extra) +
                            " tokens and the model takes " + std::to_string(longest) +
                            "; shorten it or ask for fewer new tokens.");
        const auto [least, most] = std::ranges::minmax_element(tokens);
        if (*least < 0 || *most >= shape.vocabularySize)
            return badInput(where + " has a token outside the vocabulary of " + std::to_string(shape.vocabularySize) +
                            "; use the tokenizer that the model was made for.");
    }
    return {};
}

std::vector<std::vector<Tokens>> asItems(const std::vector<Tokens>& sequences)
{
    std::vector<std::vector<Tokens>> items;
    items.reserve(sequences.size());
    for (const Tokens& tokens : sequences)
        items.push_back({tokens});
    return items;
}

/// Scores of tokens, each from the hidden state of the position before it: [tokens, D] or more, of which the rest is
/// left aside. Logits of a few positions at a time.
SequenceScore scoreOf(const models::Decoder& decoder, const at::Tensor& hidden_TD, std::span<const std::int32_t> tokens)
{
    SequenceScore score;
    const auto predicted = static_cast<std::int64_t>(tokens.size());
    const std::int64_t part = std::max<std::int64_t>(1, kScoreLogits / decoder.shape().vocabularySize);
    for (std::int64_t begin = 0; begin < predicted; begin += part) {
        const std::int64_t count = std::min(part, predicted - begin);
        const at::Tensor logs = at::log_softmax(decoder.logits(hidden_TD.narrow(0, begin, count)), 1);
        const at::Tensor entropy = logs.exp().mul(logs).sum(1).neg().to(at::kCPU);
        const auto* first = tokens.data() + begin;
        const at::Tensor next = indexTensor({first, first + count}).unsqueeze(1).to(logs.device());
        const at::Tensor own = logs.gather(1, next).to(at::kCPU);
        for (std::int64_t t = 0; t < count; ++t) {
            score.logProbabilities.push_back(own.const_data_ptr<float>()[t]);
            score.entropies.push_back(entropy.const_data_ptr<float>()[t]);
        }
    }
    return score;
}

} // namespace

LanguageModel::LanguageModel(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
LanguageModel::~LanguageModel() = default;
LanguageModel::LanguageModel(LanguageModel&&) noexcept = default;
LanguageModel& LanguageModel::operator=(LanguageModel&&) noexcept = default;

namespace {

/// The folder's decoder with the adapter folded in, in single precision.
Result<models::Decoder> adaptedDecoder(const models::ModelFolder& folder, const std::filesystem::path& path)
{
    const auto adapter = models::openAdapterFolder(path);
    if (!adapter) return adapter.error();
    if (adapter->file.find("base_model.model.score.weight") != nullptr)
        return badInput(path.string() + " is the adapter of a reward model or a classifier, which writes no text; "
                                        "`gradus model score` reads one.");
    auto decoder = models::loadDecoder(folder, {}, at::TensorOptions(at::kFloat).device(deviceInUse()));
    if (!decoder) return decoder;
    if (auto loaded = models::attachAdapter(*decoder, *adapter, {}); !loaded) return loaded.error();
    decoder->convert(deviceInUse(), at::kFloat);
    decoder->mergeAdapters();
    return decoder;
}

} // namespace

Result<LanguageModel> LanguageModel::open(const std::filesystem::path& folder)
{
    return open(folder, {});
}

Result<LanguageModel> LanguageModel::open(const std::filesystem::path& folder, const std::filesystem::path& adapter)
{
    auto opened = models::openModelFolder(folder);
    if (!opened) return opened.error();
    return caught("Loading " + folder.string(), [&]() -> Result<LanguageModel> {
        auto decoder = adapter.empty() ? models::loadReader(*opened, deviceInUse()) : adaptedDecoder(*opened, adapter);
        if (!decoder) return decoder.error();
        return LanguageModel(
            std::make_unique<Impl>(Impl{std::move(*decoder), std::move(opened->config), std::move(opened->endIds)}));
    });
}

Result<LanguageModel> LanguageModel::ofTuned(const TunedModel& model, const std::filesystem::path& folder)
{
    auto whole = models::openModelFolder(folder);
    if (!whole) return whole.error();
    const bool isPart = model.shape().layers < whole->shape.layers;
    auto opened = models::withLayers(std::move(*whole), isPart ? model.shape().layers : 0);
    if (!opened) return opened.error();
    if (opened->shape != model.shape())
        return badInput(folder.string() + " holds a model of another shape than the one that was tuned from it; put "
                                          "the folder back as it was.");
    return LanguageModel(
        std::make_unique<Impl>(Impl{model.m_impl->decoder, std::move(opened->config), std::move(opened->endIds)}));
}

Result<LanguageModel> LanguageModel::initialise(const models::ModelShape& shape, std::uint64_t seed)
{
    if (auto checked = models::checkShape(shape); !checked) return checked.error();
    return caught("Building the model", [&]() -> Result<LanguageModel> {
        models::Decoder decoder(shape, seed);
        decoder.convert(deviceInUse(), at::kFloat);
        return LanguageModel(std::make_unique<Impl>(Impl{std::move(decoder), {}, {}}));
    });
}

void LanguageModel::readInLoops()
{
    m_impl->decoder.readInLoops(true);
}

Result<LanguageModel> LanguageModel::fromBody(const std::filesystem::path& safetensors, const models::ModelShape& shape)
{
    auto file = models::SafetensorsFile::open(safetensors);
    if (!file) return file.error();
    // The number of heads cannot be seen from the tensors.
    const auto& metadata = file->header().metadata;
    if (const auto stated = metadata.find(kShapeKey); stated != metadata.end()) {
        auto itsShape = models::shapeFromJson(stated->second);
        if (!itsShape) return itsShape.error();
        itsShape->maxPositions = shape.maxPositions;
        if (*itsShape != shape)
            return badInput(safetensors.string() +
                            " holds a model of another shape; check the rung's width, layers and "
                            "vocabulary.");
    }
    auto model = initialise(shape, 0);
    if (!model) return model;
    return caught("Loading " + safetensors.string(), [&]() -> Result<LanguageModel> {
        if (auto loaded = models::loadWeights(*file, model->m_impl->decoder.named()); !loaded) return loaded.error();
        return std::move(model);
    });
}

Result<std::string> LanguageModel::saveBody(const std::filesystem::path& safetensors) const
{
    return caught("Saving " + safetensors.string(), [&] {
        m_impl->widen();
        const std::vector<models::NamedTensor> all = models::onHost(m_impl->decoder.named());
        return models::writeSafetensors(safetensors, models::borrowBytes(all),
                                        {{"format", "pt"}, {kShapeKey, models::shapeToJson(shape())}});
    });
}

Result<std::string> LanguageModel::save(const std::filesystem::path& folder) const
{
    return caught("Saving " + folder.string(), [&] {
        m_impl->widen();
        return models::saveModelFolder(m_impl->decoder, m_impl->config, folder);
    });
}

const models::ModelShape& LanguageModel::shape() const
{
    return m_impl->decoder.shape();
}

const std::vector<std::int32_t>& LanguageModel::endIds() const
{
    return m_impl->endIds;
}

Result<std::vector<Continuation>> LanguageModel::generate(const std::vector<Tokens>& prompts,
                                                          const GenerationOptions& options, const StopFlag& stop) const
{
    if (options.maxNewTokens < 1 || options.batch < 1)
        return badInput("Generation needs 1 new token or more, and 1 prompt at a time or more.");
    if (auto checked = checkSampling(options.sampling); !checked) return checked.error();
    const auto extra = static_cast<std::size_t>(options.maxNewTokens);
    if (auto checked = checkSequences(prompts, 1, extra, shape()); !checked) return checked.error();
    return caught("Generation", [&]() -> Result<std::vector<Continuation>> {
        std::vector<Continuation> all(prompts.size());
        // Prompts of like length share a batch, so that little is padded.
        std::vector<std::int64_t> order(prompts.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = static_cast<std::int64_t>(i);
        std::ranges::stable_sort(order, {},
                                 [&](std::int64_t i) { return prompts[static_cast<std::size_t>(i)].size(); });
        const auto batch = static_cast<std::size_t>(options.batch);
        for (std::size_t begin = 0; begin < order.size(); begin += batch) {
            const std::span indices(order.data() + begin, std::min(batch, order.size() - begin));
            if (auto done = continuePrompts(m_impl->decoder, prompts, indices, options, stop, all); !done)
                return done.error();
        }
        return all;
    });
}

Result<std::vector<SequenceScore>> LanguageModel::score(const std::vector<Tokens>& sequences) const
{
    if (auto checked = checkSequences(sequences, 2, 0, shape()); !checked) return checked.error();
    return caught("Scoring", [&]() -> Result<std::vector<SequenceScore>> {
        const c10::InferenceMode inference;
        const auto items = asItems(sequences);
        std::vector<SequenceScore> all(sequences.size());
        for (const Batch& batch : budgetBatches(itemLengths(items), kScoreTokens)) {
            const at::Tensor hidden_BTD =
                m_impl->decoder.hidden(packSequences(items, batch, m_impl->decoder.device()).ids_BT);
            for (std::size_t row = 0; row < batch.size(); ++row) {
                const auto index = static_cast<std::size_t>(batch[row]);
                all[index] = scoreOf(m_impl->decoder, hidden_BTD.select(0, static_cast<std::int64_t>(row)),
                                     std::span(sequences[index]).subspan(1));
                if (auto checked = checkNumbers(all[index].logProbabilities); !checked) return checked.error();
            }
        }
        return all;
    });
}

Result<std::vector<SequenceScore>> LanguageModel::scoreAfter(const Tokens& prefix,
                                                             const std::vector<Tokens>& suffixes) const
{
    if (auto checked = checkSequences(suffixes, 1, prefix.size(), shape()); !checked) return checked.error();
    if (auto checked = checkSequences({prefix}, 1, 0, shape()); !checked) return checked.error();
    return caught("Scoring", [&]() -> Result<std::vector<SequenceScore>> {
        const c10::InferenceMode inference;
        const models::Decoder& decoder = m_impl->decoder;
        const auto length = static_cast<std::int64_t>(prefix.size());
        const auto idsOf = [&](const std::vector<Tokens>& sequences, const Batch& batch) {
            return packSequences(asItems(sequences), batch, decoder.device()).ids_BT;
        };
        models::DecoderCache read = decoder.cache(1, length);
        const at::Tensor last_1D = decoder.next(idsOf({prefix}, {0}), read, {}, {}).select(1, length - 1);
        std::vector<SequenceScore> all(suffixes.size());
        for (const Batch& batch : budgetBatches(itemLengths(asItems(suffixes)), kScoreTokens)) {
            const at::Tensor ids_BT = idsOf(suffixes, batch);
            models::DecoderCache cache = decoder.goingOn(read, ids_BT.size(0), length + ids_BT.size(1));
            const at::Tensor hidden_BTD = decoder.next(ids_BT, cache, {}, {});
            for (std::size_t row = 0; row < batch.size(); ++row) {
                const auto index = static_cast<std::size_t>(batch[row]);
                const at::Tensor own_TD = hidden_BTD.select(0, static_cast<std::int64_t>(row));
                all[index] = scoreOf(decoder, at::cat({last_1D, own_TD}), suffixes[index]);
                if (auto checked = checkNumbers(all[index].logProbabilities); !checked) return checked.error();
            }
        }
        return all;
    });
}

Result<std::vector<float>> LanguageModel::nextTokens(const std::vector<Tokens>& sequences,
                                                     const std::vector<int>& places) const
{
    if (auto checked = checkSequences(sequences, 1, 0, shape()); !checked) return checked.error();
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i] < 0 || (i > 0 && places[i] <= places[i - 1]))
            return badInput("Places must be increasing, from 0 on.");
    for (const Tokens& tokens : sequences)
        if (!places.empty() && static_cast<std::size_t>(places.back()) >= tokens.size())
            return badInput("Place " + std::to_string(places.back()) + " lies behind a sequence of " +
                            std::to_string(tokens.size()) + " tokens.");
    return caught("Reading probabilities", [&]() -> Result<std::vector<float>> {
        const c10::InferenceMode inference;
        const auto items = asItems(sequences);
        const std::size_t row = places.size() * static_cast<std::size_t>(shape().vocabularySize);
        std::vector<float> all(sequences.size() * row);
        const at::Tensor wanted = indexTensor({places.begin(), places.end()}).to(m_impl->decoder.device());
        for (const Batch& batch : budgetBatches(itemLengths(items), kScoreTokens)) {
            const at::Tensor hidden_BTD =
                m_impl->decoder.hidden(packSequences(items, batch, m_impl->decoder.device()).ids_BT);
            const at::Tensor shares_BPV =
                at::softmax(m_impl->decoder.logits(hidden_BTD.index_select(1, wanted)), 2).to(at::kCPU).contiguous();
            for (std::size_t b = 0; b < batch.size(); ++b)
                std::copy_n(shares_BPV.const_data_ptr<float>() + b * row, row,
                            all.data() + static_cast<std::size_t>(batch[b]) * row);
        }
        if (auto checked = checkNumbers(all); !checked) return checked.error();
        return all;
    });
}

Result<std::vector<float>> LanguageModel::lastStates(const std::vector<Tokens>& sequences,
                                                     const std::vector<int>& layers) const
{
    if (auto checked = checkSequences(sequences, 1, 0, shape()); !checked) return checked.error();
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i] < 0 || layers[i] > shape().layers || (i > 0 && layers[i] <= layers[i - 1]))
            return badInput("Layers must be increasing, from 0 to " + std::to_string(shape().layers) + ".");
    return caught("Reading hidden states", [&]() -> Result<std::vector<float>> {
        const c10::InferenceMode inference;
        const auto items = asItems(sequences);
        const auto width = static_cast<std::size_t>(shape().hiddenSize);
        std::vector<float> all(sequences.size() * layers.size() * width);
        for (const Batch& batch : budgetBatches(itemLengths(items), kScoreTokens)) {
            const SequenceBatch packed = packSequences(items, batch, m_impl->decoder.device());
            std::vector<at::Tensor> taps;
            m_impl->decoder.hidden(packed.ids_BT, layers, taps);
            for (std::size_t row = 0; row < batch.size(); ++row)
                for (std::size_t layer = 0; layer < layers.size(); ++layer) {
                    const at::Tensor state =
                        taps[layer].select(0, static_cast<std::int64_t>(row)).select(0, packed.lengths[row] - 1);
                    std::copy_n(state.to(at::kCPU).contiguous().const_data_ptr<float>(), width,
                                all.data() + (static_cast<std::size_t>(batch[row]) * layers.size() + layer) * width);
                }
        }
        if (auto checked = checkNumbers(all); !checked) return checked.error();
        return all;
    });
}

} // namespace gradus::engine
