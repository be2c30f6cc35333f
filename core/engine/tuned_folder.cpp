// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuned_folder_impl.h"

#include "base/files.h"
#include "models/folder_weights_impl.h"
#include "models/weights_impl.h"

#include <nlohmann/json.hpp>

#include <array>

namespace gradus::engine {

namespace {

using nlohmann::ordered_json;

constexpr std::array kTokenizerFiles{
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt",     "tokenizer.model",       "chat_template.jinja"};

Result<void> copyFile(const std::filesystem::path& from, const std::filesystem::path& to)
{
    std::error_code failure;
    if (!std::filesystem::is_regular_file(from, failure)) return {};
    const auto content = readFile(from);
    if (!content) return content.error();
    return writeFileAtomically(to / from.filename(), *content);
}

bool isLanguageHead(const std::string& name)
{
    return name == "lm_head.weight" || name == "embed_out.weight";
}

/// config.json with what tuning changed: the element type, and a sequence classifier's class, labels and padding.
/// classes: 0 for a language model, 1 for a reward model.
std::string tunedConfig(const std::string& config, const std::string& elementType, int classes)
{
    ordered_json json = ordered_json::parse(config); // it was read when the folder was opened
    json[json.contains("torch_dtype") ? "torch_dtype" : "dtype"] = elementType;
    if (classes == 0) return json.dump(2) + "\n";
    if (json.contains("architectures") && json["architectures"].is_array())
        for (ordered_json& name : json["architectures"]) {
            const std::string from = name.is_string() ? name.get<std::string>() : "";
            if (const auto at = from.rfind("ForCausalLM"); at != std::string::npos)
                name = from.substr(0, at) + "ForSequenceClassification";
        }
    json["id2label"] = ordered_json::object();
    json["label2id"] = ordered_json::object();
    for (int k = 0; k < classes; ++k) {
        const std::string label = "LABEL_" + std::to_string(k);
        json["id2label"][std::to_string(k)] = label;
        json["label2id"][label] = k;
    }
    json["problem_type"] = classes == 1 ? ordered_json(nullptr) : ordered_json("single_label_classification");
    // Without a padding token transformers reads no batch of several texts.
    if (!json.contains("pad_token_id") || json["pad_token_id"].is_null()) {
        const ordered_json end = json.value("eos_token_id", ordered_json(nullptr));
        json["pad_token_id"] = end.is_array() && !end.empty() ? end.front() : end;
    }
    return json.dump(2) + "\n";
}

Result<std::string> writeWhole(const FolderTuning& job, const models::ModelFolder& base, const models::Decoder& decoder,
                               const TaskHead* head)
{
    std::vector<models::NamedTensor> all = decoder.named();
    if (head != nullptr) {
        std::erase_if(all, [](const models::NamedTensor& named) { return isLanguageHead(named.name); });
        for (const models::NamedTensor& named : head->named())
            all.push_back({named.name, named.tensor.to(decoder.outputWeight().scalar_type())});
    }
    all = models::onHost(std::move(all));
    auto hash =
        models::writeSafetensors(job.output / "model.safetensors", models::borrowBytes(all), {{"format", "pt"}});
    if (!hash) return hash;
    const int classes = head == nullptr ? 0 : head->shape().kind == HeadKind::Compare ? 1 : head->shape().classes;
    const std::string type = job.precision == Precision::Brain16 ? "bfloat16" : "float32";
    if (auto written = writeFileAtomically(job.output / "config.json", tunedConfig(base.config, type, classes));
        !written)
        return written.error();
    return hash;
}

} // namespace

Result<std::string> writeTunedFolder(const FolderTuning& job, const models::ModelFolder& base, models::Decoder& decoder,
                                     const TaskHead* head, const models::AdapterOptions& adapter)
{
    if (auto made = makeFolder(job.output); !made) return made.error();
    for (const char* name : kTokenizerFiles)
        if (auto copied = copyFile(base.path / name, job.output); !copied) return copied.error();
    if (!decoder.device().is_cpu()) decoder.convert(at::kCPU, decoder.outputWeight().scalar_type());
    if (decoder.adapted() && !job.merge) {
        const auto extra = head == nullptr ? std::vector<models::NamedTensor>{} : models::onHost(head->named());
        std::error_code failure;
        const auto whole = std::filesystem::absolute(base.path, failure).lexically_normal();
        return models::saveAdapter(decoder, adapter, whole.string(), extra, head == nullptr ? "CAUSAL_LM" : "SEQ_CLS",
                                   job.output);
    }
    if (decoder.adapted()) decoder.mergeAdapters();
    if (head == nullptr)
        if (auto copied = copyFile(base.path / "generation_config.json", job.output); !copied) return copied.error();
    return writeWhole(job, base, decoder, head);
}

} // namespace gradus::engine
