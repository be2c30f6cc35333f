// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hf_config.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <initializer_list>

namespace gradus::models {

namespace {

using Json = nlohmann::json;

/// Reads keys and keeps the first complaint.
class Reader final
{
public:
    Reader(const Json& config, const std::string& file) : m_config(config), m_file(visible(file, 400)) {}

    bool has(const char* key) const { return m_config.contains(key) && !m_config.at(key).is_null(); }

    int whole(const char* key)
    {
        if (!has(key)) return missing(key);
        const Json& value = m_config.at(key);
        const bool fits = value.is_number_integer() && value >= 0 && value <= (1 << 24);
        if (!fits) refuse(std::string(key) + " is not a whole number from 0 to 16,777,216; write the model again");
        return fits ? value.get<int>() : 0;
    }
    int wholeOr(const char* key, int otherwise) { return has(key) ? whole(key) : otherwise; }

    double number(const char* key, double otherwise)
    {
        if (!has(key)) return otherwise;
        const Json& value = m_config.at(key);
        if (!value.is_number()) refuse(std::string(key) + " is not a number; write the model again");
        return value.is_number() ? value.get<double>() : otherwise;
    }
    bool truth(const char* key, bool otherwise)
    {
        if (!has(key)) return otherwise;
        const Json& value = m_config.at(key);
        if (!value.is_boolean()) refuse(std::string(key) + " is neither true nor false; write the model again");
        return value.is_boolean() ? value.get<bool>() : otherwise;
    }
    std::string text(const char* key, const std::string& otherwise)
    {
        if (!has(key)) return otherwise;
        const Json& value = m_config.at(key);
        if (!value.is_string()) refuse(std::string(key) + " is not text; write the model again");
        return value.is_string() ? value.get<std::string>() : otherwise;
    }

    const Json& config() const { return m_config; }
    void refuse(const std::string& what)
    {
        if (m_complaint.empty()) m_complaint = m_file + ": " + what + ".";
    }
    void refuseFeature(const std::string& feature) { refuse(feature + " is not supported; use a model without it"); }
    const std::string& complaint() const { return m_complaint; }

private:
    int missing(const char* key)
    {
        refuse(std::string(key) + " is missing; fetch the model's config.json again");
        return 0;
    }

