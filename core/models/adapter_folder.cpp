// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_folder_impl.h"

#include "base/files.h"
#include "base/json_depth.h"

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
    } catch (const json::exception&) {
        return badInput(where +
                        " lacks r, lora_alpha or a list of target_modules, or has one of another kind; save the "
                        "adapter again.");
    }
    auto file = SafetensorsFile::open(path / "adapter_model.safetensors");
    if (!file) return file.error();
    return AdapterFolder{.options = std::move(options), .file = std::move(*file)};
}

} // namespace gradus::models
