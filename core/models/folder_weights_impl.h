// SPDX-License-Identifier: GPL-3.0-or-later
// Between a decoder and the files that other programs know: model folders, and adapters as PEFT keeps them.
#pragma once

#include "models/decoder_impl.h"
#include "models/model_folder.h"

#include <filesystem>
#include <string>

namespace gradus::models {

/// The folder's weights in a decoder of its shape, where and in the type that are asked for; mapped pages are given
/// back as they are read, and a GPU is filled from them directly. Bad input: a tensor is missing or has another shape,
/// or one is left over that the architecture has no place for. Memory is taken only for what the files can fill. extra:
/// names that the caller reads by itself.
Result<Decoder> loadDecoder(const ModelFolder& folder, const std::vector<std::string>& extra = {},
                            const at::TensorOptions& options = at::TensorOptions(at::kFloat).device(at::kCPU));

/// The folder's model for reading alone, in numbers of single precision: on the CPU, matrices that the files hold in
/// bfloat16 stay so (Decoder::placeToRead). Bad input as loadDecoder.
Result<Decoder> loadReader(const ModelFolder& folder, at::Device device);

/// Writes model.safetensors and config.json (config as given, or one made from the shape) into the folder, each
/// complete or absent. Returns the SHA-256 of the weights.
Result<std::string> saveModelFolder(const Decoder& decoder, const std::string& config,
                                    const std::filesystem::path& folder);

/// Writes adapter_model.safetensors and adapter_config.json as PEFT opens them. taskType: "CAUSAL_LM" or "SEQ_CLS";
/// extra tensors (a task's head) go under "base_model.model." + name. Returns the SHA-256 of the weights.
Result<std::string> saveAdapter(const Decoder& decoder, const AdapterOptions& options, const std::string& baseModel,
                                const std::vector<NamedTensor>& extra, const std::string& taskType,
                                const std::filesystem::path& folder);

} // namespace gradus::models
