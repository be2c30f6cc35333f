// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_folder_impl.h"

#include "base/files.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "models/weights_impl.h"

#include <nlohmann/json.hpp>

#include <array>

namespace gradus::models {

namespace {

using nlohmann::json;

/// Features that change the numbers, and the value under which they do not.
Result<void> checkPlain(const json& config, const std::string& where)
{
    if (config.value("peft_type", "") != "LORA")
        return badInput(where + " does not describe a LoRA adapter; use an adapter with peft_type LORA.");
    for (const char* key : {"use_dora", "use_rslora", "use_qalora", "use_bdlora", "lora_bias", "fan_in_fan_out"})
        if (const auto found = config.find(key); found != config.end() && *found != json(false) && !found->is_null())
            return badInput(where + " asks for " + key + ", which is not there; make the adapter without it.");
    for (const char* key : {"rank_pattern", "alpha_pattern", "layers_to_transform", "layer_replication",
                            "target_parameters", "trainable_token_indices"})
        if (const auto found = config.find(key); found != config.end() && !found->is_null() && !found->empty())
            return badInput(where + " asks for " + key + ", which is not there; make the adapter without it.");
    if (config.value("bias", "none") != "none")
        return badInput(where + " tunes biases, which is not there; make the adapter with bias none.");
    return {};
}

} // namespace

Result<AdapterFolder> openAdapterFolder(const std::filesystem::path& path)
{
    const std::string where = (path / "adapter_config.json").string();
    const auto text = readFile(path / "adapter_config.json", std::size_t{1} << 20);
    if (!text) return text.error();
    const json config = isJsonDeeper(*text) ? json() : json::parse(*text, nullptr, false);
    if (!config.is_object()) return badInput(where + " is not a JSON object; save the adapter again.");
    AdapterOptions options;
    try {
        if (auto checked = checkPlain(config, where); !checked) return checked.error();
        options.rank = config.at("r").get<int>();
        options.alpha = config.at("lora_alpha").get<double>();
        options.targets = config.at("target_modules").get<std::vector<std::string>>();
        // Within what a float holds: the update is scaled by alpha / rank.
        if (options.rank < 1 || options.rank > 4096 || !(options.alpha > 0 && options.alpha <= 1e6))
            return badInput(
                where + " states r = " + std::to_string(options.rank) +
                " and lora_alpha = " + numberText(options.alpha) +
                ": a rank is 1 to 4096 and an alpha above 0 and at most 1,000,000; save the adapter again.");
    } catch (const json::exception&) {
        return badInput(where +
                        " lacks r, lora_alpha or a list of target_modules, or has one of another kind; save the "
                        "adapter again.");
    }
    auto file = SafetensorsFile::open(path / "adapter_model.safetensors");
    if (!file) return file.error();
    return AdapterFolder{.options = std::move(options), .file = std::move(*file)};
}

Result<void> attachAdapter(Decoder& decoder, const AdapterFolder& folder, const std::vector<NamedTensor>& extra)
{
    if (auto attached = decoder.attachAdapters(folder.options); !attached) return attached;
    std::vector<NamedTensor> named = decoder.adapters();
    named.insert(named.end(), extra.begin(), extra.end());
    if (folder.file.header().tensors.size() != named.size())
        return badInput(folder.file.path().string() + " holds " + std::to_string(folder.file.header().tensors.size()) +
                        " tensors where this model has places for " + std::to_string(named.size()) +
                        "; use the model that the adapter was made for.");
    return loadWeights(folder.file, named);
}

} // namespace gradus::models
