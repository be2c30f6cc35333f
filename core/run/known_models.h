// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders that lie on this machine: those of the workspace and those that other programs downloaded.
#pragma once

#include "base/result.h"
#include "models/model_shape.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

/// A folder with a config.json. Only headers are read: no weights are touched.
struct KnownModel
{
    std::filesystem::path folder;
    std::string name;         ///< "Qwen/Qwen2.5-0.5B" of a download, else the folder's; untrusted
    std::string place;        ///< "workspace" | "download" | "given"
    std::string architecture; ///< config.json's architectures[0], or its model_type; untrusted
    std::int64_t parameters = 0;
    std::uint64_t bytes = 0; ///< of the weights' files
    int positions = 0;       ///< longest sequence
    bool hasTokenizer = false;
    bool hasChatTemplate = false;
    bool scores = false; ///< has score.weight: a reward model or a classifier
    std::string fault;   ///< why it cannot be a rung; empty: it can
};

/// $HF_HUB_CACHE, else $HF_HOME/hub, else ~/.cache/huggingface/hub: where Hugging Face's programs keep downloads.
std::filesystem::path downloadsFolder();

/// `models`: the workspace's folder of models; downloads: as above; more: folders, or folders of folders. Ordered by
/// parameters. What cannot be read is listed with its fault; folders that are not there are passed over.
std::vector<KnownModel> knownModels(const std::filesystem::path& models, const std::filesystem::path& downloads,
                                    const std::vector<std::filesystem::path>& more);

struct ModelImport
{
    std::string model;            ///< a folder, or a download's name ("Qwen/Qwen2.5-0.5B")
    std::filesystem::path models; ///< the workspace's folder of models
    std::string name;             ///< under which it is kept; empty: its own, a slash becomes "--"
    bool copy = false;            ///< else a link to where it lies
};

/// Where it then lies. Bad input: no such folder or download, one that cannot be a rung (an architecture we do not
/// have, damaged files, no tokenizer), a name that is taken or is no plain name. A copy is complete or absent.
Result<KnownModel> importModel(const ModelImport& request);

} // namespace gradus::run
