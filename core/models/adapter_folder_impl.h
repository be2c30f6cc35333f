// SPDX-License-Identifier: GPL-3.0-or-later
// A LoRA adapter's folder as PEFT writes it, read back.
#pragma once

#include "base/result.h"
#include "models/decoder_impl.h"
#include "models/safetensors.h"

#include <filesystem>
#include <vector>

namespace gradus::models {

struct AdapterFolder
{
    AdapterOptions options; ///< seed is not kept in a folder
    SafetensorsFile file;
};

/// Bad input: no adapter_config.json or none that adapterFromConfig takes, or no sound file of weights beside it.
Result<AdapterFolder> openAdapterFolder(const std::filesystem::path& path);

/// Gives the decoder the adapter's matrices, on the host, and fills them and `extra` (under the names of the file).
/// Where they stand is what the file says: patterns, layers and exclusions of the configuration led PEFT to these
/// modules. Returns how it is attached, its targets in the configuration's words where these reach the same. Bad input:
/// a tensor that has no place in this model, which is named, or one that is not there.
Result<AdapterOptions> attachAdapter(Decoder& decoder, const AdapterFolder& folder,
                                     const std::vector<NamedTensor>& extra);

} // namespace gradus::models
