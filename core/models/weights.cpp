// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/weights_impl.h"

#include "base/rng.h"
#include "base/text.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace gradus::models {

void fillNormal(const NamedTensor& parameter, std::uint64_t seed, double deviation)
{
    Rng rng(seed, "init/" + parameter.name);
    float* values = parameter.tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < parameter.tensor.numel(); ++i)
        values[i] = static_cast<float>(deviation * rng.normal());
}

namespace {

/// Where a tensor lies.
struct Found
{
    const SafetensorsFile* file = nullptr;
    const TensorEntry* entry = nullptr;
};

std::string sizesText(at::IntArrayRef sizes)
{
    std::string text;
    for (const std::int64_t size : sizes)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text.empty() ? "one number" : text;
}

Result<Found> find(std::span<const SafetensorsFile> files, const NamedTensor& target)
{
    Found found;
    for (const SafetensorsFile& file : files) {
        const TensorEntry* entry = file.find(target.name);
        if (entry == nullptr) continue;
        if (found.entry != nullptr)
            return badInput("Tensor " + target.name + " lies in " + found.file->path().string() + " and in " +
                            file.path().string() + "; keep one of the two files.");
        found = {&file, entry};
    }
    if (found.entry == nullptr)
        return badInput((files.empty() ? std::string("The model") : files.front().path().string()) + " has no tensor " +
                        target.name + "; it belongs to another kind of model.");
    if (!isRead(found.entry->type))
        return badInput("Tensor " + target.name + " of " + found.file->path().string() + " holds " +
                        std::string(nameOf(found.entry->type)) +
                        " elements, and only F32, F16 and BF16 are read; convert the model to one of these.");
    if (target.tensor.sizes() != at::IntArrayRef(found.entry->shape))
        return badInput("Tensor " + target.name + " of " + found.file->path().string() + " is " +
                        sizesText(found.entry->shape) + " and the model's is " + sizesText(target.tensor.sizes()) +
                        "; check that config.json, or the rung's width, layers and vocabulary, belong to this file.");
    return found;
}

} // namespace

Result<void> loadWeights(std::span<const SafetensorsFile> files, const std::vector<NamedTensor>& into)
{
    std::vector<Found> all;
    for (const NamedTensor& target : into) {
        const auto found = find(files, target);
        if (!found) return found.error();
        all.push_back(*found);
    }
    const at::NoGradGuard noGrad;
    constexpr at::ScalarType kTypes[] = {at::kFloat, at::kHalf, at::kBFloat16};
    for (std::size_t i = 0; i < into.size(); ++i) {
        const std::span<const std::byte> bytes = all[i].file->bytes(*all[i].entry);
        if (bytes.empty()) continue;
        at::Tensor target = into[i].tensor;
        // Copied, not borrowed: training writes into the weights, and the file may go away. The mapping is aligned to
        // the elements (the header was checked), so it can be read as a tensor.
        const at::Tensor mapped =
            at::from_blob(const_cast<std::byte*>(bytes.data()), target.sizes(),
                          at::TensorOptions().dtype(kTypes[static_cast<int>(all[i].entry->type)]));
        target.copy_(mapped);
        all[i].file->release(*all[i].entry);
    }
    return {};
}

Result<void> loadWeights(const SafetensorsFile& file, const std::vector<NamedTensor>& into)
{
    return loadWeights(std::span(&file, 1), into);
}

std::vector<NamedTensor> onHost(std::vector<NamedTensor> tensors)
{
    for (NamedTensor& named : tensors)
        named.tensor = named.tensor.detach().to(at::kCPU).contiguous();
    return tensors;
}

std::vector<TensorBytes> borrowBytes(const std::vector<NamedTensor>& tensors)
{
    const auto typeOf = [](at::ScalarType type) {
        return type == at::kHalf ? ElementType::F16 : type == at::kBFloat16 ? ElementType::BF16 : ElementType::F32;
    };
    std::vector<TensorBytes> all;
    for (const NamedTensor& named : tensors) {
        if (!named.tensor.is_cpu() || !named.tensor.is_contiguous())
            throw std::logic_error("the bytes of " + named.name + " do not lie on the host in one piece");
        all.push_back({.name = named.name,
                       .type = typeOf(named.tensor.scalar_type()),
                       .shape = named.tensor.sizes().vec(),
                       .bytes = {static_cast<const std::byte*>(named.tensor.const_data_ptr()), named.tensor.nbytes()}});
    }
    return all;
}

