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
    int storedLayers = 0;    ///< in the files; more than shape has where only the first ones are wanted
    std::string config;      ///< config.json as it stands
    std::vector<int> endIds; ///< eos_token_id of generation_config.json, else of config.json; may be empty
    std::vector<SafetensorsFile> files;
};

/// Bad input, with file, place and cure: no folder, no config.json, an architecture we do not have, weights only as
/// pickled .bin files, an index that names a file outside the folder or one that is not there.
Result<ModelFolder> openModelFolder(const std::filesystem::path& path);

/// Names what the folder says: SHA-256 over its configuration and the hashes of its files.
Result<std::string> contentHash(const ModelFolder& folder);
/// Whether its files keep every matrix in bfloat16, which a reader on a CPU leaves as it is.
bool matricesAreNarrow(const ModelFolder& folder);

/// Opens and checks only config.json.
Result<ModelShape> readModelShape(const std::filesystem::path& path);

/// The shape with its first so many layers alone; 0: all of them. Bad input: as many as it has, or more.
Result<ModelShape> withLayers(ModelShape shape, int layers, const std::filesystem::path& path);
/// The same of an opened folder: its shape and configuration are those of the shorter model then, and its files keep
/// layers that nobody reads. The final norm and the head stay the folder's own.
Result<ModelFolder> withLayers(ModelFolder folder, int layers);

} // namespace gradus::models
