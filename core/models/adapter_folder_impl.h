// SPDX-License-Identifier: GPL-3.0-or-later
// A LoRA adapter's folder as PEFT writes it, read back.
#pragma once

#include "base/result.h"
#include "models/decoder_impl.h"
#include "models/safetensors.h"

#include <filesystem>

namespace gradus::models {

struct AdapterFolder
{
    AdapterOptions options; ///< seed is not kept in a folder
    SafetensorsFile file;
};

/// Bad input: no adapter_config.json, another kind of adapter than LoRA, and what would change the numbers and we do
/// not have (biases, DoRA, rank-stabilised scaling, ranks or alphas of their own for some modules, modules by pattern).
Result<AdapterFolder> openAdapterFolder(const std::filesystem::path& path);

} // namespace gradus::models