    const Json& m_config;
    std::string m_file;
    std::string m_complaint;
};

void readCommon(Reader& reader, ModelShape& shape)
{
    shape.vocabularySize = reader.whole("vocab_size");
    shape.hiddenSize = reader.whole("hidden_size");
    shape.layers = reader.whole("num_hidden_layers");
    shape.heads = reader.whole("num_attention_heads");
    shape.intermediateSize = reader.whole("intermediate_size");
    shape.maxPositions = reader.whole("max_position_embeddings");
    shape.tiedEmbeddings = reader.truth("tie_word_embeddings", false);
    if (reader.has("quantization_config")) reader.refuseFeature("A quantised model (quantization_config)");
    if (reader.number("attention_dropout", 0) > 0) reader.refuseFeature("attention_dropout above 0");
}

/// One object of rotary settings, which stands under that key; `reader` keeps what is wrong with it.
void readRopeObject(Reader& reader, ModelShape& shape, const Json& rope, const char* key)
{
    if (!rope.is_object()) return reader.refuse(std::string(key) + " is not an object; write the model again");
    Reader inner(rope, "");
    shape.ropeTheta = inner.number("rope_theta", shape.ropeTheta);
    shape.rotaryShare = inner.number("partial_rotary_factor", shape.rotaryShare);
    const std::string kind = inner.text("rope_type", inner.text("type", "default"));
    if (kind != "default") shape.ropeScaling.factor = inner.number("factor", 1);
    if (kind == "linear") {
        shape.ropeScaling.kind = RopeScaling::Kind::Linear;
    } else if (kind == "llama3") {
        shape.ropeScaling.kind = RopeScaling::Kind::Llama3;
        shape.ropeScaling.lowFrequencyFactor = inner.number("low_freq_factor", 1);
        shape.ropeScaling.highFrequencyFactor = inner.number("high_freq_factor", 4);
        shape.ropeScaling.originalPositions = inner.wholeOr("original_max_position_embeddings", 8192);
    } else if (kind != "default") {
        reader.refuseFeature("The rotary scaling \"" + visible(kind, 60) + "\"");
    }
    if (!inner.complaint().empty())
        reader.refuse(std::string(key) + " has a value of the wrong kind; write the model again");
}

/// Older files say rope_theta and rope_scaling, newer ones rope_parameters.
void readRope(Reader& reader, ModelShape& shape, const char* oldBase, double otherwise = 10000.0)
{
    shape.ropeTheta = reader.number(oldBase, otherwise);
    const char* key = reader.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
    if (reader.has(key)) readRopeObject(reader, shape, reader.config().at(key), key);
}

/// Gemma's layers of either kind have settings of their own in newer files.
void readGemmaRope(Reader& reader, ModelShape& shape)
{
    shape.localRopeTheta = reader.number("rope_local_base_freq", 10000.0);
    const char* const key = "rope_parameters";
    const Json* const rope = reader.has(key) ? &reader.config().at(key) : nullptr;
    if (rope == nullptr || !rope->is_object() ||
        (!rope->contains("full_attention") && !rope->contains("sliding_attention")))
        return readRope(reader, shape, "rope_theta", 1'000'000.0);
    shape.ropeTheta = 1'000'000.0;
    if (rope->contains("full_attention")) readRopeObject(reader, shape, rope->at("full_attention"), key);
    if (!rope->contains("sliding_attention")) return;
    ModelShape local;
    readRopeObject(reader, local, rope->at("sliding_attention"), key);
    shape.localRopeTheta = local.ropeTheta;
    if (local.ropeScaling != ModelShape().ropeScaling || local.rotaryShare != 1)
        reader.refuseFeature("A rotary scaling of sliding-window layers");
}

/// Which layers see a window: by name, or all but each so-manieth.
void readLocalLayers(Reader& reader, ModelShape& shape)
{
    const char* const key = "layer_types";
    if (!reader.has(key)) {
        const int pattern = reader.wholeOr("sliding_window_pattern", reader.wholeOr("_sliding_window_pattern", 6));
        if (pattern < 1) reader.refuse("sliding_window_pattern is 0; it counts layers from 1");
        for (int layer = 0; layer < shape.layers && pattern > 0; ++layer)
            shape.localLayers.push_back((layer + 1) % pattern != 0);
        return;
    }
    const Json& kinds = reader.config().at(key);
    if (!kinds.is_array() || kinds.size() != static_cast<std::size_t>(shape.layers))
        return reader.refuse("layer_types does not name the kind of each layer; write the model again");
    for (const Json& kind : kinds) {
        if (kind != "sliding_attention" && kind != "full_attention")
            return reader.refuseFeature("The layer type " + visible(kind.dump(), 60) + " (layer_types)");
        shape.localLayers.push_back(kind == "sliding_attention");
    }
}

void readGemma(Reader& reader, ModelShape& shape)
{
    shape.family = Family::Gemma;
    shape.tiedEmbeddings = reader.truth("tie_word_embeddings", true);
    shape.keyValueHeads = reader.wholeOr("num_key_value_heads", 4);
    shape.headDimension = reader.wholeOr("head_dim", 256);
    if (std::int64_t{shape.headDimension} * shape.heads == shape.hiddenSize) shape.headDimension = 0;
    shape.normEpsilon = reader.number("rms_norm_eps", 1e-6);
    shape.queryScalar = reader.number("query_pre_attn_scalar", 256);
    shape.slidingWindow = reader.wholeOr("sliding_window", 0);
    shape.qkNorm = true;
    shape.qkvBias = shape.outputBias = reader.truth("attention_bias", false);
    const std::string activation = reader.text("hidden_activation", "gelu_pytorch_tanh");
    if (activation != "gelu_pytorch_tanh")
        reader.refuseFeature("The activation \"" + visible(activation, 60) + "\" (hidden_activation)");
    for (const char* capped : {"attn_logit_softcapping", "final_logit_softcapping"})
        if (reader.has(capped)) reader.refuseFeature(std::string("A cap on logits (") + capped + ")");
    if (reader.truth("use_bidirectional_attention", false))
        reader.refuseFeature("Attention to later tokens (use_bidirectional_attention)");
    readGemmaRope(reader, shape);
    readLocalLayers(reader, shape);
}

void readLlamaLike(Reader& reader, ModelShape& shape)
{
    shape.family = Family::Llama;
    shape.keyValueHeads = reader.wholeOr("num_key_value_heads", shape.heads);
    shape.headDimension = reader.wholeOr("head_dim", 0);
    if (std::int64_t{shape.headDimension} * shape.heads == shape.hiddenSize) shape.headDimension = 0;
    shape.normEpsilon = reader.number("rms_norm_eps", 1e-6);
    const std::string activation = reader.text("hidden_act", "silu");
    if (activation != "silu") reader.refuseFeature("The activation \"" + visible(activation, 60) + "\" (hidden_act)");
    readRope(reader, shape, "rope_theta");

    const bool bias = reader.truth("attention_bias", false);
    shape.qkvBias = shape.modelType == "qwen2" || bias;
    shape.outputBias = shape.modelType != "qwen2" && bias;
    shape.qkNorm = shape.modelType == "qwen3";
    if (reader.truth("mlp_bias", false)) reader.refuseFeature("A bias in the feed-forward layers (mlp_bias)");
    if (shape.modelType == "mistral") shape.slidingWindow = reader.wholeOr("sliding_window", 0);
    if (reader.truth("use_sliding_window", false))
        reader.refuseFeature("Sliding-window attention (use_sliding_window)");
}

void readNeox(Reader& reader, ModelShape& shape)
{
    shape.family = Family::NeoX;
    shape.keyValueHeads = shape.heads;
    shape.normEpsilon = reader.number("layer_norm_eps", 1e-5);
    shape.rotaryShare = reader.number("rotary_pct", 0.25);
    readRope(reader, shape, "rotary_emb_base");
    shape.parallelResidual = reader.truth("use_parallel_residual", true);
    shape.qkvBias = shape.outputBias = reader.truth("attention_bias", true);
    shape.activation = reader.text("hidden_act", "gelu");
    for (const char* known : {"gelu", "gelu_new", "relu"})
        if (shape.activation == known) return;
    reader.refuseFeature("The activation \"" + visible(shape.activation, 60) + "\" (hidden_act)");
}

/// What is to be said of rotary positions beside their base; empty: nothing.
Json ropeOf(const ModelShape& shape)
{
    Json rope = Json::object();
    const RopeScaling& scaling = shape.ropeScaling;
    if (scaling.kind == RopeScaling::Kind::Linear) rope = {{"rope_type", "linear"}, {"factor", scaling.factor}};
    if (scaling.kind == RopeScaling::Kind::Llama3)
        rope = {{"rope_type", "llama3"},
                {"factor", scaling.factor},
                {"low_freq_factor", scaling.lowFrequencyFactor},
                {"high_freq_factor", scaling.highFrequencyFactor},
                {"original_max_position_embeddings", scaling.originalPositions}};
    return rope;
}

/// What a Gemma says beside the keys of a Llama; rope as ropeOf() gives it.
void addGemma(const ModelShape& shape, Json rope, Json& json)
{
    json.erase("hidden_act");
    json["hidden_activation"] = "gelu_pytorch_tanh";
    json["query_pre_attn_scalar"] = shape.queryScalar > 0 ? shape.queryScalar : shape.headSize();
    json["rope_local_base_freq"] = shape.localRopeTheta;
    json["sliding_window"] = shape.slidingWindow > 0 ? Json(shape.slidingWindow) : Json();
    json["layer_types"] = Json::array();
    for (const bool local : shape.localLayers)
        json["layer_types"].push_back(local ? "sliding_attention" : "full_attention");
    if (!rope.empty()) json["rope_scaling"] = std::move(rope);
}

/// The house's own architectures: a rung's shape, whatever the file says of heads.
ModelShape withoutAttention(const ModelShape& read)
{
    const Family family = read.modelType == "gradus_recurrent" ? Family::Recurrent : Family::Convolutional;
    ModelShape shape = rungShape(read.hiddenSize, read.layers, read.vocabularySize, read.maxPositions, family);
    shape.intermediateSize = read.intermediateSize;
    shape.tiedEmbeddings = read.tiedEmbeddings;
    shape.normEpsilon = read.normEpsilon;
    return shape;
}

} // namespace

Result<ModelShape> shapeFromConfig(const std::string& json, const std::string& file)
{
    const Json config = Json::parse(json, nullptr, false);
    if (!config.is_object())
        return badInput(visible(file, 400) + " is not a JSON object; fetch the model's config.json again.");
    Reader reader(config, file);
    ModelShape shape;
    shape.modelType = reader.text("model_type", "");
    const bool ours = shape.modelType == "gradus_recurrent" || shape.modelType == "gradus_convolutional";
    const bool llama = ours || shape.modelType == "qwen2" || shape.modelType == "qwen3" || shape.modelType == "llama" ||
                       shape.modelType == "mistral";
    const bool gemma = shape.modelType == "gemma3_text";
    if (shape.modelType == "gemma3")
        return badInput(visible(file, 400) + ": a Gemma 3 with images (model_type gemma3) is not supported; use a text "
                                             "model of the family, of 270M or 1B (gemma3_text).");
    if (!llama && !gemma && shape.modelType != "gpt_neox")
        return badInput(visible(file, 400) + ": the architecture \"" + visible(shape.modelType, 60) +
                        "\" (model_type) is not supported; use qwen2, qwen3, llama, mistral, gemma3_text or gpt_neox.");
    readCommon(reader, shape);
    if (llama)
        readLlamaLike(reader, shape);
    else if (gemma)
        readGemma(reader, shape);
    else
        readNeox(reader, shape);
    if (ours) shape = withoutAttention(shape);
    if (!reader.complaint().empty()) return badInput(reader.complaint());
    if (auto checked = checkShape(shape); !checked)
        return badInput(visible(file, 400) + ": " + checked.error().message);
    return shape;
}

std::string configOf(const ModelShape& shape)
{
    const bool neox = shape.family == Family::NeoX;
    const bool gemma = shape.family == Family::Gemma;
    const std::string architecture = shape.modelType == "qwen2"     ? "Qwen2ForCausalLM"
                                     : shape.modelType == "qwen3"   ? "Qwen3ForCausalLM"
                                     : shape.modelType == "mistral" ? "MistralForCausalLM"
                                     : gemma                        ? "Gemma3ForCausalLM"
                                     : neox                         ? "GPTNeoXForCausalLM"
                                     : !shape.attends()             ? "GradusForCausalLM"
                                                                    : "LlamaForCausalLM";
    Json json{{"architectures", {architecture}},
              {"model_type", shape.modelType},
              {"vocab_size", shape.vocabularySize},
              {"hidden_size", shape.hiddenSize},
              {"num_hidden_layers", shape.layers},
              {"num_attention_heads", shape.heads},
              {"intermediate_size", shape.intermediateSize},
              {"max_position_embeddings", shape.maxPositions},
              {"tie_word_embeddings", shape.tiedEmbeddings},
              {"attention_bias", shape.modelType == "qwen2" ? shape.qkvBias : shape.outputBias},
              {"torch_dtype", "float32"}};
    Json rope = ropeOf(shape);
    if (neox) {
        json.update({{"layer_norm_eps", shape.normEpsilon},
                     {"rotary_pct", shape.rotaryShare},
                     {"rotary_emb_base", shape.ropeTheta},
                     {"use_parallel_residual", shape.parallelResidual},
                     {"hidden_act", shape.activation}});
        if (!rope.empty()) json["rope_scaling"] = rope;
        return json.dump(2);
    }
    json.update({{"num_key_value_heads", shape.keyValueHeads},
                 {"head_dim", shape.headSize()},
                 {"rms_norm_eps", shape.normEpsilon},
                 {"rope_theta", shape.ropeTheta},
                 {"hidden_act", "silu"}});
    if (gemma) {
        addGemma(shape, rope, json);
        return json.dump(2);
    }
    if (shape.modelType == "mistral")
        json["sliding_window"] = shape.slidingWindow > 0 ? Json(shape.slidingWindow) : Json();
    if (shape.rotaryShare != 1) { // which has no place beside the older key
        if (rope.empty()) rope["rope_type"] = "default";
        rope["rope_theta"] = shape.ropeTheta;
        rope["partial_rotary_factor"] = shape.rotaryShare;
        json["rope_parameters"] = rope;
    } else if (!rope.empty()) {
        json["rope_scaling"] = rope;
    }
    return json.dump(2);
}

} // namespace gradus::models