namespace {

/// Keys that only loaded models need: left out where they say what the house's own rungs are.
void addWhatDiffers(nlohmann::json& json, const ModelShape& shape)
{
    const ModelShape usual;
    const auto add = [&json](const char* key, const auto& value, const auto& same) {
        if (value != same) json[key] = value;
    };
    add("model_type", shape.modelType, usual.modelType);
    add("neox", shape.family == Family::NeoX, false);
    add("gemma", shape.family == Family::Gemma, false);
    add("architecture", std::string(architectureOf(shape.family)), std::string(architectureOf(usual.family)));
    add("head_dim", shape.headDimension, usual.headDimension);
    add("rotary_pct", shape.rotaryShare, usual.rotaryShare);
    add("output_bias", shape.outputBias, usual.outputBias);
    add("qk_norm", shape.qkNorm, usual.qkNorm);
    add("sliding_window", shape.slidingWindow, usual.slidingWindow);
    add("local_layers", shape.localLayers, usual.localLayers);
    add("rope_local_base_freq", shape.localRopeTheta, usual.localRopeTheta);
    add("query_pre_attn_scalar", shape.queryScalar, usual.queryScalar);
    add("use_parallel_residual", shape.parallelResidual, usual.parallelResidual);
    add("hidden_act", shape.activation, usual.activation);
    if (shape.ropeScaling == usual.ropeScaling) return;
    json["rope_scaling"] = {{"kind", static_cast<int>(shape.ropeScaling.kind)},
                            {"factor", shape.ropeScaling.factor},
                            {"low_freq_factor", shape.ropeScaling.lowFrequencyFactor},
                            {"high_freq_factor", shape.ropeScaling.highFrequencyFactor},
                            {"original_max_position_embeddings", shape.ropeScaling.originalPositions}};
}

/// May throw what the JSON library throws when a value has another type.
Result<void> takeWhatDiffers(const nlohmann::json& json, ModelShape& shape)
{
    shape.modelType = json.value("model_type", shape.modelType);
    shape.family = json.value("neox", false)    ? Family::NeoX
                   : json.value("gemma", false) ? Family::Gemma
                                                : Family::Llama;
    if (json.contains("architecture")) {
        const auto family = familyOf(json.at("architecture").get<std::string>());
        if (!family) return family.error();
        shape.family = *family;
    }
    shape.headDimension = json.value("head_dim", shape.headDimension);
    shape.rotaryShare = json.value("rotary_pct", shape.rotaryShare);
    shape.outputBias = json.value("output_bias", shape.outputBias);
    shape.qkNorm = json.value("qk_norm", shape.qkNorm);
    shape.slidingWindow = json.value("sliding_window", shape.slidingWindow);
    shape.localLayers = json.value("local_layers", shape.localLayers);
    shape.localRopeTheta = json.value("rope_local_base_freq", shape.localRopeTheta);
    shape.queryScalar = json.value("query_pre_attn_scalar", shape.queryScalar);
    shape.parallelResidual = json.value("use_parallel_residual", shape.parallelResidual);
    shape.activation = json.value("hidden_act", shape.activation);
    if (!json.contains("rope_scaling")) return {};
    const nlohmann::json& scaling = json.at("rope_scaling");
    shape.ropeScaling = {.kind =
                             scaling.at("kind").get<int>() == 1 ? RopeScaling::Kind::Linear : RopeScaling::Kind::Llama3,
                         .factor = scaling.at("factor").get<double>(),
                         .lowFrequencyFactor = scaling.at("low_freq_factor").get<double>(),
                         .highFrequencyFactor = scaling.at("high_freq_factor").get<double>(),
                         .originalPositions = scaling.at("original_max_position_embeddings").get<int>()};
    return {};
}

} // namespace

std::string shapeToJson(const ModelShape& shape)
{
    nlohmann::json json{{"vocab_size", shape.vocabularySize},
                        {"hidden_size", shape.hiddenSize},
                        {"num_hidden_layers", shape.layers},
                        {"num_attention_heads", shape.heads},
                        {"num_key_value_heads", shape.keyValueHeads},
                        {"intermediate_size", shape.intermediateSize},
                        {"max_position_embeddings", shape.maxPositions},
                        {"rope_theta", shape.ropeTheta},
                        {"rms_norm_eps", shape.normEpsilon},
                        {"tie_word_embeddings", shape.tiedEmbeddings},
                        {"attention_bias", shape.qkvBias}};
    addWhatDiffers(json, shape);
    return json.dump();
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
    try {
        if (auto taken = takeWhatDiffers(config, shape); !taken) return taken.error();
    } catch (const nlohmann::json::exception&) {
        return badInput("The model's shape has a value of the wrong kind; write the model again.");
    }
    if (auto checked = checkShape(shape); !checked) return checked.error();
    return shape;
}

} // namespace gradus::models
