// SPDX-License-Identifier: GPL-3.0-or-later
// A Hugging Face model folder as it lies on disk: config.json and one or several safetensors files.
#pragma once

#include "base/result.h"
#include "models/model_shape.h"
#include "models/safetensors.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::models {

/// An opened folder: headers are read and checked, weights are mapped and not yet touched. Movable; any number of
/// threads may read.
struct ModelFolder
{
    std::filesystem::path path;
    ModelShape shape;        ///< tiedEmbeddings also where the files have no separate head
    std::string config;      ///< config.json as it stands
    std::vector<int> endIds; ///< eos_token_id of generation_config.json, else of config.json; may be empty
    std::vector<SafetensorsFile> files;
};

/// Bad input, with file, place and cure: no folder, no config.json, an architecture we do not have, weights only as
/// pickled .bin files, an index that names a file outside the folder or one that is not there.
Result<ModelFolder> openModelFolder(const std::filesystem::path& path);

/// Opens and checks only config.json.
Result<ModelShape> readModelShape(const std::filesystem::path& path);

} // namespace gradus::models
