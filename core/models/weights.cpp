// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/weights_impl.h"

#include "base/rng.h"
#include "base/text.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <nlohmann/json.hpp>

#include <cstring>

namespace gradus::models {

void fillNormal(const NamedTensor& parameter, std::uint64_t seed, double deviation)
{
    Rng rng(seed, "init/" + parameter.name);
    float* values = parameter.tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < parameter.tensor.numel(); ++i)
        values[i] = static_cast<float>(deviation * rng.normal());
}

Result<void> loadWeights(const SafetensorsFile& file, const std::vector<NamedTensor>& into)
{
    std::vector<const TensorEntry*> entries;
    for (const NamedTensor& target : into) {
        const TensorEntry* entry = file.find(target.name);
        if (!entry)
            return badInput(file.path().string() + " has no tensor " + target.name +
                            "; it belongs to another kind of model.");
        if (target.tensor.sizes() != at::IntArrayRef(entry->shape))
            return badInput("Tensor " + target.name + " of " + file.path().string() +
                            " has another shape than the model; check the rung's width, layers and vocabulary.");
        entries.push_back(entry);
    }
    const at::NoGradGuard noGrad;
    constexpr at::ScalarType kTypes[] = {at::kFloat, at::kHalf, at::kBFloat16};
    for (std::size_t i = 0; i < into.size(); ++i) {
        const std::span<const std::byte> bytes = file.bytes(*entries[i]);
        if (bytes.empty()) continue;
        at::Tensor target = into[i].tensor;
        // Copied, not borrowed: training writes into the weights, and the file may go away.
        at::Tensor staged = at::empty(target.sizes(), kTypes[static_cast<int>(entries[i]->type)]);
        std::memcpy(staged.mutable_data_ptr(), bytes.data(), bytes.size());
        target.copy_(staged);
    }
    return {};
}

std::vector<TensorBytes> borrowBytes(const std::vector<NamedTensor>& tensors)
{
    const auto typeOf = [](at::ScalarType type) {
        return type == at::kHalf ? ElementType::F16 : type == at::kBFloat16 ? ElementType::BF16 : ElementType::F32;
    };
    std::vector<TensorBytes> all;
    for (const NamedTensor& named : tensors)
        all.push_back({.name = named.name,
                       .type = typeOf(named.tensor.scalar_type()),
                       .shape = named.tensor.sizes().vec(),
                       .bytes = {static_cast<const std::byte*>(named.tensor.const_data_ptr()), named.tensor.nbytes()}});
    return all;
}

std::string shapeToJson(const ModelShape& shape)
{
    return nlohmann::json{{"vocab_size", shape.vocabularySize},
                          {"hidden_size", shape.hiddenSize},
                          {"num_hidden_layers", shape.layers},
                          {"num_attention_heads", shape.heads},
                          {"num_key_value_heads", shape.keyValueHeads},
                          {"intermediate_size", shape.intermediateSize},
                          {"max_position_embeddings", shape.maxPositions},
                          {"rope_theta", shape.ropeTheta},
                          {"rms_norm_eps", shape.normEpsilon},
                          {"tie_word_embeddings", shape.tiedEmbeddings},
                          {"attention_bias", shape.qkvBias}}
        .dump();
}

Result<ModelShape> shapeFromJson(const std::string& json)
{
    const nlohmann::json config = nlohmann::json::parse(json, nullptr, false);
    if (!config.is_object()) return badInput("The model's shape is not a JSON object; write the model again.");
    ModelShape shape;
    std::string missing;
    const auto take = [&](const char* key, auto& field) {
        const auto found = config.find(key);
        using Field = std::remove_reference_t<decltype(field)>;
        const bool fits = found != config.end() && (std::is_same_v<Field, bool>  ? found->is_boolean()
                                                    : std::is_same_v<Field, int> ? found->is_number_integer()
                                                                                 : found->is_number());
        if (fits)
            field = found->template get<Field>();
        else if (missing.empty())
            missing = key;
    };
    take("vocab_size", shape.vocabularySize);
    take("hidden_size", shape.hiddenSize);
    take("num_hidden_layers", shape.layers);
    take("num_attention_heads", shape.heads);
    take("num_key_value_heads", shape.keyValueHeads);
    take("intermediate_size", shape.intermediateSize);
    take("max_position_embeddings", shape.maxPositions);
    take("rope_theta", shape.ropeTheta);
    take("rms_norm_eps", shape.normEpsilon);
    take("tie_word_embeddings", shape.tiedEmbeddings);
    take("attention_bias", shape.qkvBias);
    if (!missing.empty()) return badInput("The model's shape has no usable " + missing + "; write the model again.");
    if (auto checked = checkShape(shape); !checked) return checked.error();
    return shape;
}

} // namespace gradus::models
