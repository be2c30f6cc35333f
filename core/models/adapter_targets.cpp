// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_targets_impl.h"

#include <algorithm>

namespace gradus::models {

bool isTarget(std::string_view module, const std::vector<std::string>& targets)
{
    return std::ranges::any_of(targets, [&](std::string_view target) {
        if (target.empty() || !module.ends_with(target)) return false;
        return module.size() == target.size() || module[module.size() - target.size() - 1] == '.';
    });
}

std::vector<std::string> modulesOf(const Decoder& decoder)
{
    constexpr std::string_view kBehind = ".weight";
    std::vector<std::string> all;
    for (const NamedTensor& named : decoder.named())
        if (named.tensor.dim() == 2 && named.name.find(".layers.") != std::string::npos &&
            named.name.ends_with(kBehind))
            all.push_back(named.name.substr(0, named.name.size() - kBehind.size()));
    return all;
}

std::vector<std::string> modulesAt(const Decoder& decoder, const std::vector<std::string>& targets)
{
    std::vector<std::string> all = modulesOf(decoder);
    std::erase_if(all, [&](const std::string& module) { return !isTarget(module, targets); });
    return all;
}

std::vector<std::string> usualTargets(const ModelShape& shape)
{
    if (shape.family == Family::NeoX) return {"query_key_value", "dense"};
    if (!shape.attends()) return {"o_proj"};
    return {"q_proj", "k_proj", "v_proj", "o_proj"};
}

} // namespace gradus::models
