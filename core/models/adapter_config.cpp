// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_config.h"

#include "base/json_depth.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::models {

namespace {

using Json = nlohmann::json;

/// Settings that say nothing of the numbers an adapter's weights give, or that are read one by one below.
constexpr const char* kHarmless[] = {"auto_mapping",
                                     "base_model_name_or_path",
                                     "bias",
                                     "corda_config",
                                     "ensure_weight_tying",
                                     "eva_config",
                                     "exclude_modules",
                                     "inference_mode",
                                     "init_lora_weights",
                                     "layers_pattern",
                                     "layers_to_transform",
                                     "loftq_config",
                                     "lora_alpha",
                                     "lora_dropout",
                                     "lora_ga_config",
                                     "megatron_config",
                                     "megatron_core",
                                     "modules_to_save",
                                     "peft_type",
                                     "peft_version",
                                     "qalora_group_size",
                                     "r",
                                     "revision",
                                     "runtime_config",
                                     "target_modules",
                                     "task_type"};

bool isOff(const Json& value)
{
    return value.is_null() || value == Json(false) || (value.is_structured() && value.empty());
}

/// How the adapter began: where it took its share out of the model's own weights, they are no longer those of the
/// folder.
bool keepsTheModel(const Json& beginning)
{
    if (beginning.is_null() || beginning.is_boolean()) return true;
    return beginning == "gaussian" || beginning == "eva" || beginning == "orthogonal";
}

/// What an adapter asks for beyond LoRA, or nothing.
std::string beyondLora(const Json& config)
{
    for (const auto& [key, value] : config.items())
        if (std::ranges::find(kHarmless, key) == std::end(kHarmless) && !isOff(value)) return visible(key, 60);
    if (config.contains("bias") && config["bias"] != "none" && !isOff(config["bias"])) return "tuned biases";
    if (config.contains("init_lora_weights") && !keepsTheModel(config["init_lora_weights"]))
        return "init_lora_weights " + visible(config["init_lora_weights"].dump(), 60);
    return {};
}

const Json& at(const Json& config, const char* key)
{
    static const Json none;
    const auto found = config.find(key);
    return found == config.end() ? none : *found;
}

} // namespace

Result<AdapterOptions> adapterFromConfig(const std::string& text, const std::string& file)
{
    const std::string where = visible(file, 400);
    const Json config = isJsonDeeper(text) ? Json() : Json::parse(text, nullptr, false);
    if (!config.is_object()) return badInput(where + " is not a JSON object; save the adapter again.");
    if (at(config, "peft_type") != "LORA")
        return badInput(where + " does not describe a LoRA adapter; use an adapter with peft_type LORA.");
    if (const std::string more = beyondLora(config); !more.empty())
        return badInput(where + " asks for " + more + ", which is not supported; make the adapter without it.");
    const Json& rank = at(config, "r");
    const Json& alpha = at(config, "lora_alpha");
    const Json& targets = at(config, "target_modules");
    const auto isText = [](const Json& target) { return target.is_string(); };
    const bool listed = targets.is_array() && std::ranges::all_of(targets, isText);
    if (!rank.is_number_integer() || !alpha.is_number() || !(listed || targets.is_string()))
        return badInput(where +
                        " lacks r, lora_alpha or target_modules (a list or a pattern), or has one of another kind; "
                        "save the adapter again.");
    // Within what a float holds: the update is scaled by alpha / rank.
    if (!(rank >= 1 && rank <= 4096) || !(alpha.get<double>() > 0 && alpha.get<double>() <= 1e6))
        return badInput(where + " states r = " + rank.dump() + " and lora_alpha = " + alpha.dump() +
                        ": a rank is 1 to 4096 and an alpha above 0 and at most 1,000,000; save the adapter again.");
    return AdapterOptions{.rank = rank.get<int>(),
                          .alpha = alpha.get<double>(),
                          .targets = listed ? targets.get<std::vector<std::string>>() : std::vector<std::string>()};
}

std::string adapterConfigOf(const AdapterOptions& options, const std::string& baseModel, const std::string& taskType,
                            bool hasHead)
{
    Json json{{"peft_type", "LORA"},
              {"task_type", taskType},
              {"base_model_name_or_path", baseModel},
              {"r", options.rank},
              {"lora_alpha", options.alpha},
              {"lora_dropout", 0.0},
              {"bias", "none"},
              {"fan_in_fan_out", false},
              {"inference_mode", true},
              {"init_lora_weights", true},
              {"target_modules", options.targets}};
    if (hasHead) json["modules_to_save"] = {"score"};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace gradus::models
